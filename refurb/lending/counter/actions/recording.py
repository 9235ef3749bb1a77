"""Record a pile whole: what comes back, what was found, and one loan for all that leaves."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import joinedload, selectinload

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.kept import asks_once
from refurb.kernel.deeds.unit_of_work import lock_each
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Invalid, Refusal
from refurb.lending.claims.facts import NewlyShort
from refurb.lending.claims.pools import hold_for
from refurb.lending.counter.actions.piles import begin_with, say, wipe_drawing
from refurb.lending.counter.models import Pile
from refurb.lending.counter.queries import lines_out, stop_of_pile
from refurb.lending.counter.rules import FIELDS, NothingThere, ReservedForAnother, WhoseTurn, told_of
from refurb.lending.counter.shown import LookedUp, ShownLine, ShownPile, shown_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.items.rules import NotCounted, NotOut
from refurb.lending.items.schemas import Returning
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, close_when_over, lend, take_back
from refurb.lending.loans.rules import NoBorrower, NotSigned
from refurb.lending.models import Item, Loan, LoanLine
from refurb.lending.words import ItemState

K = PileLineKind


def record(actor: Actor, pile: Pile, looked: LookedUp | None = None) -> Loan | None:
    """Record a pile whole: what comes back, what was found, and one loan with one agreement for all that leaves; None where nothing does.

    All or nothing: a line that cannot be recorded keeps the others here too, and is what the refusal is `about`. Lines that were refused
    before are passed over; what is out of them and lies here begins the next pile. `looked` is what this unit looked up of it already.
    """
    check(actor, Permission.LOAN_WRITE)
    with asks_once():  # What is looked at before anything is held is no answer once it is: days may be closed meanwhile.
        shown = shown_pile(pile, looked)
        _may_be_recorded(shown)
    sound = sorted(shown.sound, key=lambda each: each.item.id)
    for each in sound:
        each.row.refusal = None
    hold_for(*(each.item for each in sound))
    _hold_what_is_out([each.line for each in sound if each.line])
    with asks_once():
        return _record_held(actor, pile, shown, sound)


def _record_held(actor: Actor, pile: Pile, shown: ShownPile, sound: Sequence[ShownLine]) -> Loan | None:
    """All of it, once its pools, loans, things and lines are held."""
    brought = {each.row: _bring_in(actor, pile, each) for each in sound if each.row.kind is not K.LEAVES}
    for row, line in brought.items():  # Together, once all is done: one statement.
        row.loan_line_id = line.id if line else None
    for over in sorted({line.loan for line in brought.values() if line}, key=lambda each: each.id):
        close_when_over(actor, over)
    loan = _lend(actor, shown) if shown.leaving else None
    _conclude(pile, loan)
    return loan


def _hold_what_is_out(lines: Sequence[LoanLine]) -> None:
    """The loans of some lines, their things and the lines, each sort by one statement and always in this order."""
    lock_each([each.loan for each in lines], joinedload(Loan.borrower))
    lock_each([each.item for each in lines], joinedload(Item.product), selectinload(Item.components))
    lock_each(lines, joinedload(LoanLine.loan).joinedload(Loan.borrower), selectinload(LoanLine.counts))


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


def _bring_in(actor: Actor, pile: Pile, each: ShownLine) -> LoanLine | None:
    """What comes back, by its line; what was found, by none."""
    item, row = each.item, each.row
    try:
        if row.kind is K.FOUND:
            item_machine.fire(item, "find", actor)
            return None
        line = each.line or lines_out([item]).get(item.id)
        if line is None:
            raise NotOut(name=item.name)
        signature = pile.drawing if each.terms.return_signed else None
        where = each.handed_in_at
        take_back(
            actor,
            line,
            _counted(each),
            row.note,
            back_on=row.back_on,
            at_once=each.at_once,
            signature=signature,
            site_id=where,
            photos={count.count_id: count.photo for count in row.photos},
            closes=False,
        )
        if row.photos:
            row.photos = []
    except Refusal as refusal:
        refusal.about = item.id
        raise
    return line


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
        despite_suspension=pile.despite_suspension,
        handover_id=stop_of_pile(pile),
    )
    lines: dict[int, LoanLine] = {line.item_id: line for line in loan.lines}
    for each in shown.leaving:
        each.row.loan_line_id = lines[each.item.id].id
    return loan


def _conclude(pile: Pile, loan: Loan | None) -> None:
    pile.recorded_at, pile.loan_id, pile.loan = now(), loan.id if loan else None, loan
    wipe_drawing(pile, on_paper=pile.on_paper)
    db.session.flush()
    here = [each for each in pile.lines if each.stays_out and each.kind is not K.LEAVES and each.item.state in _GONE]
    if here or pile.retained is not None:
        following = begin_with(pile, pile.retained)
        for line in here:
            line.pile = following
            say(following, "stop", str((line.refusal or {})["code"]), **(line.refusal or {})["facts"])
        db.session.flush()


_GONE = frozenset({ItemState.LENT, ItemState.LOST})


def keep_refusal(pile: Pile, refusal: Refusal) -> None:
    """A pile could not be recorded: the line that the refusal is about says why, and the others wait for another press.

    What was said of the line is corrected where it stands; otherwise the line stays out.
    """
    told = note_refusal(pile, refusal)
    say(pile, "stop", told["code"], **told["facts"])
    db.session.flush()


def note_refusal(pile: Pile, refusal: Refusal) -> dict[str, Any]:
    """Write a refusal beside the line that it is about, if it is about one; what it says."""
    told = told_of(refusal)
    if isinstance(refusal, Invalid):
        name, fault = next((name, each) for name, faults in refusal.fields.items() for each in faults)
        told = {"code": fault.code, "facts": plain(fault.facts), "field": name if name in FIELDS.values() else "counts"}
    elif isinstance(refusal, NewlyShort):
        told = {"code": ReservedForAnother.code, "facts": {"name": refusal.facts["name"]}}
    line = next((each for each in pile.lines if each.item_id == refusal.about), None)
    if line is not None:
        line.refusal = told
    return told
