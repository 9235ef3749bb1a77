"""Begin a rota, correct it, and keep its passages made ahead."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import on_closed_days
from refurb.directory.rota.models import Passage, Rota, RotaAdviser
from refurb.directory.rota.planning import adopt, carry_out, changes_of, schedule_of
from refurb.directory.rota.queries import rotas
from refurb.directory.rota.rules import RotaTaken, anchor_is_monday, is_a_vehicle
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.turns import Schedule
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import today


def begin_rota(
    actor: Actor,
    *,
    name: str,
    anchor: date,
    cycle: int = 2,
    vehicle_id: int | None = None,
    advisers: Collection[int] = (),
    until: date | None = None,
) -> Rota:
    """A new rota, counted from a Monday; it serves from that Monday, or from today where that lies further back."""
    check(actor, Permission.ROTA_WRITE)
    _refuse_taken(name)
    anchor_is_monday(anchor)
    is_a_vehicle(vehicle_id)
    rota = Rota(name=name, anchor=anchor, cycle=cycle, vehicle_id=vehicle_id, since=max(anchor, today()), until=until)
    rota.advisers = [RotaAdviser(account_id=each) for each in sorted(set(advisers))]
    db.session.add(rota)
    record(rota, "created", actor, anchor=anchor, cycle=cycle, vehicle=vehicle_id, advisers=sorted(set(advisers)))
    return rota


def correct_rota(actor: Actor, rota: Rota, *, seen: str | None = None, keeping: Collection[int] = (), **told: Any) -> None:
    """Say otherwise what a rota is. `told`: all of `begin_rota`. What that changes of its passages was seen before."""
    check(actor, Permission.ROTA_WRITE)
    lock(rota)
    told_as(rota, **told)
    wanted = set(told["advisers"])
    rota.advisers = [each for each in rota.advisers if each.account_id in wanted]
    rota.advisers += [RotaAdviser(account_id=each) for each in sorted(wanted - {each.account_id for each in rota.advisers})]
    for name in ("name", "anchor", "cycle", "vehicle_id", "until"):
        setattr(rota, name, told[name])
    record(rota, "corrected", actor, **told)
    adopt(actor, rota, schedule_of(rota), seen=seen, keeping=keeping)


def told_as(rota: Rota, **told: Any) -> Schedule:
    """A rota as it would be if it were as told, once that is possible. Raises `RotaTaken`, `Invalid`."""
    _refuse_taken(told["name"], rota)
    anchor_is_monday(told["anchor"])
    is_a_vehicle(told["vehicle_id"])
    return replace(schedule_of(rota), **{name: told[name] for name in ("anchor", "cycle", "until", "vehicle_id")})


def _refuse_taken(name: str, rota: Rota | None = None) -> None:
    held = db.session.scalar(select(Rota.id).where(Rota.name == name))
    if held is not None and (rota is None or held != rota.id):
        raise RotaTaken(name=name)


def keep_ahead() -> int:
    """Make the passages of the months that come nearer, and of days that were closed or opened since; how many. Done by the worker."""
    return sum(_keep_ahead(SERVICE, rota) for rota in rotas())


def _keep_ahead(actor: Actor, rota: Rota) -> int:
    changes = changes_of(rota, schedule_of(rota))
    if not changes.come and not changes.go:
        return 0
    lock(rota)
    return carry_out(actor, rota, changes_of(rota, schedule_of(rota)))


def close_passages(actor: Actor, span: ClosedSpan) -> None:
    """Days were closed: the passages on them do not take place, whoever was expected at them, and whatever set them there.

    No other passage is touched.
    """
    for rota in rotas():
        changes = changes_of(rota, schedule_of(rota)).on(span, rota.vehicle_id)
        if changes.come or changes.go:
            lock(rota)
            carry_out(actor, rota, changes_of(rota, schedule_of(rota)).on(span, rota.vehicle_id), keeping=())
    for row in _by_hand(span):
        passage_machine.fire(row, "cancel", actor, why=span.reason)


def _by_hand(span: ClosedSpan) -> list[Passage]:
    """The passages to come on closed days that no rule makes: added, moved, reinstated or kept."""
    query = select(Passage).join(Rota, Rota.id == Passage.rota_id).where(on_closed_days(span, Passage.day), Passage.day >= today())
    query = query.where(Passage.by_hand, Passage.state == PassageState.PLANNED).order_by(Passage.day, Passage.id)
    if span.site_id is not None:
        query = query.where((Passage.site_id == span.site_id) | (Rota.vehicle_id == span.site_id))
    return [] if span.hours is not None else list(db.session.scalars(query))
