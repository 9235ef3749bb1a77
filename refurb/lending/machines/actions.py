"""Enter machines; book their slots, give introductions, record sessions; put out of order what does not work, and tell who had booked."""

import hmac
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from refurb.directory.actions import fresh_code, lead_to
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.keys import key_for
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _l, _p, language
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.machines.models import MachineSeat, MachineSlot, MachineWatch, Qualification, WorkMachine
from refurb.lending.machines.queries import (
    FURTHEST,
    asked_since,
    borrower_at,
    has_passed,
    is_out_on,
    next_introduction,
    places_left,
    qualification_on,
    slots_to_come,
    starts_of,
    watchers_of,
)
from refurb.lending.machines.rules import (
    FullUp,
    MachineNameTaken,
    MachineOut,
    NoSuchSlot,
    NotQualified,
    SeatTaken,
    SlotPast,
    SlotTaken,
    TooManySlots,
    TooYoung,
)
from refurb.lending.machines.states import slot_machine
from refurb.lending.machines.words import FREED, SlotKind, SlotState
from refurb.lending.models import Borrower
from refurb.lending.supplies.actions import use_up
from refurb.lending.supplies.models import Supply
from refurb.lending.supplies.queries import spools_at

MAIL_SLOT_LINK = "mail_slot_link"
TELL_SLOT = "tell_slot"
TELL_WATCH = "tell_machine_watch"
MOST_AN_HOUR_FROM_ONE_PLACE = 8
HELD_HOURS = 24
"""For how long a slot that was asked for online waits for its link to be pressed."""
MONTH = timedelta(days=30)
SOURCE_KEPT = timedelta(days=1)
WATCH_KEPT = timedelta(days=180)


def add_machine(actor: Actor, *, site_id: int, name: str, **facts: Any) -> WorkMachine:
    """Enter a machine, under a fresh code."""
    check(actor, Permission.MACHINE_WRITE)
    _refuse_name(name)
    code = fresh_code()
    machine = WorkMachine(code=code.code, site_id=chosen_site(actor, site_id), name=name, **facts)
    db.session.add(machine)
    record(machine, "entered", actor)
    lead_to(code, machine)
    return machine


def correct_machine(actor: Actor, machine: WorkMachine, *, site_id: int, name: str, **facts: Any) -> None:
    """Write a machine anew; what is booked stays as it is."""
    check(actor, Permission.MACHINE_WRITE)
    lock(machine)
    _refuse_name(name, but=machine.id)
    machine.site_id, machine.name = chosen_site(actor, site_id), name
    for field, value in facts.items():
        setattr(machine, field, value)
    record(machine, "corrected", actor)


def _refuse_name(name: str, but: int = 0) -> None:
    if db.session.scalar(select(WorkMachine.id).where(WorkMachine.name == name, WorkMachine.id != but)):
        raise MachineNameTaken(name=name)


def book_slot(
    actor: Actor, machine: WorkMachine, borrower: Borrower, *, day: date, hour: int, slots: int = 1, minor: str | None = None,
    minor_age: int | None = None, held: bool = False, **more: Any,
) -> MachineSlot:  # fmt: skip
    """Book so many slots in a row for somebody of age, who stays beside where it is for a minor.

    Refused (`rules`) where the place is closed, the machine out of order or taken, or where nobody showed it to whoever works on it.
    """
    check(actor, Permission.MACHINE_WRITE)
    lock(machine)
    until = _free_span(machine, day, hour, slots)
    _may_use(machine, borrower, day, minor, minor_age)
    slot = MachineSlot(
        machine_id=machine.id, day=day, from_minute=hour, until_minute=until, kind=SlotKind.SESSION, borrower_id=borrower.id,
        minor=minor or None, minor_age=minor_age, made_at=now(), state=SlotState.HELD if held else SlotState.BOOKED, **more,
    )  # fmt: skip
    slot_machine.begin(slot, actor, day=day, hour=hour)
    return slot


def _free_span(machine: WorkMachine, day: date, hour: int, slots: int) -> int:
    """Until which minute so many slots from one on last; each begins when the one before ends, and none is taken."""
    if has_passed(day, hour) or day < today() or day > today() + FURTHEST:
        raise SlotPast(days=FURTHEST.days)
    grid, until = dict(starts_of(machine, day)), hour
    for _number in range(slots):
        if until not in grid:
            raise NoSuchSlot(day=day)
        until = grid[until]
    if is_out_on(machine, day):
        raise MachineOut(name=machine.name, reason=machine.out_reason)
    _refuse_taken(machine, day, hour, until)
    return until


def _refuse_taken(machine: WorkMachine, day: date, first: int, until: int) -> None:
    query = select(MachineSlot.id).where(
        MachineSlot.machine_id == machine.id, MachineSlot.day == day, MachineSlot.freed_at.is_(None),
        MachineSlot.until_minute > first, MachineSlot.from_minute < until,
    )  # fmt: skip
    if db.session.scalar(query.limit(1)) is not None:
        raise SlotTaken(day=day)


