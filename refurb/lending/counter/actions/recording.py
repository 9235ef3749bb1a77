"""Record a pile whole: what comes back, what was found, and one loan for all that leaves."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Invalid, Refusal
from refurb.lending.claims.pools import hold_for
from refurb.lending.counter.actions.piles import begin_with, say, wipe_drawing
from refurb.lending.counter.models import Pile
from refurb.lending.counter.queries import lines_out
from refurb.lending.counter.rules import NothingThere, WhoseTurn
from refurb.lending.counter.shown import ShownLine, ShownPile, shown_pile, stop_of_pile
from refurb.lending.counter.words import PileLineKind
from refurb.lending.items.rules import NotCounted, NotOut
from refurb.lending.items.schemas import Returning
from refurb.lending.items.states import item_machine
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.loans.rules import NoBorrower, NotSigned
from refurb.lending.models import Loan, LoanLine

K = PileLineKind


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
        handover_id=stop_of_pile(pile),
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
    say(pile, "stop", told["code"], **told["facts"])
    db.session.flush()
