"""What a place's planning shows: who has what day by day, who comes back and leaves today, how many on each day of a month."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import midnight, today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.folding import fold
from refurb.kernel.speech.words import _, _n, _p, day
from refurb.lending.claims.models import ItemClaim
from refurb.lending.claims.settling import GONE
from refurb.lending.claims.words import FOR_EVER, ClaimKind
from refurb.lending.models import Borrower, Item, Loan, LoanLine, Product
from refurb.lending.planning.weeks import DAYS, PlanBar, PlanCell, row_of
from refurb.lending.reservations.models import Reservation, ReservationLine
from refurb.lending.reservations.packing import packed_items
from refurb.lending.reservations.words import TO_COME, UNANSWERED, ReservationState
from refurb.lending.terms import loan_policy

_CARE: Mapping[ClaimKind, tuple[str, str, Callable[[], str]]] = {
    ClaimKind.REPAIR: ("wait", "wrench", lambda: _("En réparation")),
    ClaimKind.CHECK: ("todo", "list-checks", lambda: _p("planning", "À vérifier")),
    ClaimKind.MAINTENANCE: ("wait", "wrench", lambda: _p("planning", "Entretien")),
    ClaimKind.SHIPMENT: ("work", "truck", lambda: _("En transport")),
}


@dataclass(frozen=True)
class PlanRow:
    """One thing and its week, and where its name leads."""

    name: str
    cells: Sequence[PlanCell]
    leads_to: tuple[str, dict[str, Any]]


more_rows: Final[list[Callable[[int, date], tuple[str, Sequence[PlanRow]]]]] = []
"""Asked for the week of a place from a Monday on: what else stands there, under its heading. Rooms above answer."""


@dataclass(frozen=True)
class PlanWeek:
    """The rows of a week by category (name, rows), how many things move in it, and how many there are."""

    groups: Sequence[tuple[str, Sequence[PlanRow]]]
    moving: int
    count: int


def _refuse_strangers(actor: Actor) -> None:
    if not actor.may(Permission.LOAN_READ):
        raise NotFound


def week_of(actor: Actor, site_id: int, monday: date, *, product_id: int | None = None, idle_too: bool = False) -> PlanWeek:
    """Who has what at a place from a Monday on; things on which nothing stands only where asked. `NotFound` for strangers."""
    _refuse_strangers(actor)
    query = select(Item.id, Item.code, Item.name, Item.product_id, Product.category).join(Product, Product.id == Item.product_id)
    query = query.where(Item.site_id == site_id, Item.state.not_in(GONE))
    if product_id is not None:
        query = query.where(Item.product_id == product_id)
    things = db.session.execute(query).all()
    bars = bars_of(actor, [each.id for each in things], monday, monday + timedelta(days=DAYS))
    rows: dict[str, list[PlanRow]] = defaultdict(list)
    loans = loan_policy()
    for each in sorted(things, key=lambda each: fold(each.name)):
        found = bars.get(each.id, ())
        row = PlanRow(each.name, row_of(found, monday), ("lending.item", {"code": each.code}))
        if found or idle_too:
            rows[loans.terms(each.category).name].append(row)
    moving = sum(bool(bars.get(each.id)) for each in things)
    groups: list[tuple[str, Sequence[PlanRow]]] = sorted(rows.items(), key=lambda pair: fold(pair[0]))
    if product_id is None:
        groups += [more for ask in more_rows if (more := ask(site_id, monday))[1]]
    return PlanWeek(groups, moving, len(things))


def bars_of(actor: Actor, items: Sequence[int], starts: date, until: date) -> Mapping[int, list[PlanBar]]:
    """What stands on some things on some days, by thing; names only for whoever may read borrowers."""
    query = (
        select(
            ItemClaim.item_id, ItemClaim.kind, ItemClaim.starts_on, ItemClaim.until_on, ItemClaim.due_on, ItemClaim.began_at,
            Reservation.reference.label("reserved"), Reservation.state, Reservation.to_on, Reservation.expires_at,
            Reservation.borrower_id.label("reserver"), Loan.reference.label("loaned"), Loan.borrower_id.label("loaner"),
        )
        .outerjoin(ReservationLine, ReservationLine.id == ItemClaim.line_id)
        .outerjoin(Reservation, Reservation.id == ReservationLine.reservation_id)
        .outerjoin(LoanLine, LoanLine.id == ItemClaim.loan_line_id)
        .outerjoin(Loan, Loan.id == LoanLine.loan_id)
        .where(ItemClaim.item_id.in_(items), ItemClaim.ended_at.is_(None), ItemClaim.until_on > starts, ItemClaim.starts_on < until)
    )  # fmt: skip
    claims = db.session.execute(query).all()
    names = _names(actor, {each.loaner or each.reserver for each in claims})
    found: dict[int, list[PlanBar]] = defaultdict(list)
    for each in claims:
        found[each.item_id] += _bars(each, names.get(each.loaner or each.reserver, ""))
    return found


def _names(actor: Actor, borrowers: set[int | None]) -> dict[int | None, str]:
    """Who is told of some borrowers: the structure where there is one, else the name."""
    if not actor.may(Permission.BORROWER_READ):
        return {}
    query = select(Borrower).options(joinedload(Borrower.organisation)).where(Borrower.id.in_([each for each in borrowers if each]))
    return {each.id: each.organisation.name if each.organisation else each.name for each in db.session.scalars(query)}


def _bars(claim: Any, who: str) -> list[PlanBar]:
    """A claim as it is told: what is late is shown until today, and supposed to be away from then on."""
    if claim.kind is ClaimKind.LOAN:
        return _loan_bars(claim, who)
    if claim.kind is ClaimKind.RESERVATION:
        return [_reservation_bar(claim, who)]
    tone, icon, word = _CARE[claim.kind]
    return [PlanBar(claim.starts_on, claim.until_on, tone, icon, word())]


def _loan_bars(claim: Any, who: str) -> list[PlanBar]:
    leads_to, tomorrow = ("lending.loan", {"reference": claim.loaned}), today() + timedelta(days=1)
    late = (today() - claim.due_on).days
    if late > 0:
        word = _n("En retard de %(num)s jour", "En retard de %(num)s jours", late)
        shown = PlanBar(claim.starts_on, tomorrow, "stop", "clock", word, who, leads_to)
        away = PlanBar(
            tomorrow, FOR_EVER, "stop", "circle-help", _("Supposé absent"), _("rien n'est promis avant son retour"), leads_to, is_asked=True
        )
        return [shown, away]
    due = claim.due_on + timedelta(days=1)
    if late == 0:
        return [PlanBar(claim.starts_on, due, "todo", "calendar-check", _("Attendu aujourd'hui"), who, leads_to)]
    word = _("Prêté, retour le %(day)s", day=day(claim.due_on, "short"))
    return [PlanBar(claim.starts_on, due, "todo", "package-open", word, who, leads_to)]


def _reservation_bar(claim: Any, who: str) -> PlanBar:
    leads_to = ("lending.reservation", {"reference": claim.reserved})
    until = min(claim.until_on, claim.to_on + timedelta(days=1))
    if claim.state in UNANSWERED:
        word = _("Gardé jusqu'au %(day)s", day=day(claim.expires_at, "short"))
        return PlanBar(claim.starts_on, until, "wait", "hourglass", word, who, leads_to, is_asked=True)
    return PlanBar(claim.starts_on, until, "work", "calendar-check", _p("planning", "Réservé"), who, leads_to)


@dataclass(frozen=True)
class ComesBack:
    """A line that is due today or was before, or came back today."""

    reference: str
    name: str
    who: str
    phone: str | None
    due_on: date
    days_late: int
    is_back: bool


def come_back_today(actor: Actor, site_id: int) -> list[ComesBack]:
    """What comes back to a place today: late first, the latest of them first; then what is due; then what is back already."""
    _refuse_strangers(actor)
    begins = midnight(today())
    query = (
        select(LoanLine)
        .join(LoanLine.item)
        .where(Item.site_id == site_id)
        .where((LoanLine.back_at.is_(None) & (LoanLine.due_on <= today())) | ((LoanLine.back_at >= begins) & LoanLine.lost.is_(False)))
        .options(joinedload(LoanLine.item), joinedload(LoanLine.loan).joinedload(Loan.borrower).joinedload(Borrower.organisation))
        .order_by(LoanLine.back_at.is_not(None), LoanLine.due_on, LoanLine.id)
    )
    sees, found = actor.may(Permission.BORROWER_READ), []
    for line in db.session.scalars(query.limit(100)):
        who = line.loan.borrower
        told = (who.organisation.name if who.organisation else who.name) if sees else ""
        late = 0 if line.back_at else (today() - line.due_on).days
        phone = who.phone if sees and late else None
        found.append(ComesBack(line.loan.reference, line.item.name, told, phone, line.due_on, late, line.back_at is not None))
    return found


@dataclass(frozen=True)
class Leaves:
    """A reservation that is to be fetched today or was before, or left today; whether its bag is packed."""

    reference: str
    what: str
    who: str
    from_on: date
    is_packed: bool
    has_left: bool


def leave_today(actor: Actor, site_id: int) -> list[Leaves]:
    """What leaves a place today."""
    _refuse_strangers(actor)
    due = Reservation.state.in_([ReservationState.APPROVED, ReservationState.HELD]) & (Reservation.from_on <= today())
    left = (Reservation.state == ReservationState.OUT) & (Reservation.from_on == today())
    query = (
        select(Reservation)
        .where(Reservation.site_id == site_id, due | left)
        .options(
            joinedload(Reservation.borrower).joinedload(Borrower.organisation),
            joinedload(Reservation.lines).joinedload(ReservationLine.product),
        )
        .order_by(Reservation.state == ReservationState.OUT, Reservation.from_on, Reservation.id)
    )
    sees, found = actor.may(Permission.BORROWER_READ), []
    reservations = db.session.scalars(query.limit(100)).unique().all()
    packed = packed_items([each.id for each in reservations])
    for each in reservations:
        what = ", ".join(f"{line.quantity} × {line.product.name}" if line.quantity > 1 else line.product.name for line in each.lines)
        who = (each.borrower.organisation.name if each.borrower.organisation else each.borrower.name) if sees else ""
        full = len(packed.get(each.id, ())) == sum(line.quantity for line in each.lines)
        found.append(Leaves(each.reference, what, who, each.from_on, full, each.state is ReservationState.OUT))
    return found


@dataclass
class DayCount:
    """How many things leave a place and come back to it on a day."""

    leave: int = 0
    come_back: int = 0
    cared_for: int = field(default=0)


def month_of(actor: Actor, site_id: int, first: date, until: date) -> Mapping[date, DayCount]:
    """How many leave, come back and are in maintenance from, on each day of some, half-open; no names."""
    _refuse_strangers(actor)
    found: dict[date, DayCount] = defaultdict(DayCount)
    leaving = (
        select(Reservation.from_on, func.sum(ReservationLine.quantity))
        .join(ReservationLine)
        .where(Reservation.site_id == site_id, Reservation.state.in_(TO_COME), Reservation.from_on >= first, Reservation.from_on < until)
    )
    for on, count in db.session.execute(leaving.group_by(Reservation.from_on)):
        found[on].leave += int(count)
    returning = (
        select(ItemClaim.due_on, func.count())
        .where(ItemClaim.site_id == site_id, ItemClaim.ended_at.is_(None), ItemClaim.due_on >= first, ItemClaim.due_on < until)
        .where(ItemClaim.kind.in_([ClaimKind.LOAN, ClaimKind.RESERVATION]))
    )
    for due_on, count in db.session.execute(returning.group_by(ItemClaim.due_on)):
        found[due_on].come_back += count  # type: ignore[index]  # the query asks for those that have one
    caring = (
        select(ItemClaim.starts_on, func.count())
        .where(ItemClaim.site_id == site_id, ItemClaim.ended_at.is_(None), ItemClaim.kind == ClaimKind.MAINTENANCE)
        .where(ItemClaim.starts_on >= first, ItemClaim.starts_on < until)
    )
    for on, count in db.session.execute(caring.group_by(ItemClaim.starts_on)):
        found[on].cared_for += count
    return found
