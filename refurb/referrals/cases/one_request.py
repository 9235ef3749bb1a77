"""One household, one request: of two that are united one goes on and the other is joined to it, and they part again with the household."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from refurb.kernel.deeds.access import SERVICE, Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.machine import Look, Move
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.words import _lp
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.households.actions import followers
from refurb.referrals.households.queries import members_of, referrals_of_household
from refurb.referrals.models import Household, Referral
from refurb.referrals.words import ReferralState

JOINED = Look(_lp("referral", "Jointe à une autre demande"), "users", "todo")
_JOINABLE = frozenset({ReferralState.SUBMITTED, ReferralState.NEEDS_INFORMATION, ReferralState.WAITING})


def look_of(referral: Referral) -> Look:
    """How a referral is shown: one that was joined to another is closed, and nobody withdrew it."""
    return JOINED if referral.joined_into_id is not None else referral_machine.looks[referral.state]


def follow_households(actor: Actor, numbers: Iterable[int]) -> None:
    """Within the unit in which households were united or parted: each family asks once.

    What was joined to a request of another family goes on by itself, from where it stood. Of those under way in one family the one with a
    device goes on, or else the one that was sent first; two that have a device each both stay, as they were decided.
    """
    households = [db.session.get_one(Household, number) for number in sorted(set(numbers))]
    for each in {household.root: household for household in households}.values():
        _resume_strangers(actor, each)
        _join_within(actor, each)


def _held(referrals: Sequence[Referral]) -> list[Referral]:
    """Some referrals, held until the end of the unit, in one order: whoever is deciding about one of them is waited for.

    What every deed on a referral holds before it is held before all of them, so that nobody who holds that waits for one of these.
    """
    held = sorted(referrals, key=lambda each: each.id)
    for each in held:
        referral_machine.hold_first(each)
    for each in held:
        lock(each)
    return held


def _resume_strangers(actor: Actor, household: Household) -> None:
    own, family = referrals_of_household(household), set(members_of(household))
    for each in _held([each for each in own if each.joined_into_id is not None]):
        lead = db.session.get(Referral, each.joined_into_id or 0)
        is_strange = lead is None or lead.beneficiary.household_id not in family
        if is_strange and each.beneficiary.forgotten_at is None:
            resume(actor, each)


def _join_within(actor: Actor, household: Household) -> None:
    under_way = [each for each in _held(referrals_of_household(household)) if each.state.is_under_way]
    ordered = sorted(under_way, key=lambda each: (each.state is not ReferralState.ALLOCATED, each.submitted_at, each.id))
    for each in ordered[1:]:
        if each.state in _JOINABLE:
            referral_machine.fire(each, "join", actor, into=ordered[0].id)


def resume(actor: Actor, referral: Referral) -> None:
    """Let a request go on by itself that was joined to another: on the list if it waited there, else to be looked at again."""
    joined = next(each for each in events_of(referral) if each.move == "join")
    waited = joined.facts["from"] == ReferralState.WAITING
    referral_machine.fire(referral, "resume_waiting" if waited else "resume", actor)


@referral_machine.does("join")
def _join(referral: Referral, _actor: Actor, facts: dict[str, Any]) -> None:
    """Those that were joined to it are joined to the one that goes on: no request hangs on one that is closed."""
    referral.address = None
    db.session.execute(update(Referral).where(Referral.joined_into_id == referral.id).values(joined_into_id=facts["into"]))


@referral_machine.does("resume")
@referral_machine.does("resume_waiting")
def _resume(referral: Referral, _actor: Actor, _facts: dict[str, Any]) -> None:
    referral.joined_into_id = None


def _follow(referral: Referral, row: Move[ReferralState], _actor: Actor, facts: dict[str, Any]) -> None:
    """Where the one that went on comes to nothing, those that were joined to it ask again: nobody's request is lost with another's."""
    if row.name == "join":
        referral.joined_into_id = facts["into"]
    if row.name not in {"refuse", "withdraw"}:
        return
    joined = db.session.scalars(select(Referral).where(Referral.joined_into_id == referral.id)).all()
    for each in _held([each for each in joined if each.beneficiary.forgotten_at is None]):
        resume(SERVICE, each)
    if joined:
        _join_within(SERVICE, referral.beneficiary.household)


referral_machine.followers.append(_follow)
followers.append(follow_households)
