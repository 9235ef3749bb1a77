"""Hear what is scanned at the counter, keep what is counted, turn to somebody else, and record a pile whole: returns and departures."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from refurb.directory.queries import code_row
from refurb.directory.sites.queries import usual_site
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import UnreadableCode, find_code
from refurb.kernel.speech.errors import Invalid, Refusal
from refurb.lending.borrowers.queries import borrower_by_code
from refurb.lending.claims.pools import hold_for
from refurb.lending.counter.models import Pile, PileLine
from refurb.lending.counter.queries import is_reserved_for_another, lines_out, open_pile, pile_aside, piles_of_other_days
from refurb.lending.counter.rules import NothingThere, NothingToLend, PileGone, ReservedForAnother, WhoseTurn
from refurb.lending.counter.shown import ShownLine, ShownPile, hour, shown_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.items.queries import item_by_code
from refurb.lending.items.rules import NotAvailable, NotCounted, NotOut
from refurb.lending.items.schemas import Returning
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.rules import NoBorrower, NotSigned, TooMany
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.terms import loan_policy
from refurb.lending.words import ItemState

K = PileLineKind

_KINDS: Mapping[ItemState, PileLineKind] = {ItemState.LENT: K.RETURNS, ItemState.LOST: K.FOUND}


def _counter(actor: Actor) -> Pile:
    """The pile that is open at this actor's desk, held; a new one where there is none."""
    check(actor, Permission.LOAN_WRITE)
    pile = open_pile(actor)
    if pile is None:
        pile = Pile(account_id=actor.id, site_id=usual_site(actor), opened_at=now())
        db.session.add(pile)
        db.session.flush()
        return pile
    lock(pile)
    return pile


def counter_of(actor: Actor, number: int | None) -> Pile:
    """The open pile, held, as the page that was sent knew it; `PileGone` where another lies there now."""
    check(actor, Permission.LOAN_WRITE)
    pile = open_pile(actor)
    if pile is None or pile.id != number:
        raise PileGone
    lock(pile)
    return pile


def _say(pile: Pile, tone: str, code: str, /, **facts: Any) -> None:
    pile.heard = {"tone": tone, "code": code, "facts": plain(facts), "at": hour(now())}


# --- what is heard --------------------------------------------------------------------------------------------------------


def hear(actor: Actor, typed: str) -> Pile:
    """Take what was scanned: a card says who, the label of what is out that it comes back, of what is free that it leaves.

    Nothing that was scanned ends in silence: what cannot be taken is told on the pile (`Pile.heard`), beside the line where it is a thing.
    """
    pile = _counter(actor)
    try:
        _hear(actor, pile, typed)
    except Refusal as refusal:
        _say(pile, "stop", refusal.code, **refusal.facts)
    db.session.flush()
    return pile


def _hear(actor: Actor, pile: Pile, typed: str) -> None:
    code = find_code(typed)
    row = code_row(code) if code else None
    if code is None:
        raise UnreadableCode(typed=typed[:60])
    kind = row.subject_kind if row is not None else None
    if kind == Borrower.KIND:
        _person(pile, borrower_by_code(actor, code), by_card=True)
    elif kind == Item.KIND:
        _thing(pile, item_by_code(actor, code))
    else:
        raise NothingToLend(code=code)


def choose_person(actor: Actor, code: str) -> Pile:
    """Somebody without a card, known by name: as if the card had been scanned."""
    pile = _counter(actor)
    _person(pile, borrower_by_code(actor, code), by_card=False)
    return pile


def _person(pile: Pile, who: Borrower, *, by_card: bool) -> None:
    if pile.borrower_id == who.id:
        pile.asks = False
        _say(pile, "ok", "counter.heard_same_person", name=who.name)
    elif pile.borrower_id is None or not pile.lines:
        _turn_to(pile, who, by_card=by_card)
        _say(pile, "ok", "counter.heard_person", name=who.name)
    elif pile.asks and pile.retained_id == who.id:
        _put_aside(pile)
        begin_with(pile, who)
    else:
        pile.retained_id, pile.retained, pile.asks = who.id, who, True
        _say(pile, "wait", "counter.heard_other_card", name=who.name)


