"""Which referrals somebody may know of, and for whom she may write one: by each of the roles that she holds."""

from collections.abc import Callable

from sqlalchemy import ColumnElement, false, or_, select

from refurb.directory.models import Organisation
from refurb.directory.queries import home_organisation, organisations
from refurb.documents.models import Paper
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.counts import tally
from refurb.kernel.speech.clock import today
from refurb.referrals.cases.counts import REFERRALS
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import ReferralState


def visible(actor: Actor) -> ColumnElement[bool]:
    """The referrals an actor may know of, by each of her roles.

    A prescriber's are her organisation's, an adviser's are those that she wrote; the office sees what was submitted, and its own drafts.
    """
    seen = _own(actor)
    if sees_all(actor):
        seen += [Referral.submitted_at.is_not(None), Referral.prescriber_id == actor.id]
    return or_(false(), *seen)


expected_today: list[Callable[[Actor], ColumnElement[bool]]] = []
"""By which of the rooms above somebody comes for a referral's device today; filled by the wiring."""


def handable(actor: Actor) -> ColumnElement[bool]:
    """The referrals whose devices an actor may hand over: those she knows of and, at the desk, what is fetched today.

    What she handed over stays hers until its slip is signed, and for the rest of that day.
    """
    if not actor.on_own_work(Permission.HANDOVER_WRITE):
        return visible(actor)
    given = (
        select(Allocation.referral_id)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .outerjoin(Paper, Paper.id == Handover.paper_id)
        .where(Handover.handed_by == actor.id, or_(Handover.paper_id.is_(None), Paper.issued_on == today()))
    )
    return or_(visible(actor), Referral.id.in_(given.correlate(None)), *(each(actor) for each in expected_today))


def goes_to_homes(actor: Actor) -> bool:
    """Whether home visits of a day are somebody's as well: the desk receives who comes, and goes to nobody."""
    return actor.may(Permission.HOME_VISIT) or actor.may(Permission.REFERRAL_READ)


def is_own(actor: Actor) -> ColumnElement[bool]:
    """The referrals whose names the actor reads on a list, too: her organisation's, and those that she wrote as an adviser."""
    return or_(false(), *_own(actor))


def _own(actor: Actor) -> list[ColumnElement[bool]]:
    own: list[ColumnElement[bool]] = [Referral.partner_id.in_(within)] if (within := partners_of(actor)) else []
    return [*own, Referral.prescriber_id == actor.id] if actor.on_own_work(Permission.REFERRAL_READ) else own


def sees_all(actor: Actor) -> bool:
    """Whether the actor knows of whatever was submitted, by whomever."""
    return actor.everywhere(Permission.REFERRAL_READ)


def partners_of(actor: Actor) -> list[int]:
    """The ids of the partners whose referrals are the actor's own, in order."""
    return sorted(actor.organisations_for(Permission.REFERRAL_READ))


def kept_within(actor: Actor) -> set[str] | None:
    """The partners within which what is kept counted is the actor's, as the counts name them; None for everybody's."""
    return None if sees_all(actor) else {str(each) for each in partners_of(actor)}


def kept_by_state(actor: Actor) -> dict[ReferralState, int]:
    """The referrals of everybody, or of the actor's partners, by state, as they are kept counted; right for those that were submitted."""
    if not actor.may(Permission.REFERRAL_READ):
        return {}
    within = kept_within(actor)
    counts: dict[ReferralState, int] = {}
    for (state, _kind, by), number in tally(REFERRALS).items():
        if within is None or by in within:
            counts[ReferralState(state)] = counts.get(ReferralState(state), 0) + number
    return counts


def written_for(actor: Actor) -> list[Organisation]:
    """The organisations for which the actor may write a referral: any partner, or her own; an adviser who needs none writes for ours."""
    everywhere, within = actor.everywhere(Permission.REFERRAL_WRITE), actor.organisations_for(Permission.REFERRAL_WRITE)
    home = home_organisation() if actor.on_own_work(Permission.REFERRAL_WRITE) else None
    return [*([home] if home else []), *(each for each in organisations(partner=True) if everywhere or each.id in within)]
