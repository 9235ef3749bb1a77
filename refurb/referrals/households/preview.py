"""What another window would change today: which requests under way come from a household that would count as helped, or no longer."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.words import _, _n
from refurb.referrals.households.policy import HouseholdPolicy
from refurb.referrals.households.queries import UNDER_WAY
from refurb.referrals.models import Allocation, Beneficiary, Handover, Household, Referral
from refurb.referrals.words import ReferralState

SHOWN = 8


def preview_households(before: HouseholdPolicy, after: HouseholdPolicy) -> PolicyEffect:
    """Which referrals under way would be shown as « déjà aidé », and which would be no longer."""
    was, will = _helped_since(before.helped_since()), _helped_since(after.helped_since())
    moved = sorted(was ^ will)
    first = tuple((each, _said(each, was), _said(each, will)) for each in moved[:SHOWN])
    if not moved:
        return PolicyEffect(0, _("Aucune demande en cours n'en dépend aujourd'hui."))
    said = _n("%(num)s demande en cours change.", "%(num)s demandes en cours changent.", len(moved))
    return PolicyEffect(len(moved), said, first)


def _said(reference: str, helped: set[str]) -> str:
    return _("foyer déjà aidé") if reference in helped else _("foyer pas encore aidé")


def _helped_since(since: datetime) -> set[str]:
    """The references of what is under way for a household that was handed something since a moment."""
    person, home = aliased(Beneficiary), aliased(Household)
    served = (
        select(func.coalesce(home.merged_into_id, home.id))
        .join(person, person.household_id == home.id)
        .join(Referral, Referral.beneficiary_id == person.id)
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(Referral.state == ReferralState.SERVED, Handover.handed_at >= since, Allocation.replaces_id.is_(None))
    )
    query = (
        select(Referral.reference)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .join(Household, Household.id == Beneficiary.household_id)
        .where(Referral.state.in_(UNDER_WAY), func.coalesce(Household.merged_into_id, Household.id).in_(served))
    )
    return set(db.session.scalars(query))
