"""Days of return that fall on days that are to be closed: which they are, and where each moves to."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import PlannedThing, ThingsThere, on_closed_days
from refurb.directory.agenda.queries import stays_open
from refurb.directory.rota.at_stops import ThingAtStop
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.words import _, _n
from refurb.lending.claims.facts import change_due
from refurb.lending.claims.pools import hold, hold_for, pools_lent_from
from refurb.lending.models import Item, Loan, LoanLine
from refurb.lending.terms import LoanPolicy, NeverOpen, loan_policy
from refurb.lending.words import ItemState, LoanState


def lines_due_on(span: ClosedSpan) -> Sequence[LoanLine]:
    """The lines that are out and due on closed days, with their loans and items, in the order of the days."""
    query = (
        select(LoanLine)
        .join(LoanLine.loan)
        .join(LoanLine.item)
        .options(contains_eager(LoanLine.loan), contains_eager(LoanLine.item))
        .where(LoanLine.back_at.is_(None), on_closed_days(span, LoanLine.due_on))
        .order_by(LoanLine.due_on, LoanLine.id)
    )
    if span.site_id is not None:
        query = query.where(func.coalesce(Loan.handover_id, Loan.site_id) == span.site_id)
    found = db.session.scalars(query).all()
    return [line for line in found if not stays_open(span, line.loan.handover_id or line.loan.site_id, line.due_on)]


def returns_on(_actor: Actor, span: ClosedSpan) -> list[PlannedThing]:
    """What is due on closed days, and the next open day of its place, to which it moves. Told by loan and thing, never by borrower."""
    loans = loan_policy()
    return [
        PlannedThing(
            _("Prêt %(reference)s, %(item)s", reference=line.loan.reference, item=line.item.name),
            line.due_on,
            "lending.loan",
            {"reference": line.loan.reference},
            moves_to=_moved_to(loans, line, span)[0],
        )
        for line in lines_due_on(span)
    ]


def move_returns(actor: Actor, span: ClosedSpan) -> None:
    """Move what is due on closed days to the next day that is open; each loan's history says from when to when.

    What was to come back at a stop at which nobody comes any more comes back to its own place.
    """
    loans = loan_policy()
    # Whoever lends holds the pool before looking at the days: what was lent first is among the lines, who comes later finds them closed.
    hold(pools_lent_from())
    lines = lines_due_on(span)
    hold_for(*(line.item for line in lines))
    for line in lines:
        lock(line.loan)
        before, stop = line.due_on, line.loan.handover_id
        line.due_on, line.loan.handover_id = _moved_to(loans, line, span)
        short = sorted(change_due(line))
        told = ({"short": short} if short else {}) | ({"instead_of": stop} if stop != line.loan.handover_id else {})
        record(line.loan, "due_moved", actor, line=line.id, before=before, due_on=line.due_on, **told)


def move_if_closed_since(actor: Actor, line: LoanLine) -> None:
    """A line that is out again after all, and whose day was closed meanwhile, moves as those did that were out then."""
    days = line.loan.handing.days
    span = next((each for each in days.closed if each.touches(line.due_on)), None)
    if span is not None and not days.is_open(line.due_on):
        before, stop = line.due_on, line.loan.handover_id
        line.due_on, line.loan.handover_id = _moved_to(loan_policy(), line, span)
        told = {"instead_of": stop} if stop != line.loan.handover_id else {}
        record(line.loan, "due_moved", actor, line=line.id, before=before, due_on=line.due_on, **told)


def _moved_to(loans: LoanPolicy, line: LoanLine, span: ClosedSpan) -> tuple[date, int | None]:
    """The next open day, and the stop at which it is brought back; where none is left of a stop, of its own place, and None."""
    handing = line.loan.handing
    try:
        return loans.next_open(line.due_on, handing.days.with_closed(span)), handing.handover_id
    except NeverOpen:
        if handing.handover_id is None:
            raise
        kept = handing.days_kept
        days = kept.with_closed(span) if span.concerns(handing.site_id) else kept.without(span.instead_of)
        return loans.next_open(line.due_on, days), None


def items_and_loans_at(site_id: int) -> Sequence[ThingsThere]:
    """The things to lend that are kept or stand there and are not retired, and the loans that are open."""
    items = (
        db.session.scalar(
            select(func.count()).where(or_(Item.site_id == site_id, Item.stands_at_id == site_id), Item.state != ItemState.RETIRED)
        )
        or 0
    )
    loans = db.session.scalar(select(func.count()).where(Loan.site_id == site_id, Loan.state == LoanState.OPEN)) or 0
    return [
        ThingsThere(_n("%(num)s article à prêter", "%(num)s articles à prêter", items), items),
        ThingsThere(_n("%(num)s prêt en cours", "%(num)s prêts en cours", loans), loans),
    ]


def returns_at_stops(site_ids: Collection[int], first: date) -> list[ThingAtStop]:
    """What is brought back at some stops from a day on. Told by loan and thing, never by borrower."""
    query = select(Loan.handover_id, LoanLine.due_on, Loan.reference, Item.name).join(Loan, Loan.id == LoanLine.loan_id)
    query = query.join(Item, Item.id == LoanLine.item_id).where(LoanLine.back_at.is_(None), LoanLine.due_on >= first)
    rows = db.session.execute(query.where(Loan.handover_id.in_(site_ids)).order_by(LoanLine.due_on, LoanLine.id))
    return [
        ThingAtStop(
            stop,
            due_on,
            _("Prêt %(reference)s, %(item)s", reference=reference, item=name),
            "lending.loan",
            {"reference": reference},
            moves=True,
        )
        for stop, due_on, reference, name in rows
        if stop is not None
    ]