def _turn_to(pile: Pile, who: Borrower, *, by_card: bool) -> None:
    pile.borrower_id, pile.borrower, pile.by_card = who.id, who, by_card
    db.session.flush()
    _review(pile)


def _review(pile: Pile) -> None:
    """Who takes something decides what may leave: what was refused for that, or was not, is looked at again."""
    for line in pile.lines:
        if line.kind is K.LEAVES and not line.override and (line.refusal is None or line.refusal["code"] in _OF_PERSONS):
            _judge(line)


_OF_PERSONS = frozenset({ReservedForAnother.code})


def _thing(pile: Pile, item: Item) -> None:
    line = next((each for each in pile.lines if each.item_id == item.id), None)
    if line is not None and line.refusal is None:
        _say(pile, "ok", "counter.heard_there", name=item.name, line=line.id)
        return
    if line is None:
        if len(pile.lines) >= loan_policy().most_items * 2:
            raise TooMany(most=loan_policy().most_items * 2)
        line = PileLine(item_id=item.id, item=item, kind=_KINDS.get(item.state, K.LEAVES), answers={})
        pile.lines.append(line)
        db.session.flush()
    line.kind = _KINDS.get(item.state, K.LEAVES)
    _judge(line)
    if line.refusal:
        _say(pile, "stop", line.refusal["code"], **line.refusal["facts"])
    else:
        _say(pile, "ok", f"counter.heard_{line.kind}", name=item.name, line=line.id)


def _judge(line: PileLine) -> None:
    """Write beside a line why it stays out, if it does."""
    try:
        _check(line)
    except Refusal as refusal:
        line.refusal = {"code": refusal.code, "facts": plain(refusal.facts)}
    else:
        line.refusal = None


def _check(line: PileLine) -> None:
    item = line.item
    if line.kind is not K.LEAVES:
        return
    if item.state is not ItemState.AVAILABLE:
        raise NotAvailable(name=item.name, state=str(item_machine.looks[item.state].word))
    leaving = [each for each in line.pile.lines if each.kind is K.LEAVES and each.refusal is None and each is not line]
    if len(leaving) >= loan_policy().most_items:
        raise TooMany(most=loan_policy().most_items)
    shown = next(each for each in shown_pile(line.pile).lines if each.row is line)
    if not line.override and is_reserved_for_another(line, shown.due_on):
        raise ReservedForAnother(name=item.name)


# --- what is said of it ---------------------------------------------------------------------------------------------------


def keep_told(pile: Pile, told: Mapping[int, Mapping[str, Any]]) -> None:
    """Keep what the page says of each line: `answers`, `due_on`, `back_on`, `note`; a line that is not told stays as it is."""
    for line in pile.lines:
        for name, value in told.get(line.id, {}).items():
            setattr(line, name, value)
    db.session.flush()


def keep_drawing(pile: Pile, drawing: bytes) -> None:
    """Keep a signature that was drawn, with what it stands for."""
    shown = shown_pile(pile)
    pile.drawing, pile.binding, pile.shown, pile.signed_at, pile.on_paper = drawing, shown.digest, shown.sentences, now(), False
    db.session.flush()


def wipe_drawing(pile: Pile, *, on_paper: bool = False) -> None:
    """Nothing is signed on the screen: to be drawn again, or signed on paper."""
    pile.drawing = pile.binding = pile.shown = pile.signed_at = None
    pile.on_paper = on_paper