def _may_use(machine: WorkMachine, borrower: Borrower, day: date, minor: str | None, age: int | None) -> None:
    if minor and (age or 0) < machine.min_age:
        raise TooYoung(name=machine.name, age=machine.min_age)
    if machine.training_minutes is not None and qualification_on(machine, borrower.id, day, minor) is None:
        raise not_qualified(machine)


def not_qualified(machine: WorkMachine) -> NotQualified:
    """The refusal, with the next introduction that has a place, if there is one."""
    found = next_introduction(machine)
    return NotQualified("machine.not_qualified_soon", name=machine.name, nearest=found[0].day) if found else NotQualified(name=machine.name)


def ask_slot_online(
    machine: WorkMachine, *, source: str, name: str, email: str, phone: str | None = None, **facts: Any
) -> MachineSlot:  # fmt: skip
    """Hold a slot for somebody without an account until the link of their letter is pressed. Whoever is not known has to come first."""
    place = _brake(source)
    known = borrower_at(name, email)
    if known is None and machine.training_minutes is not None:
        raise not_qualified(machine)
    borrower = known or register_borrower(SERVICE, name=name, is_adult=True, phone=phone, email=email.lower(), anyway=True)
    slot = book_slot(SERVICE, machine, borrower, held=True, source=place, language=language(), **facts)
    plan(MAIL_SLOT_LINK, slot_id=slot.id)
    return slot


def _brake(source: str) -> str:
    place = hmac.new(key_for("catalogue").encode(), f"machines {source}".encode(), "sha256").hexdigest()
    if asked_since(1, source=place) >= MOST_AN_HOUR_FROM_ONE_PLACE:
        raise TooManySlots
    return place


def confirm_slot(slot: MachineSlot) -> None:
    """Whoever asked online has pressed in the letter. A second press changes nothing."""
    lock(slot)
    if slot.state is not SlotState.BOOKED:
        slot_machine.fire(slot, "confirm", SERVICE)


def cancel_slot(slot: MachineSlot) -> None:
    """Whoever booked does not come. A second press changes nothing."""
    lock(slot)
    if slot.state is not SlotState.CANCELLED:
        slot_machine.fire(slot, "cancel", SERVICE, reason=_p("reservation", "Par la personne, de son lien"))


def _follow(slot: MachineSlot, row: Move[SlotState], _actor: Actor, _facts: dict[str, Any]) -> None:
    """When it began, ended, or was let go."""
    if row.name == "start":
        slot.began_at = now()
    elif row.name == "finish":
        slot.ended_at = now()
    if row.target in FREED:
        slot.freed_at = now()


slot_machine.followers.append(_follow)


@slot_machine.does("finish")
def _finish(slot: MachineSlot, actor: Actor, facts: dict[str, Any]) -> None:
    """What the session took, and what came of it; what it used up is taken from the stock, where it lies, as far as that knows of it.

    None where it was of something else.
    """
    slot.supply = None if facts["material"] else _spool(slot.machine, facts.get("supply_id"))
    if slot.supply is not None and facts["grams"]:
        facts["from_stock"] = use_up(actor, slot.supply, facts["grams"], slot.machine.site_id)
    slot.minutes, slot.grams, slot.material, slot.result = facts["minutes"], facts["grams"], facts["material"] or None, facts["result"]


def _spool(machine: WorkMachine, told: int | None) -> Supply | None:
    """The spool that is told, which is kept at the machine's place; else the one that the machine usually takes, if there is one."""
    if told is None:
        return machine.supply
    found = next((each.supply for each in spools_at(machine.site_id, machine.supply) if each.supply.id == told), None)
    if found is None:
        raise Invalid({"supply_id": [Fault("field.choice")]})
    return found


def give_introduction(actor: Actor, machine: WorkMachine, *, day: date, hour: int, places: int, slots: int = 1) -> MachineSlot:
    """Keep some of a machine's time for showing it to so many people."""
    return _keep(actor, machine, day, hour, slots, kind=SlotKind.INTRODUCTION, places=places)


def plan_upkeep(actor: Actor, machine: WorkMachine, *, day: date, hour: int, note: str, slots: int = 1) -> MachineSlot:
    """Keep some of a machine's time for looking after it."""
    return _keep(actor, machine, day, hour, slots, kind=SlotKind.UPKEEP, note=note)


def _keep(actor: Actor, machine: WorkMachine, day: date, hour: int, slots: int, **facts: Any) -> MachineSlot:
    check(actor, Permission.MACHINE_WRITE)
    lock(machine)
    until = _free_span(machine, day, hour, slots)
    slot = MachineSlot(machine_id=machine.id, day=day, from_minute=hour, until_minute=until, made_at=now(), state=SlotState.BOOKED, **facts)
    slot_machine.begin(slot, actor, day=day, hour=hour)
    return slot


