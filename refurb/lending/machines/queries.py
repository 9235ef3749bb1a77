"""Looking up machines: their slots day by day, who may use which, what sessions took."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.hours import WeekHours
from refurb.directory.sites.queries import every_site
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import from_wall, local, now, today
from refurb.kernel.speech.errors import NotFound
from refurb.lending.machines.models import MachineSeat, MachineSlot, MachineWatch, Qualification, WorkMachine
from refurb.lending.machines.words import TO_COME, Result, SlotKind, SlotState
from refurb.lending.models import Borrower

FURTHEST = timedelta(days=60)
"""How far ahead a slot is booked."""


def machines() -> Sequence[WorkMachine]:
    """The machines that we have, by name."""
    return db.session.scalars(select(WorkMachine).where(WorkMachine.retired_at.is_(None)).order_by(WorkMachine.name)).all()


def machine_by_id(number: int) -> WorkMachine:
    """A machine, or `NotFound`."""
    found = db.session.get(WorkMachine, number)
    if found is None or found.retired_at is not None:
        raise NotFound
    return found


def slot_by_id(actor: Actor, number: int) -> MachineSlot:
    """A slot with its machine; `NotFound` for whoever does not look after machines."""
    query = select(MachineSlot).where(MachineSlot.id == number).options(joinedload(MachineSlot.machine))
    found = db.session.scalar(query) if actor.may(Permission.MACHINE_WRITE) else None
    if found is None:
        raise NotFound
    return found


def slot_of_link(number: int) -> MachineSlot:
    """The slot that a link opens, or `NotFound`."""
    found = db.session.get(MachineSlot, number)
    if found is None or found.borrower_id is None:
        raise NotFound
    return found


def introduction_by_id(number: int) -> MachineSlot:
    """An introduction that is to come, or `NotFound`."""
    found = db.session.get(MachineSlot, number)
    if found is None or found.kind is not SlotKind.INTRODUCTION or found.state is not SlotState.BOOKED:
        raise NotFound
    return found


class CellKind(StrEnum):
    """How a slot is shown to everybody."""

    FREE = "free"
    TAKEN = "taken"
    INTRODUCTION = "introduction"
    UPKEEP = "upkeep"
    OUT = "out"
    PAST = "past"


@dataclass(frozen=True)
class SlotCell:
    """One slot of a day, for everybody: minutes of the day, what it is, and how many places an introduction has left."""

    day: date
    from_minute: int
    until_minute: int
    kind: CellKind
    slot_id: int | None = None
    left: int = 0


def starts_of(machine: WorkMachine, day: date) -> list[tuple[int, int]]:
    """The slots of a day, half-open in its minutes: as many as fit into each of the hours of the place; none where it is closed."""
    site = every_site()[machine.site_id]
    week: WeekHours | None = site.week
    if week is None:
        return []
    days = days_of(site.id)
    spans = week.days[day.isoweekday() - 1]
    step = machine.slot_minutes
    starts = [first for opens, closes in spans for first in range(opens, closes - step + 1, step)]
    return [(first, first + step) for first in starts if days.is_spared_between(day, first, first + step)]


def is_out_on(machine: WorkMachine, day: date) -> bool:
    """Whether a machine is out of order on a day, as far as anybody knows."""
    return machine.is_out and (machine.out_until is None or day <= machine.out_until)


def week_of_slots(machine: WorkMachine, first: date, days: int = 7) -> list[tuple[date, list[SlotCell]]]:
    """The slots of some days from one on; only the days that have any."""
    last = first + timedelta(days=days)
    query = select(MachineSlot).where(MachineSlot.machine_id == machine.id, MachineSlot.freed_at.is_(None))
    taken: dict[date, list[MachineSlot]] = defaultdict(list)
    for each in db.session.scalars(query.where(MachineSlot.day >= first, MachineSlot.day < last).order_by(MachineSlot.from_minute)):
        taken[each.day].append(each)
    left = places_left([each.id for slots in taken.values() for each in slots if each.kind is SlotKind.INTRODUCTION])
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        cells = _cells(machine, day, taken[day], left)
        if cells:
            found.append((day, cells))
    return found


def _cells(machine: WorkMachine, day: date, taken: Sequence[MachineSlot], left: dict[int, int]) -> list[SlotCell]:
    cells = []
    for first, until in starts_of(machine, day):
        over = next((each for each in taken if each.from_minute < until and each.until_minute > first), None)
        cells.append(_cell(machine, day, (first, until), over, left))
    return cells


def _cell(machine: WorkMachine, day: date, span: tuple[int, int], over: MachineSlot | None, left: dict[int, int]) -> SlotCell:
    if over is not None and over.kind is SlotKind.INTRODUCTION:
        return SlotCell(day, *span, CellKind.INTRODUCTION, over.id, left.get(over.id, 0))
    if over is not None:
        return SlotCell(day, *span, CellKind.UPKEEP if over.kind is SlotKind.UPKEEP else CellKind.TAKEN)
    if is_out_on(machine, day):
        return SlotCell(day, *span, CellKind.OUT)
    return SlotCell(day, *span, CellKind.PAST if has_passed(day, span[0]) else CellKind.FREE)


def has_passed(day: date, minute: int) -> bool:
    """Whether a minute of a day lies behind us, by the clocks of the territory."""
    return from_wall(datetime.combine(day, datetime.min.time())) + timedelta(minutes=minute) <= now() if day <= today() else False


def places_left(slots: Sequence[int]) -> dict[int, int]:
    """How many places some introductions have left."""
    taken = (
        select(MachineSeat.slot_id, func.count().label("n")).where(MachineSeat.freed_at.is_(None)).group_by(MachineSeat.slot_id).subquery()
    )
    query = select(MachineSlot.id, MachineSlot.places - func.coalesce(taken.c.n, 0)).outerjoin(taken, taken.c.slot_id == MachineSlot.id)
    return {row[0]: int(row[1] or 0) for row in db.session.execute(query.where(MachineSlot.id.in_(slots)))} if slots else {}


def next_introduction(machine: WorkMachine) -> tuple[MachineSlot, int] | None:
    """The next introduction that has a place left, and how many."""
    query = select(MachineSlot).where(
        MachineSlot.machine_id == machine.id, MachineSlot.kind == SlotKind.INTRODUCTION, MachineSlot.freed_at.is_(None),
        MachineSlot.day >= today(),
    ).order_by(MachineSlot.day, MachineSlot.from_minute)  # fmt: skip
    slots = [each for each in db.session.scalars(query) if not has_passed(each.day, each.from_minute)]
    left = places_left([each.id for each in slots])
    return next(((each, left[each.id]) for each in slots if left[each.id] > 0), None)


def qualification_on(machine: WorkMachine, borrower_id: int, day: date, minor: str | None = None) -> Qualification | None:
    """By which somebody may use a machine on a day: the borrower's own, or that of the minor whom the borrower accompanies."""
    query = select(Qualification).where(
        Qualification.machine_id == machine.id, Qualification.borrower_id == borrower_id, Qualification.withdrawn_at.is_(None),
        Qualification.granted_on <= day, Qualification.until_on >= day,
        or_(Qualification.minor.is_(None), Qualification.minor == minor),
    ).order_by(Qualification.until_on.desc()).limit(1)  # fmt: skip
    return db.session.scalar(query)


