"""Lend things, take them back one by one, declare them lost; a loan closes from its own lines."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, select

from refurb.directory.agenda.days import SiteDays
from refurb.documents.models import PaperKind
from refurb.documents.signatures import SignatureVoid, keep_drawing
from refurb.documents.signing import prepare, sign
from refurb.kernel.deeds.access import Actor, Permission, check, done_at
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock, lock_once
from refurb.kernel.speech.clock import local, now, today, zone
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.lending.claims.facts import days_kept
from refurb.lending.claims.pools import hold_for
from refurb.lending.debts.actions import keep_photos, note_loss, note_return, settle_brought, settle_found, withdraw_return
from refurb.lending.guarantees.rules import may_leave
from refurb.lending.handing import chosen_stop
from refurb.lending.items.actions import needs_no_check, refuse_if_out
from refurb.lending.items.pieces import complete_all, count_back, count_out, undo_count_back
from refurb.lending.items.rules import (
    NotAvailable,
    NotBack,
    NothingDamaged,
    NothingMissing,
    NotOut,
    SomethingDamaged,
    SomethingMissing,
    every_component_is_counted,
    refuse_without_indispensable,
)
from refurb.lending.items.states import item_machine
from refurb.lending.loans.closed_days import move_if_closed_since
from refurb.lending.loans.pdf import agreement
from refurb.lending.loans.rules import (
    GoneSince,
    ItemTwice,
    NoItemScanned,
    NotSigned,
    TooMany,
    TwoPlaces,
    done_near,
    due_day_is_open,
    given_back_at,
)
from refurb.lending.loans.states import loan_machine
from refurb.lending.models import Borrower, ComponentCount, Item, Loan, LoanLine
from refurb.lending.queries import last_line, line_out
from refurb.lending.suspensions.rules import is_not_suspended
from refurb.lending.terms import LoanPolicy, loan_policy, travels
from refurb.lending.words import NOTE_BACK, ComponentState, ItemState, LoanState

MAIL_AGREEMENT = "mail_agreement"


@dataclass(frozen=True)
class Departure:
    """One item that leaves: what was counted of it, and until when; where none is told, the day of its reservation, else the policy's.

    `override` is why it leaves although a reservation needs it.
    """

    item: Item
    counts: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    due_on: date | None = None
    override: str | None = None


def refuse_unavailable(item: Item) -> None:
    """Say why an item cannot go out now: it is out, or it is here and not to be lent as it stands."""
    refuse_if_out(item)
    if item.state is not ItemState.AVAILABLE:
        raise NotAvailable(name=item.name, state=item_machine.looks[item.state].word)


def lend(
    actor: Actor,
    borrower: Borrower,
    lines: Sequence[Departure],
    *,
    signature: bytes | None = None,
    on_paper: bool = False,
    counted_at_once: bool = False,
    signed_for: Mapping[str, Any] | None = None,
    override: str | None = None,
    despite_suspension: str | None = None,
    handover_id: int | None = None,
) -> Loan:
    """Let a borrower take things away: every component counted, the day of return agreed, the agreement prepared.

    Signed on the screen, the agreement is issued at once; on paper, the loan is « prêté, à signer » until `sign_loan`. `signed_for` is what
    the borrower had before the eyes when the signature was drawn (`schemas.SignedFor`), where the door tells it: a change voids it.
    A thing that its borrower reserved leaves by that reservation; one that another's reservation needs stays here, unless `override` says
    why it leaves all the same.
    Whose loans are suspended gets nothing, unless `despite_suspension` says why, where the policy allows it.
    With `handover_id` it is brought back at that stop, on a day of its passages.
    All or nothing: one item that cannot leave keeps the others here too. A second loan of an item at the same moment waits, and is refused.
    """
    check(actor, Permission.LOAN_WRITE)
    _check_lines(lines, loan_policy().most_items)
    loans = loan_policy().for_whom(borrower.kind, lines[0].item.site_id)
    with _about(lines[0].item):
        is_despite = is_not_suspended(borrower, despite_suspension)
    hold_for(*(each.item for each in lines))
    # Always in the same order, so that two loans of the same things wait for each other and never cross.
    for each in sorted(lines, key=lambda line: line.item.id):
        with _about(each.item):
            lock(each.item)
            refuse_unavailable(each.item)
    if not signature and not on_paper:
        raise NotSigned
    if signature and signed_for is not None and not _is_for(signed_for, borrower, lines):
        raise SignatureVoid
    site_id = lines[0].item.site_id
    loan = Loan(reference=next_reference("PR"), borrower_id=borrower.id, site_id=site_id, started_at=now(), policy_version=loans.version)
    loan.handover_id = chosen_stop(handover_id)
    loan_machine.begin(loan, actor, items=[line.item.id for line in lines], drawn=signature is not None, counted_at_once=counted_at_once)
    if is_despite and despite_suspension:
        write_beside(record(loan, "despite_suspension", actor), {"reason": despite_suspension})
    days = loan.handing.days
    kept = _days_kept(loans, borrower, [each.item for each in lines if each.due_on is None], days)
    for each in lines:
        due_on = each.due_on or loans.due_date_kept(loans.terms(each.item.product.category), today(), days, kept.get(each.item.id))
        told = {"loan_id": loan.id, "due_on": due_on.isoformat(), "counts": list(each.counts)}
        with _about(each.item):
            item_machine.fire(each.item, "lend", actor, **told, override=each.override or override)
    db.session.refresh(loan)
    signing = prepare(actor, PaperKind.LOAN, loan, agreement(loan), loan.reference)
    if signature:
        loan.paper = sign(actor, signing, loan, drawing=signature)
        loan.signature_file = signing.drawing
        db.session.flush()
        mail_agreement(loan)
    return loan


def _days_kept(loans: LoanPolicy, borrower: Borrower, items: Sequence[Item], days: SiteDays) -> Mapping[int, date]:
    """Until when each of some things is reserved for whoever takes it, by its number."""
    usual = [(each, loans.due_date(loans.terms(each.product.category), today(), days)) for each in items]
    return {number: day for ask in days_kept for number, day in ask(borrower.id, usual).items()} if usual else {}


def mail_agreement(loan: Loan) -> None:
    """Whoever has an address gets what was signed, and the link by which a loan goes on."""
    if loan.borrower.email:
        plan(MAIL_AGREEMENT, loan_id=loan.id)


@contextmanager
def _about(item: Item) -> Iterator[None]:
    """What is refused within is about this thing, of several."""
    try:
        yield
    except Refusal as refusal:
        refusal.about = item.id
        raise


def _check_lines(lines: Sequence[Departure], most: int) -> None:
    if not lines:
        raise NoItemScanned
    if len(lines) > most:
        raise TooMany(most=most)
    names = [line.item.name for line in lines]
    for each in lines:
        with _about(each.item):
            if each.item.site_id != lines[0].item.site_id:
                raise TwoPlaces(name=each.item.name)
    if len({line.item.id for line in lines}) < len(lines):
        raise ItemTwice(name=next(name for name in names if names.count(name) > 1))


def _is_for(signed_for: Mapping[str, Any], borrower: Borrower, lines: Sequence[Departure]) -> bool:
    """Whether what was shown at the drawing (`schemas.SignedFor`) is this departure: the same borrower, things and days."""
    seen = sorted((find_code(line["item"]) or "", str(line["due_on"])) for line in signed_for["lines"])
    return find_code(signed_for["borrower"]) == borrower.code and seen == sorted((line.item.code, str(line.due_on)) for line in lines)


@item_machine.does("lend")
def _lend(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    loan = db.session.get_one(Loan, facts["loan_id"])
    loans, days = loan_policy().for_whom(loan.borrower.kind, loan.site_id), loan.handing.days
    terms = loans.terms(item.product.category)
    travels(loans, terms, loan.handing)
    due_day_is_open(loans, terms, today(), facts["due_on"], days)
    may_leave(loans, terms, loan.borrower, facts["due_on"])
    counted = every_component_is_counted(item.components, facts["counts"])
    refuse_without_indispensable((each.name, counted[each.id][0], each.quantity) for each in item.components if each.indispensable)
    line = LoanLine(loan_id=facts["loan_id"], item_id=item.id, out_at=now(), due_on=facts["due_on"])
    line.counts = [
        ComponentCount(
            name=each.name,
            value_cents=each.value_cents,
            quantity_expected=each.quantity,
            quantity_out=counted[each.id][0],
            state_out=counted[each.id][1],
            note_out=counted[each.id][2],
            consumable=each.consumable,
        )
        for each in item.components
    ]
    db.session.add(line)
    db.session.flush()
    count_out(actor, line)
    facts["counts"] = [[each.name, each.quantity_out, each.state_out] for each in line.counts]


def take_back(
    actor: Actor,
    line: LoanLine,
    counts: Iterable[Mapping[str, Any]],
    note: str | None = None,
    *,
    back_on: date | None = None,
    at_once: bool = False,
    signature: bytes | None = None,
    site_id: int | None = None,
    photos: Mapping[int, bytes] = MappingProxyType({}),
    closes: bool = True,
) -> LoanLine:
    """Take one thing back, every component counted beside what left; the loan closes when this was its last line.

    The item is then to be checked, or incomplete when less came back than had left. What is missing, or broken since, is owed. Where its
    category asks for no check, what came back whole is free again at once. `back_on` is the day on which it came, if not today; `at_once`
    whether something was taken to be there that nobody looked at piece by piece; `signature` the drawing of whoever brought it.
    `site_id` is where it was given back: elsewhere than at its place, or at the stop of its loan, it travels home before anybody gets it.
    `photos` are pictures (`clean_picture`) of what came back broken, by the number of the count. Who takes back several does not let each
    close its loan (`closes`), and asks `close_when_over` of each loan when all are back.
    """
    check(actor, Permission.LOAN_WRITE)
    hold_for(line.item)
    lock_once(line.loan)
    lock_once(line.item)
    lock_once(line)
    if line.back_at is not None:
        raise NotOut(name=line.item.name)
    how = _came_back(line, every_component_is_counted(line.counts, told := list(counts)))
    with done_at(done_near(actor, line, site_id)):
        facts = {"counts": told, "note": note, "at_once": at_once, "site_id": site_id}
        item_machine.fire(line.item, how, actor, back_on=back_on and back_on.isoformat(), **facts)
        line.back_signature = keep_drawing(signature)
        keep_photos(actor, line, photos)
        if closes:
            close_when_over(actor, line.loan)
        if how == "take_back" and line.item.stands_at_id is None and needs_no_check(line.item):
            item_machine.fire(line.item, "check", actor)
    return line


def _moment_of(line: LoanLine, back_on: date | None) -> datetime:
    """When a thing came back: now, or at noon of a day between its departure and today; never before it left."""
    if back_on is None or back_on == today():
        return now()
    if not local(line.out_at).date() <= back_on <= today():
        raise Invalid({"back_on": [Fault("item.back_day", first=local(line.out_at).date())]})
    return max(datetime.combine(back_on, time(12), zone()), line.out_at)


# What somebody who says that a thing came back in one way is told when it came back in another.
_OTHERWISE: Mapping[str, type[Refusal]] = {
    "take_back": NothingMissing,
    "take_back_damaged": NothingDamaged,
    "take_back_incomplete": NothingMissing,
}


def _came_back(line: LoanLine, counted: Mapping[int, tuple[int, ComponentState, str | None]]) -> str:
    """The move of an item that came back: incomplete, else broken, else whole."""
    if any(_is_short(each, counted) for each in line.counts):
        return "take_back_incomplete"
    return "take_back_damaged" if any(state is ComponentState.DAMAGED for _here, state, _note in counted.values()) else "take_back"


def _is_short(count: ComponentCount, counted: Mapping[int, tuple[int, ComponentState, str | None]]) -> bool:
    """Whether less came back than had left, of what is asked back."""
    return not count.consumable and counted[count.id][0] < count.quantity_out


def _receive(item: Item, actor: Actor, facts: dict[str, Any], said: str) -> None:
    line = line_out(item)
    if line is None:
        raise NotOut(name=item.name)
    counted = every_component_is_counted(line.counts, facts["counts"])
    how = _came_back(line, counted)
    if how == "take_back_incomplete" and said != how:
        raise SomethingMissing(names=", ".join(each.name for each in line.counts if _is_short(each, counted)))
    if how == "take_back_damaged" and said == "take_back":
        raise SomethingDamaged(names=", ".join(each.name for each in line.counts if counted[each.id][1] is ComponentState.DAMAGED))
    if said != how:
        raise _OTHERWISE[said](name=item.name)
    for each in line.counts:
        each.quantity_back, each.state_back, each.note_back = counted[each.id]
    line.back_at = _moment_of(line, facts["back_on"])
    line.note = facts.pop("note") or None
    note_return(actor, line)
    count_back(actor, line)
    facts["counts"] = [[each.name, each.quantity_back, each.state_back] for each in line.counts]
    facts["loan_id"] = line.loan_id
    facts["site_id"] = given_back_at(actor, line, facts["site_id"])
    for told in ("back_on", "at_once", "site_id"):  # An event says what is remarkable.
        if not facts[told]:
            facts.pop(told)


def _receive_as(said: str) -> None:
    @item_machine.does(said)
    def receive(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
        _receive(item, actor, facts, said)


for _said in _OTHERWISE:
    _receive_as(_said)


def undo_return(actor: Actor, line: LoanLine, *, reason: str) -> LoanLine:
    """A return was a mistake: the line is out again, its loan open, and what was owed or broken by it is withdrawn.

    Both deeds stay in the history, with what was counted and what was noted. Refused once the thing has left again, was lost or put away.
    """
    check(actor, Permission.LOAN_WRITE)
    hold_for(line.item)
    for each in (line.loan, line.item, line):
        lock(each)
    if line.back_at is None:
        raise NotBack(name=line.item.name)
    row = item_machine["undo_return"]
    if line.lost or line.item.state not in row.sources or last_line(line.item).id != line.id:
        raise GoneSince(name=line.item.name)
    noted = {"note": line.note} if line.note else {}
    noted |= {f"{NOTE_BACK}{each.id}": f"{each.name} : {each.note_back}" for each in line.counts if each.note_back}
    with done_at(done_near(actor, line, line.item.stands_at_id)):
        write_beside(item_machine.fire(line.item, "undo_return", actor, line=line.id, reason=reason), noted)
        if line.loan.state is LoanState.CLOSED:
            loan_machine.fire(line.loan, "reopen", actor)
    return line


@item_machine.does("undo_return")
def _undo_return(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    line = last_line(item)
    assert line.id == facts["line"], "the caller has just looked"
    withdraw_return(actor, line)
    undo_count_back(actor, line)
    facts |= {"loan_id": line.loan_id, "counts": [[each.name, each.quantity_back, each.state_back] for each in line.counts]}
    for each in line.counts:
        each.quantity_back = each.state_back = each.note_back = None
    line.back_at = line.note = line.back_signature = item.stands_at_id = None
    move_if_closed_since(actor, line)


@item_machine.does("lose")
def _lose(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    """What is lost while it is out ends its line: every component counted as missing, so that the loan can close."""
    line = line_out(item)
    if line is None:
        return
    lock_once(line.loan)  # Before its line is written: whoever holds the loan asks for its lines next.
    for each in line.counts:
        each.quantity_back, each.state_back = 0, ComponentState.MISSING
    line.back_at, line.lost = now(), True
    note_loss(line)
    facts["loan_id"] = line.loan_id
    close_when_over(actor, line.loan)


@item_machine.does("find")
def _find(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    """What is found again is owed no more."""
    facts["settled"] = settle_found(actor, item)


@item_machine.does("complete")
def _complete(item: Item, actor: Actor, facts: dict[str, Any]) -> None:
    complete_all(actor, item, brought=facts["brought_back"])
    if facts["brought_back"]:
        facts["settled"] = settle_brought(actor, item)


def close_when_over(actor: Actor, loan: Loan) -> None:
    """Close a loan of which nothing is out any more. Two last lines that come back at once wait here for each other."""
    lock_once(loan)
    if _OUT_OF_LOAN.scalar(loan=loan.id) is None:
        db.session.expire(loan, ["lines"])
        loan_machine.fire(loan, "close", actor)


_LINES: Any = LoanLine.__table__
_OUT_OF_LOAN = Read(select(_LINES.c.id).where(_LINES.c.loan_id == bindparam("loan"), _LINES.c.back_at.is_(None)).limit(1))