def take_seat(actor: Actor, slot: MachineSlot, borrower: Borrower) -> MachineSeat:
    """Give somebody the first free place of an introduction."""
    check(actor, Permission.MACHINE_WRITE)
    lock(slot)
    if slot.kind is not SlotKind.INTRODUCTION or slot.state is not SlotState.BOOKED or places_left([slot.id])[slot.id] < 1:
        raise FullUp(day=slot.day)
    query = select(MachineSeat.number, MachineSeat.borrower_id).where(MachineSeat.slot_id == slot.id, MachineSeat.freed_at.is_(None))
    taken = {row.number: row.borrower_id for row in db.session.execute(query)}
    if borrower.id in taken.values():
        raise SeatTaken
    number = next(each for each in range(1, len(taken) + 2) if each not in taken)
    seat = MachineSeat(slot_id=slot.id, number=number, borrower_id=borrower.id, made_at=now())
    db.session.add(seat)
    record(slot, "seat_taken", actor, number=number)
    return seat


def seat_online(slot: MachineSlot, *, source: str, name: str, email: str, phone: str | None = None) -> MachineSeat:
    """Give a place in an introduction to somebody without an account."""
    _brake(source)
    known = borrower_at(name, email)
    borrower = known or register_borrower(SERVICE, name=name, is_adult=True, phone=phone, email=email.lower(), anyway=True)
    return take_seat(SERVICE, slot, borrower)


def grant(actor: Actor, machine: WorkMachine, borrower: Borrower, *, minor: str | None = None) -> Qualification:
    """Say that somebody was shown a machine today; it replaces what the same person had."""
    check(actor, Permission.MACHINE_WRITE)
    lock(machine)
    former = update(Qualification).where(
        Qualification.machine_id == machine.id, Qualification.borrower_id == borrower.id, Qualification.withdrawn_at.is_(None),
        Qualification.minor.is_(None) if not minor else Qualification.minor == minor,
    )  # fmt: skip
    db.session.execute(former.values(withdrawn_at=now()))
    made = Qualification(
        machine_id=machine.id, borrower_id=borrower.id, minor=minor or None, granted_on=today(), granted_by=actor.id,
        until_on=_months_after(today(), machine.training_months or 12),
    )  # fmt: skip
    db.session.add(made)
    record(machine, "granted", actor, borrower_id=borrower.id)
    return made


def _months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of its month where that has none."""
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1, day=min(day.day, monthrange(day.year + years, month + 1)[1]))


def put_out_of_order(actor: Actor, machine: WorkMachine, *, reason: str, until: date | None = None) -> int:
    """Say what does not work, and until when; who had booked for these days is told, and their slots are let go. Returns how many."""
    check(actor, Permission.MACHINE_WRITE)
    lock(machine)
    machine.out_since, machine.out_until, machine.out_reason = machine.out_since or now(), until, reason
    record(machine, "out_of_order", actor, until=until)
    let_go = [each for each in slots_to_come(machine, until) if each.kind is SlotKind.SESSION]
    for slot in let_go:
        slot_machine.fire(slot, "cancel", actor, reason=reason)
        plan(TELL_SLOT, slot_id=slot.id)
    return len(let_go)


def put_back_in_order(actor: Actor, machine: WorkMachine) -> int:
    """Say that it works again; who wanted to hear so is told. Returns how many. A second press changes nothing."""
    check(actor, Permission.MACHINE_WRITE)
    lock(machine)
    if not machine.is_out:
        return 0
    machine.out_since = machine.out_until = machine.out_reason = None
    record(machine, "in_order", actor)
    watching = watchers_of(machine)
    for each in watching:
        each.told_at = now()
        plan(TELL_WATCH, watch_id=each.id)
    return len(watching)


def watch_machine(machine: WorkMachine, *, source: str, email: str) -> MachineWatch:
    """Note who wants to hear when a machine works again."""
    watch = MachineWatch(machine_id=machine.id, email=email.lower(), language=language(), source=_brake(source), asked_at=now())
    db.session.add(watch)
    return watch


def let_slots_lapse() -> int:
    """What was asked for online and nobody confirmed, or has passed, is let go; how many. Done by the worker."""
    late = select(MachineSlot).where(MachineSlot.state == SlotState.HELD, MachineSlot.made_at < now() - timedelta(hours=HELD_HOURS))
    lapsed = db.session.scalars(late.order_by(MachineSlot.id)).all()
    for slot in lapsed:
        slot_machine.fire(slot, "cancel", SERVICE, reason=_p("slot", "Sans confirmation"))
    return len(lapsed)


def _forget_sources() -> None:
    recent = now() - SOURCE_KEPT
    for kind, at in ((MachineSlot, MachineSlot.made_at), (MachineWatch, MachineWatch.asked_at)):
        db.session.execute(update(kind).where(kind.source.is_not(None), at < recent).values(source=None))


forget_watches = Term(
    key="lending.machine_watches",
    who=_l("Personne qui attend qu'une machine remarche"),
    what=_l("courriel"),
    lasts=WATCH_KEPT,
    model=MachineWatch,
    past=lambda: (MachineWatch.told_at < now() - MONTH) | (MachineWatch.asked_at < now() - WATCH_KEPT),
    aside=_forget_sources,
    hourly=True,
)