@dataclass(frozen=True)
class Skilled:
    """A qualification on the desk's page: how it stands today, and how many slots are booked that it does not cover."""

    qualification: Qualification
    is_over: bool
    ends_soon: bool
    uncovered: int


def standings_of(machine: WorkMachine) -> list[Skilled]:
    """Who may use a machine, and who could: what is over with a slot ahead comes first."""
    query = select(Qualification).where(Qualification.machine_id == machine.id, Qualification.withdrawn_at.is_(None))
    found = db.session.scalars(query.options(joinedload(Qualification.borrower)).order_by(Qualification.until_on.desc())).all()
    ahead = _slots_ahead(machine)
    made = [
        Skilled(
            each, each.until_on < today(), today() <= each.until_on < today() + timedelta(days=30),
            sum(slot.minor == each.minor and slot.day > each.until_on for slot in ahead[each.borrower_id]),
        )
        for each in found
    ]  # fmt: skip
    return sorted(made, key=lambda each: (not each.uncovered, each.is_over))


def _slots_ahead(machine: WorkMachine) -> dict[int, list[MachineSlot]]:
    query = select(MachineSlot).where(
        MachineSlot.machine_id == machine.id,
        MachineSlot.state.in_(TO_COME),
        MachineSlot.kind == SlotKind.SESSION,
        MachineSlot.day >= today(),
    )
    found: dict[int, list[MachineSlot]] = defaultdict(list)
    for each in db.session.scalars(query):
        assert each.borrower_id is not None
        found[each.borrower_id].append(each)
    return found


def slots_to_come(machine: WorkMachine, until: date | None = None) -> Sequence[MachineSlot]:
    """What is booked from now on, up to a day, that day included; sessions and introductions."""
    query = select(MachineSlot).where(MachineSlot.machine_id == machine.id, MachineSlot.state.in_(TO_COME), MachineSlot.day >= today())
    if until is not None:
        query = query.where(MachineSlot.day <= until)
    query = query.where(MachineSlot.kind != SlotKind.UPKEEP).options(joinedload(MachineSlot.borrower))
    return db.session.scalars(query.order_by(MachineSlot.day, MachineSlot.from_minute)).all()


