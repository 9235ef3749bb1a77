"""Plan a ceremony, change its plan, choose its families; and what its moves do besides."""

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from refurb.ceremonies.guests.actions import call_everybody_off, follow_turns, remind_anew, resize_room, take_off, tell_moved
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.queries import free_allocations
from refurb.ceremonies.rules import (
    InvitedElsewhere,
    OtherDay,
    is_planned,
    its_ceremony_is_held,
    its_ceremony_is_planned,
    its_ceremony_is_to_come,
)
from refurb.ceremonies.states import ceremony_machine, turn_machine
from refurb.directory.sites.rules import chosen_site
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import from_wall, local, now, today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.referrals.cases.actions import hand_over
from refurb.referrals.cases.queries.allocations import allocations_by_id

_ASIDE = 10_000
USUAL_MINUTES = 90
"""How long one lasts, where nobody says so."""


def plan_ceremony(
    actor: Actor, *, title: str, starts_at: datetime, place: str, site_id: int | None = None, capacity: int | None = None, **plan: Any
) -> Ceremony:
    """Set a date and a place; `starts_at` is read on a wall clock of the territory, `site_id` is the place of ours that holds it.

    `plan` is what else is known of it (`schemas.Plan`).
    """
    check(actor, Permission.CEREMONY_WRITE)
    ceremony = Ceremony(
        title=title, starts_at=from_wall(starts_at), place=place, site_id=chosen_site(actor, site_id), capacity=capacity, created_at=now()
    )
    _write_plan(ceremony, plan)
    ceremony_machine.begin(ceremony, actor)
    return ceremony


def change_plan(
    actor: Actor, ceremony: Ceremony, *, title: str, starts_at: datetime, place: str, site_id: int | None = None,
    capacity: int | None = None, **plan: Any,
) -> None:  # fmt: skip
    """Move a planned ceremony to another date or place, or change what else is known of it; who was invited is told of the first."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_planned(ceremony)
    was, asked_until = (ceremony.starts_at, ceremony.place), ceremony.answer_by
    ceremony.title, ceremony.starts_at, ceremony.place = title, from_wall(starts_at), place
    _write_plan(ceremony, plan)
    if site_id is not None:
        ceremony.site_id = chosen_site(actor, site_id)
    # In this order each letter that is planned last is the one that stands, and says all that changed.
    if ceremony.answer_by != asked_until:
        remind_anew(ceremony)
    if (ceremony.starts_at, ceremony.place) != was:
        ceremony.sequence += 1
        ceremony.moved_at = now()
        tell_moved(ceremony)
    resize_room(ceremony, capacity)
    record(ceremony, "replanned", actor, starts_at=ceremony.starts_at)


def _write_plan(ceremony: Ceremony, plan: Mapping[str, Any]) -> None:
    last = plan.get("answer_by")
    if last is not None and last >= local(ceremony.starts_at).date():
        raise Invalid({"answer_by": [Fault("ceremony.answer_before")]})
    if last is not None and last < today() and last != ceremony.answer_by:  # What was said before stands, once its day is over.
        raise Invalid({"answer_by": [Fault("field.date_past")]})
    for name, value in plan.items():
        setattr(ceremony, name, value)
    ceremony.minutes = ceremony.minutes or USUAL_MINUTES


def choose_families(actor: Actor, ceremony: Ceremony, allocation_ids: Sequence[int]) -> None:
    """Say which hand-overs take place at a planned ceremony, in this order; those left out are free again."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_planned(ceremony)
    wanted = list(dict.fromkeys(allocation_ids))
    for allocation in allocations_by_id(wanted):  # Held, so that two ceremonies do not invite the same family.
        lock(allocation)
    free = {row.id for row in free_allocations(actor, ceremony)}
    taken = [each for each in wanted if each not in free]
    if taken:
        raise InvitedElsewhere(count=len(taken))
    _order_turns(actor, ceremony, wanted)
    follow_turns(actor, ceremony)
    record(ceremony, "families_chosen", actor, allocations=wanted)


