"""Take a place within a partner's quota for an allocation; a cancelled one gives it back, since only those that hold are counted."""

from dataclasses import dataclass

from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import day
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.quotas.policy import quotas
from refurb.referrals.quotas.queries import quota_for
from refurb.referrals.quotas.rules import QuotaFull
from refurb.referrals.words import AllocationState


@dataclass(frozen=True)
class QuotaPlace:
    """The place that an allocation takes: of which public, and within which quota (None: nothing limits it) the how manieth of how many."""

    public: str
    quota: str | None = None
    quota_place: int | None = None
    quota_most: int | None = None
    over_quota: bool = False


def take_place(referral: Referral, *, over: bool, reason: str | None) -> QuotaPlace:
    """The place of one more device for the partner of a referral; held until the end of the unit, so that no two take the same.

    Raises `QuotaFull`, unless somebody goes over it openly (`over`), with a written reason.
    """
    public = quotas().public_of(referral, today().year).key
    if quota_for(referral) is None:
        return QuotaPlace(public)
    lock(referral.partner)
    found = quota_for(referral)
    period = quotas().period_on(today())
    assert found is not None, "it was there a moment ago: one version within a unit"
    assert period is not None, "what is left is of a period"
    if found.is_full and not (over and reason):
        raise QuotaFull(
            partner=referral.partner.name, public=found.public.word, taken=found.taken, most=found.most, until=day(period.ends_on)
        )
    quota = f"{referral.partner_id}/{public}/{period.starts_on.isoformat()}"
    held = select(Allocation.quota_place).where(Allocation.quota == quota, Allocation.state != AllocationState.CANCELLED)
    places = set(db.session.scalars(held))
    # Those that were decided before there was a number stand first, without a place.
    first = max(0, (found.most or 0) if found.is_full else found.taken - len(places))
    place = next(each for each in range(first + 1, first + len(places) + 2) if each not in places)
    return QuotaPlace(public, quota, place, found.most, over_quota=found.is_full)