def running_slot(machine: WorkMachine) -> MachineSlot | None:
    """The session that is running, if one is."""
    query = select(MachineSlot).where(MachineSlot.machine_id == machine.id, MachineSlot.state == SlotState.RUNNING)
    return db.session.scalar(query.order_by(MachineSlot.began_at.desc()).limit(1))


def _over(machine: WorkMachine) -> Select[MachineSlot]:
    """The sessions that are over, done or missed."""
    query = select(MachineSlot).where(MachineSlot.machine_id == machine.id, MachineSlot.kind == SlotKind.SESSION)
    query = query.where(MachineSlot.state.in_((SlotState.DONE, SlotState.MISSED)))
    return query.options(joinedload(MachineSlot.borrower), joinedload(MachineSlot.supply))


def last_sessions(machine: WorkMachine, most: int = 12) -> Sequence[MachineSlot]:
    """The sessions that are over, done or missed, the newest first."""
    return db.session.scalars(_over(machine).order_by(MachineSlot.day.desc(), MachineSlot.from_minute.desc()).limit(most)).all()


def sessions_between(machine: WorkMachine, first: date, after: date) -> Sequence[MachineSlot]:
    """Those of some days, half-open, in their order."""
    query = _over(machine).where(MachineSlot.day >= first, MachineSlot.day < after)
    return db.session.scalars(query.order_by(MachineSlot.day, MachineSlot.from_minute)).all()


def seats_of(slot: MachineSlot) -> Sequence[MachineSeat]:
    """Who has a place in an introduction."""
    query = select(MachineSeat).where(MachineSeat.slot_id == slot.id, MachineSeat.freed_at.is_(None)).order_by(MachineSeat.number)
    return db.session.scalars(query.options(joinedload(MachineSeat.borrower))).all()


@dataclass(frozen=True)
class Meters:
    """What a machine has done: minutes in all, since its last upkeep, this month; grams this month; sessions, and those it failed."""

    minutes: int
    since_upkeep: int
    month_minutes: int
    month_grams: int
    sessions: int
    failed: int


def meters_of(machine: WorkMachine) -> Meters:
    """What a machine has done, from its sessions."""
    done = (MachineSlot.machine_id == machine.id) & (MachineSlot.state == SlotState.DONE) & (MachineSlot.kind == SlotKind.SESSION)
    looked_after = select(func.max(MachineSlot.day)).where(
        MachineSlot.machine_id == machine.id, MachineSlot.kind == SlotKind.UPKEEP, MachineSlot.freed_at.is_(None), MachineSlot.day < today()
    )
    upkeep, month = db.session.scalar(looked_after), today().replace(day=1)
    since = MachineSlot.day > upkeep if upkeep else MachineSlot.id > 0
    minutes = func.sum(MachineSlot.minutes)
    row = db.session.execute(
        select(
            minutes,
            minutes.filter(since),
            minutes.filter(MachineSlot.day >= month),
            func.sum(MachineSlot.grams).filter(MachineSlot.day >= month),
            func.count(),
            func.count().filter(MachineSlot.result == Result.MACHINE_FAILED),
        ).where(done)
    ).one()
    return Meters(*(int(each or 0) for each in row))


def minutes_run(slot: MachineSlot) -> int:
    """How long a running session has taken so far; of one that nobody ended on its day, what the slot was booked for."""
    began = slot.began_at or now()
    if local(began).date() != today():
        return slot.until_minute - slot.from_minute
    return max(1, int((now() - began).total_seconds()) // 60)


def watchers_of(machine: WorkMachine) -> Sequence[MachineWatch]:
    """Who is to hear that a machine works again."""
    return db.session.scalars(select(MachineWatch).where(MachineWatch.machine_id == machine.id, MachineWatch.told_at.is_(None))).all()


def asked_since(hours: int, *, source: str) -> int:
    """How many slots and watches were asked for online from one network address in the last hours."""
    since = now() - timedelta(hours=hours)
    slots = select(func.count()).select_from(MachineSlot).where(MachineSlot.source == source, MachineSlot.made_at > since)
    watches = select(func.count()).select_from(MachineWatch).where(MachineWatch.source == source, MachineWatch.asked_at > since)
    return (db.session.scalar(slots) or 0) + (db.session.scalar(watches) or 0)


def borrower_at(name: str, email: str) -> Borrower | None:
    """A borrower of this name at this address, however it is written."""
    query = select(Borrower).where(func.lower(Borrower.email) == email.lower()).order_by(Borrower.id)
    return next((each for each in db.session.scalars(query) if each.name.casefold() == name.casefold()), None)
