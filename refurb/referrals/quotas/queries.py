"""What was promised to partners, what they were given, and what is left: by period and public."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from refurb.directory.models import Organisation
from refurb.directory.organisations.queries import standing_of
from refurb.directory.organisations.standing import Leave
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import midnight, today
from refurb.referrals.models import Allocation, Beneficiary, Referral
from refurb.referrals.quotas.policy import Public, QuotaPeriod, Quotas, quotas
from refurb.referrals.words import AllocationState, ReferralState

Taken = Counter[tuple[int, str]]
"""How many, by the id of a partner and the key of a public."""


@dataclass(frozen=True)
class QuotaLeft:
    """Of one public: how many a partner was promised (None: no limit), was given, and asks for; the last day on which that holds."""

    public: Public
    most: int | None
    taken: int
    waiting: int
    until: date

    @property
    def left(self) -> int | None:
        """How many may still be given; None without a limit. More were given than promised: none."""
        return None if self.most is None else max(0, self.most - self.taken)

    @property
    def is_full(self) -> bool:
        """Whether one more goes over it."""
        return self.left == 0


def taken_in(period: QuotaPeriod, made: Quotas, partners: Collection[int] | None = None) -> Taken:
    """The allocations that were decided in a period and hold, by partner and public.

    An allocation keeps its public; one that was decided before there were any is of the public into which its referral falls.
    """
    begin, end = midnight(period.starts_on), midnight(period.ends_on + timedelta(days=1))
    key = func.coalesce(Allocation.public, made.public_key(period.starts_on.year))
    held = (
        select(Referral.partner_id.label("partner"), key.label("public"))
        .join(Referral, Referral.id == Allocation.referral_id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Allocation.decided_at >= begin, Allocation.decided_at < end, Allocation.state != AllocationState.CANCELLED)
        .where(Allocation.replaces_id.is_(None))
    )
    if partners is not None:
        held = held.where(Referral.partner_id.in_(partners))
    rows = held.subquery()
    counted = select(rows.c.partner, rows.c.public, func.count()).group_by(rows.c.partner, rows.c.public)
    return Counter({(partner, public): count for partner, public, count in db.session.execute(counted)})


def asked_of(made: Quotas, partners: Collection[int] | None = None) -> Taken:
    """Those that wait today, by partner and public."""
    asked = (
        select(Referral.partner_id.label("partner"), made.public_key(today().year).label("public"))
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Referral.state == ReferralState.WAITING)
    )
    if partners is not None:
        asked = asked.where(Referral.partner_id.in_(partners))
    rows = asked.subquery()
    counted = select(rows.c.partner, rows.c.public, func.count()).group_by(rows.c.partner, rows.c.public)
    return Counter({(partner, public): count for partner, public, count in db.session.execute(counted)})


def numbers_by_partner(period: QuotaPeriod | None, partners: Collection[int] | None = None) -> dict[int, Counter[str]]:
    """What was promised in a period, by the id of a partner and the key of a public.

    What was promised to a record that was merged into another is promised to that one, beside its own.
    """
    if period is None or not period.numbers:
        return {}
    stands = func.coalesce(Organisation.merged_into_id, Organisation.id)
    query = select(stands, Organisation.reference).where(Organisation.reference.in_(period.numbers))
    if partners is not None:
        query = query.where(stands.in_(partners))
    found: dict[int, Counter[str]] = {}
    for partner, reference in db.session.execute(query):
        found.setdefault(partner, Counter()).update(period.numbers[reference or ""])
    return found


def merged_into(partners: Collection[int]) -> set[str | None]:
    """The references of the records that were merged into some partners."""
    return set(db.session.scalars(select(Organisation.reference).where(Organisation.merged_into_id.in_(partners))))


def quotas_of(partner: Organisation, when: date | None = None) -> list[QuotaLeft]:
    """What a partner was promised and given in the period of a day (today), public by public; nothing where nothing limits it."""
    made, when = quotas(), when or today()
    period = made.period_on(when)
    numbers = numbers_by_partner(period, [partner.id]).get(partner.id)
    if period is None or not numbers:
        return []
    taken, asked = taken_in(period, made, [partner.id]), asked_of(made, [partner.id])
    until = _until(partner, period)
    return [
        QuotaLeft(each, numbers.get(each.key), taken[partner.id, each.key], asked[partner.id, each.key], until) for each in made.publics
    ]


def _until(partner: Organisation, period: QuotaPeriod) -> date:
    """The last day of the period, or the last of what is agreed with the partner where that ends before."""
    standing = standing_of(partner, today())
    return min(period.ends_on, standing.until) if standing.leave is Leave.IN_FORCE and standing.until else period.ends_on


def quota_for(referral: Referral) -> QuotaLeft | None:
    """What is left to the partner of a referral for its public today; None where nothing limits it."""
    public = quotas().public_of(referral, today().year)
    found = next((each for each in quotas_of(referral.partner) if each.public.key == public.key), None)
    return found if found is not None and found.most is not None else None


def left_today() -> dict[tuple[int, str], int]:
    """How many each partner may still be given of each public today, by id and key; only where there is a number."""
    made = quotas()
    period = made.period_on(today())
    promised = numbers_by_partner(period)
    if period is None or not promised:
        return {}
    taken = taken_in(period, made, promised)
    return {
        (partner, public): max(0, most - taken[partner, public])
        for partner, numbers in promised.items()
        for public, most in numbers.items()
    }