def all_there(pile: Pile, line_id: int) -> None:
    """Everything of a line that has no answer yet is there and whole."""
    shown = next((each for each in shown_pile(pile).lines if each.row.id == line_id), None)
    if shown is not None:
        silent = {str(each.key): {"state": "complete"} for each in shown.counted if each.whole and not each.state}
        shown.row.answers = {**shown.row.answers, **silent}
        _say(pile, "ok", "counter.heard_complete", name=shown.item.name, line=line_id)


def take_out(pile: Pile, line_id: int) -> None:
    """A line is no affair of this pile; who was refused for it may have the others now."""
    line = next((each for each in pile.lines if each.id == line_id), None)
    if line is not None:
        pile.lines.remove(line)
        _say(pile, "ok", "counter.heard_out", name=line.item.name)
        db.session.flush()
        _review(pile)


def let_leave(pile: Pile, line_id: int, reason: str) -> None:
    """A thing that is reserved for another leaves all the same, for a reason that is kept with the name of whoever gives it."""
    line = next((each for each in pile.lines if each.id == line_id), None)
    if line is not None and line.refusal and line.refusal["code"] == ReservedForAnother.code:
        line.override = reason
        _judge(line)
        _say(pile, "wait", "counter.heard_override", name=line.item.name, line=line.id)


# --- whose turn it is -----------------------------------------------------------------------------------------------------


def finish_first(pile: Pile) -> None:
    """Whoever was here goes on; the other's card is kept, and theirs is the next pile."""
    pile.asks = False
    if pile.borrower is not None:
        _say(pile, "ok", "counter.heard_same_person", name=pile.borrower.name)


def put_aside(pile: Pile) -> Pile | None:
    """Keep a pile as it is until the day is over; whose card was scanned meanwhile begins with an empty one."""
    _put_aside(pile)
    return begin_with(pile, pile.retained) if pile.retained is not None else None


def _put_aside(pile: Pile) -> None:
    pile.put_aside_at, pile.asks = now(), False
    db.session.flush()


def begin_with(before: Pile, who: Borrower) -> Pile:
    """The next pile, of somebody whose card was scanned already."""
    before.retained_id = before.retained = None
    pile = Pile(account_id=before.account_id, site_id=before.site_id, opened_at=now(), borrower_id=who.id, borrower=who)
    db.session.add(pile)
    _say(pile, "ok", "counter.heard_person", name=who.name)
    db.session.flush()
    return pile


def hand_over(pile: Pile) -> None:
    """All that lies here is the other's, whose card was scanned: what was signed stands for nothing any more."""
    who = pile.retained
    if who is not None:
        pile.retained_id, pile.retained, pile.asks = None, None, False
        _turn_to(pile, who, by_card=True)
        _say(pile, "wait", "counter.heard_handed_over", name=who.name)


def take_up(actor: Actor, number: int) -> Pile:
    """Go on with a pile that was put aside; the one that is open is put aside in its turn, or goes when nothing lies there."""
    check(actor, Permission.LOAN_WRITE)
    pile, current = pile_aside(actor, number), open_pile(actor)
    if pile is None:
        raise PileGone
    if current is not None:
        if current.lines:
            _put_aside(current)
        else:
            db.session.delete(current)
        db.session.flush()
    pile.put_aside_at = None
    _say(pile, "ok", "counter.heard_taken_up")
    db.session.flush()
    return pile


def clear(pile: Pile) -> None:
    """Nothing of it was meant: the pile goes, as it never was."""
    db.session.delete(pile)
    db.session.flush()


# --- recording ------------------------------------------------------------------------------------------------------------


def record(actor: Actor, pile: Pile) -> Loan | None:
    """Record a pile whole: what comes back, what was found, and one loan with one agreement for all that leaves; None where nothing does.

    All or nothing: a line that cannot be recorded keeps the others here too, and is what the refusal is `about`. Lines that were refused
    before are passed over.
    """
    check(actor, Permission.LOAN_WRITE)
    shown = shown_pile(pile)
    _may_be_recorded(shown)
    sound = sorted(shown.sound, key=lambda each: each.item.id)
    hold_for(*(each.item for each in sound))
    for known in sorted({each.line.loan for each in sound if each.line}, key=lambda each: each.id):
        lock(known)
    for each in sound:
        if each.row.kind is not K.LEAVES:
            _bring_in(actor, pile, each)
    loan = _lend(actor, shown) if shown.leaving else None
    _conclude(pile, loan)
    return loan