def _order_turns(actor: Actor, ceremony: Ceremony, wanted: Sequence[int]) -> None:
    """Whoever said that she prefers an appointment is offered no more, and keeps what she said: her turn comes after the others."""
    for turn in [each for each in ceremony.turns if each.state.is_expected and each.allocation_id not in wanted]:
        take_off(actor, turn)
        if turn in ceremony.turns:  # Of a time when nobody was invited.
            ceremony.turns.remove(turn)
    kept = {turn.allocation_id: turn for turn in ceremony.turns}
    for number, turn in enumerate(kept.values(), start=1):
        turn.position = _ASIDE + number  # Two turns never share a place, not even while they are moved.
    db.session.flush()
    wanted = [*wanted, *(each for each in kept if each not in wanted)]
    for position, allocation_id in enumerate(wanted, start=1):
        if allocation_id in kept:
            kept[allocation_id].position = position
        else:
            ceremony.turns.append(Turn(allocation_id=allocation_id, position=position))
    db.session.flush()


@ceremony_machine.does("hold")
def _hold(ceremony: Ceremony, _actor: Actor, facts: dict[str, Any]) -> None:
    """The slips of the day bear the day's date: held on another day than planned, somebody says that this is meant, and why."""
    planned = local(ceremony.starts_at).date()
    if planned != today():
        if not facts["other_day"]:
            raise OtherDay(planned=planned, today=today())
        if not facts["reason"]:
            raise Invalid({"reason": [Fault("field.required")]})
    facts["other_day"] = planned != today()
    if planned == today():
        facts["reason"] = None


@ceremony_machine.does("cancel")
def _cancel(ceremony: Ceremony, actor: Actor, facts: dict[str, Any]) -> None:
    """The families are free for another date; who was invited stays in the history, why does not."""
    facts.pop("reason")
    facts["allocations"] = [turn.allocation_id for turn in ceremony.turns]
    call_everybody_off(actor, ceremony)
    ceremony.turns.clear()


def _stay_open(turn: Turn) -> None:
    """Hold the ceremony, so that nobody closes it over this turn, and look again."""
    lock(turn.ceremony)
    its_ceremony_is_held(turn)


def _as_sent(drawn: bytes | None) -> str | None:
    return f"data:image/png;base64,{base64.b64encode(drawn).decode()}" if drawn else None


@turn_machine.does("hand_over")
def _hand_over(turn: Turn, actor: Actor, facts: dict[str, Any]) -> None:
    _stay_open(turn)
    handover = hand_over(
        actor,
        turn.allocation,
        place=turn.ceremony.place,
        signature_kind=facts.pop("signature_kind"),
        signature=_as_sent(facts.pop("signature")),
        accessories=facts.pop("accessories"),
        shown=facts.pop("shown"),
        fetched_by=facts.pop("fetched_by", None),
    )
    facts["handover"] = handover.id


@turn_machine.does("keep_apart")
def _keep_apart(turn: Turn, _actor: Actor, _facts: dict[str, Any]) -> None:
    """Nobody is called in front of others who would rather not be; no reason is asked."""
    lock(turn.ceremony)
    its_ceremony_is_planned(turn)


@turn_machine.does("bring_back")
def _bring_back(turn: Turn, _actor: Actor, _facts: dict[str, Any]) -> None:
    """Whoever changed her mind is not sent away at the door."""
    lock(turn.ceremony)
    its_ceremony_is_to_come(turn)


@turn_machine.does("miss")
def _miss(turn: Turn, _actor: Actor, _facts: dict[str, Any]) -> None:
    """The allocation holds, and can be handed over at the desk or at another ceremony."""
    _stay_open(turn)


@turn_machine.does("come_late")
def _come_late(turn: Turn, _actor: Actor, _facts: dict[str, Any]) -> None:
    _stay_open(turn)
