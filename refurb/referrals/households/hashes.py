"""The keyed hashes of a household: made when its people are written down, made anew with another key, forgotten at their term."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, func, or_, select, update

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.holds import frozen
from refurb.kernel.deeds.terms import Term, ago
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l
from refurb.referrals.households.forms import digests_of, key_mark
from refurb.referrals.households.policy import HOUSEHOLDS
from refurb.referrals.models import Allocation, Beneficiary, Handover, Household, HouseholdHash, HouseholdLikeness, Referral
from refurb.referrals.words import HashKind, ReferralState

MOST_AT_ONCE = 200
OPEN = frozenset(
    {
        ReferralState.DRAFT,
        ReferralState.SUBMITTED,
        ReferralState.NEEDS_INFORMATION,
        ReferralState.WAITING,
        ReferralState.ALLOCATED,
    }
)
"""Where a referral is still under way."""


def write_hashes(household: Household) -> None:
    """Make the hashes of a household from what is written of its people now; those of before are gone.

    Where somebody was forgotten they stay as they are until their own term: nothing is written any more that they could be made from.
    """
    people = db.session.scalars(select(Beneficiary).where(Beneficiary.household_id == household.id)).all()
    if any(each.forgotten_at for each in people):
        household.hashed_by = key_mark()  # So that the worker asks no more.
        return
    wanted: dict[str, HashKind] = {}
    for person in people:
        wanted.update(digests_of(person))
    _keep(household, wanted)
    household.hashed_by, household.hashes_forgotten_at = key_mark(), None


def _keep(household: Household, wanted: Mapping[str, HashKind]) -> None:
    own = HouseholdHash.household_id == household.id
    db.session.flush()
    kept = set(db.session.scalars(select(HouseholdHash.digest).where(own)))
    db.session.execute(delete(HouseholdHash).where(own, HouseholdHash.digest.not_in(wanted)))
    db.session.add_all(
        HouseholdHash(household_id=household.id, digest=digest, kind=wanted[digest]) for digest in wanted if digest not in kept
    )


def forget_hashes(household_id: int) -> None:
    """Forget by what one household is known, and was alike to others: nothing finds it, until somebody writes its people down again."""
    db.session.execute(delete(HouseholdHash).where(HouseholdHash.household_id == household_id))
    theirs = or_(HouseholdLikeness.first_id == household_id, HouseholdLikeness.second_id == household_id)
    db.session.execute(update(HouseholdLikeness).where(theirs).values(kinds=[]))
    db.session.execute(update(Household).where(Household.id == household_id).values(hashes_forgotten_at=now()))


def forget_hashes_of(numbers: Sequence[int]) -> None:
    """The same for several."""
    for number in numbers:
        forget_hashes(number)


def hashes_past() -> ColumnElement[bool]:
    """Households of which nothing is under way, and whose last request and hand-over lie before the term."""
    since = ago(HOUSEHOLDS.in_force().hashes_kept)
    theirs = Beneficiary.household_id == Household.id
    asked = select(Referral.id).join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
    lately = or_(Referral.state.in_(OPEN), func.coalesce(Referral.submitted_at, Referral.created_at) >= since)
    handed = asked.join(Allocation, Allocation.referral_id == Referral.id).join(Handover, Handover.allocation_id == Allocation.id)
    helped = handed.where(theirs, Handover.handed_at >= since, Allocation.replaces_id.is_(None))
    return and_(Household.created_at < since, ~exists(asked.where(theirs, lately)), ~exists(helped))


def has_hashes() -> ColumnElement[bool]:
    """Households that are known by something, and were helped: the hashes of the others go with their names."""
    served = select(Referral.id).join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
    return and_(
        Household.hashed_by.is_not(None),
        Household.hashes_forgotten_at.is_(None),
        exists(served.where(Beneficiary.household_id == Household.id, Referral.state == ReferralState.SERVED)),
    )


def _is_frozen() -> ColumnElement[bool]:
    frozen_one = select(Referral.id).join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
    return exists(frozen_one.where(Beneficiary.household_id == Household.id, Referral.id.in_(frozen(Referral.KIND))))


HASHES_TERM = Term(
    key="referrals.hashes",
    who=_l("Foyer qui a reçu un ordinateur"),
    what=_l("les empreintes chiffrées (nom, année, téléphone, commune) qui servent à savoir qu'il a déjà été aidé"),
    remains=_l("Rien : le foyer ne se reconnaît plus"),
    lasts=lambda: HOUSEHOLDS.in_force().hashes_kept,
    since=_l("la dernière demande ou remise"),
    model=Household,
    past=hashes_past,
    rest=has_hashes,
    held=_is_frozen,
    forget=forget_hashes_of,
    covers=("household_hashes", "household_likenesses.kinds"),
)


def lacking() -> list[int]:
    """Some of the households whose hashes were made with no key yet, or with an older one; those with something under way come last.

    So whatever is under way finds all that came before it.
    """
    under_way: Any = exists(
        select(Referral.id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Beneficiary.household_id == Household.id, Referral.state.in_(OPEN))
    )
    stale = Household.hashed_by.is_distinct_from(key_mark())
    query = select(Household.id).where(Household.hashes_forgotten_at.is_(None), stale)
    return list(db.session.scalars(query.order_by(case((under_way, 1), else_=0), Household.id).limit(MOST_AT_ONCE)))


def hash_household(household_id: int) -> Household | None:
    """Make the hashes of one household with today's key; None where another process was quicker. Runs within a unit of work."""
    household = db.session.get_one(Household, household_id)
    lock(household)
    if household.hashed_by == key_mark() or household.hashes_forgotten_at is not None:
        return None
    write_hashes(household)
    return household