def _may_be_recorded(shown: ShownPile) -> None:
    pile = shown.pile
    if pile.asks:
        raise WhoseTurn
    if not shown.sound:
        raise NothingThere
    if shown.leaving and pile.borrower is None:
        raise NoBorrower
    if shown.left:
        raise NotCounted(count=len(shown.left), names=", ".join(shown.left))
    if shown.signed_for and not shown.is_signed and not (pile.on_paper and pile.drawing is None):
        raise NotSigned


def _bring_in(actor: Actor, pile: Pile, each: ShownLine) -> None:
    item, row = each.item, each.row
    try:
        if row.kind is K.FOUND:
            item_machine.fire(item, "find", actor)
            return
        line = each.line or lines_out([item]).get(item.id)
        if line is None:
            raise NotOut(name=item.name)
        signature = pile.drawing if each.terms.return_signed else None
        take_back(actor, line, _counted(each), row.note, back_on=row.back_on, at_once=each.at_once, signature=signature)
        row.loan_line_id = line.id
    except Refusal as refusal:
        refusal.about = item.id
        raise


def _counted(each: ShownLine) -> list[dict[str, Any]]:
    """What was counted of a line, or `Invalid` about it where that is no count."""
    try:
        counts: list[dict[str, Any]] = load(Returning, {"counts": each.told})["counts"]
    except Refusal as refusal:
        refusal.about = each.item.id
        raise
    return counts


def _lend(actor: Actor, shown: ShownPile) -> Loan:
    pile = shown.pile
    assert pile.borrower is not None, "looked at before"
    in_order = sorted(shown.leaving, key=lambda one: one.row.id)
    things = [Departure(each.item, _counted(each), each.due_on, each.row.override) for each in in_order]
    loan = lend(
        actor,
        pile.borrower,
        things,
        signature=pile.drawing,
        on_paper=pile.drawing is None,
        counted_at_once=any(each.at_once for each in shown.leaving),
    )
    lines: dict[int, LoanLine] = {line.item_id: line for line in loan.lines}
    for each in shown.leaving:
        each.row.loan_line_id = lines[each.item.id].id
    return loan


def _conclude(pile: Pile, loan: Loan | None) -> None:
    pile.recorded_at, pile.loan_id, pile.loan = now(), loan.id if loan else None, loan
    retained = pile.retained
    wipe_drawing(pile, on_paper=pile.on_paper)
    db.session.flush()
    if retained is not None:
        begin_with(pile, retained)


def keep_refusal(pile: Pile, refusal: Refusal) -> None:
    """A pile could not be recorded: the line that the refusal is about stays out, with its reason; the others wait for another press."""
    told: dict[str, Any] = {"code": refusal.code, "facts": plain(refusal.facts)}
    if isinstance(refusal, Invalid):
        fault = next((each for faults in refusal.fields.values() for each in faults), None)
        told = {"code": fault.code, "facts": plain(fault.facts)} if fault else told
    line = next((each for each in pile.lines if each.item_id == refusal.about), None)
    if line is not None:
        line.refusal = told
    _say(pile, "stop", told["code"], **told["facts"])
    db.session.flush()


def clear_counters() -> int:
    """What was left on counters when a day is over goes, drawings among it; how many piles. What was recorded is in the loans."""
    gone = piles_of_other_days()
    for pile in gone:
        db.session.delete(pile)
    db.session.flush()
    return len(gone)


def day_or_none(value: date | None, other: date) -> date | None:
    """A day that differs from the one proposed; None where it is the same, so that it follows."""
    return value if value is not None and value != other else None
