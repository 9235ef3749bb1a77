"""Looking up which households are alike, which are one, and what each was handed already; without reading anybody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.reads import Read
from refurb.kernel.deeds.security import SecurityEvent, SecurityKind
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.households.forms import MOST, MOST_ALIKE
from refurb.referrals.households.policy import HOUSEHOLDS
from refurb.referrals.models import Allocation, Beneficiary, Handover, Household, HouseholdHash, HouseholdLikeness, LikenessTold, Referral
from refurb.referrals.words import HashKind, ReferralState

COUNTED = frozenset(
    {
        ReferralState.SUBMITTED,
        ReferralState.NEEDS_INFORMATION,
        ReferralState.WAITING,
        ReferralState.ALLOCATED,
        ReferralState.SERVED,
    }
)
"""The referrals by which a household is known: it asks, or it was served. What was refused or withdrawn says nothing about the next."""
UNDER_WAY = COUNTED - {ReferralState.SERVED}
_ROOT = func.coalesce(Household.merged_into_id, Household.id)


def members_of(household: Household) -> list[int]:
    """The numbers of all the households that are one with it, its own among them, in order."""
    root = household.root
    return list(
        db.session.scalars(select(Household.id).where(or_(Household.id == root, Household.merged_into_id == root)).order_by(Household.id))
    )


def referrals_of_household(household: Household) -> list[Referral]:
    """The referrals of a household, whichever of its records they were written for, oldest first; drafts are not among them."""
    query = (
        select(Referral)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Beneficiary.household_id.in_(members_of(household)), Referral.submitted_at.is_not(None))
        .order_by(Referral.submitted_at, Referral.id)
    )
    return list(db.session.scalars(query))


def alike(household: Household) -> dict[int, list[HashKind]]:
    """The households that have a hash in common with one, by the number of the record that has it, with the kinds; one for each family.

    A hash that many have in common says nothing (`MOST_ALIKE`, `MOST`); only households count that ask, or were served.
    """
    own = set(members_of(household))
    hashes = db.session.execute(
        select(HouseholdHash.digest, HouseholdHash.kind).where(HouseholdHash.household_id.in_(own)).order_by(HouseholdHash.kind)
    ).all()
    found: dict[int, tuple[int, set[HashKind]]] = {}
    for digest, kind in hashes:
        others = _with(digest, household.root, MOST_ALIKE.get(kind, MOST))
        for root, number in others:
            held = found.setdefault(root, (number, set()))
            found[root] = (min(held[0], number), held[1] | {kind})
    return {number: sorted(kinds) for number, kinds in found.values()}


def _with(digest: str, own_root: int, most: int) -> list[tuple[int, int]]:
    """The families that have a hash, each by the number that stands and by that of its record; none where more than `most` have it."""
    asks = (
        select(Referral.id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Beneficiary.household_id == Household.id, Referral.state.in_(COUNTED))
        .exists()
    )
    query = (
        select(_ROOT, func.min(Household.id))
        .join(HouseholdHash, HouseholdHash.household_id == Household.id)
        .where(HouseholdHash.digest == digest, _ROOT.is_distinct_from(own_root), asks)
        .group_by(_ROOT)
        .order_by(_ROOT)
        .limit(most + 1)
    )
    rows = [(int(row[0]), int(row[1])) for row in db.session.execute(query)]
    return rows if len(rows) <= most else []


def likenesses_between(first: Sequence[int], second: Sequence[int]) -> list[HouseholdLikeness]:
    """What was ever found, or settled, between the records of two families."""
    one_way = (HouseholdLikeness.first_id.in_(first), HouseholdLikeness.second_id.in_(second))
    other_way = (HouseholdLikeness.first_id.in_(second), HouseholdLikeness.second_id.in_(first))
    return list(db.session.scalars(select(HouseholdLikeness).where(or_(_both(one_way), _both(other_way))).order_by(HouseholdLikeness.id)))


def _both(pair: tuple[ColumnElement[bool], ColumnElement[bool]]) -> ColumnElement[bool]:
    return pair[0] & pair[1]


@cache
def open_likenesses() -> Select[HouseholdLikeness]:
    """The likenesses that nobody has settled, longest known first; of two that became one otherwise, nothing is asked any more."""
    one, other = aliased(Household), aliased(Household)
    return (
        select(HouseholdLikeness)
        .join(one, one.id == HouseholdLikeness.first_id)
        .join(other, other.id == HouseholdLikeness.second_id)
        .where(
            HouseholdLikeness.verdict.is_(None),
            func.coalesce(one.merged_into_id, one.id) != func.coalesce(other.merged_into_id, other.id),
        )
        .order_by(HouseholdLikeness.found_at, HouseholdLikeness.id)
    )


@cache
def _how_many_open() -> Read:
    return Read(select(func.count()).select_from(open_likenesses().order_by(None).subquery()))


def count_open_likenesses() -> int:
    """How many likenesses wait for the coordination."""
    return int(_how_many_open().scalar())


def likeness_for(actor: Actor, number: int) -> HouseholdLikeness:
    """One likeness, for whoever decides on referrals; `NotFound` where there is none of that number."""
    check(actor, Permission.REFERRAL_DECIDE)
    found = db.session.get(HouseholdLikeness, number)
    if found is None:
        raise NotFound
    return found


def open_likeness_of(household: Household) -> HouseholdLikeness | None:
    """The oldest likeness of a family that nobody has settled."""
    own = members_of(household)
    query = open_likenesses().where(or_(HouseholdLikeness.first_id.in_(own), HouseholdLikeness.second_id.in_(own)))
    return db.session.scalars(query.limit(1)).first()


def referral_of_record(household: Household) -> Referral:
    """The newest referral written for one record of a household, whatever it is one with; raises `NotFound` where there is none."""
    query = (
        select(Referral)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(Beneficiary.household_id == household.id)
        .order_by(Referral.id.desc())
    )
    found = db.session.scalars(query.limit(1)).first()
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Helped:
    """That a household was handed a device, by which referral, and when."""

    reference: str
    handed_at: datetime


def helped_lately(referral: Referral) -> list[Helped]:
    """What the household of a referral was handed by another one, within the window of the policy, latest first."""
    since = HOUSEHOLDS.in_force().helped_since()
    query = (
        select(Referral.reference, Handover.handed_at)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .join(Allocation, Allocation.referral_id == Referral.id)
        .join(Handover, Handover.allocation_id == Allocation.id)
        .where(
            Beneficiary.household_id.in_(members_of(referral.beneficiary.household)),
            Referral.id != referral.id,
            Referral.state == ReferralState.SERVED,
            Handover.handed_at >= since,
            Allocation.replaces_id.is_(None),  # A swap is the same help, given once.
        )
        .order_by(Handover.handed_at.desc())
    )
    return [Helped(row[0], row[1]) for row in db.session.execute(query)]


def told_of(referral: Referral) -> LikenessTold | None:
    """What the prescriber was told of a referral, if anything was looked up for it."""
    return db.session.get(LikenessTold, referral.id)


def is_to_answer(referral: Referral) -> bool:
    """Whether somebody was told that a request exists, and went away without an answer."""
    told = told_of(referral) if referral.state.is_draft else None
    return told is not None and told.answer is None


def looked_up_today(account_id: int) -> int:
    """For how many referrals one person had it looked up within a day whether a request exists."""
    since = now() - timedelta(days=1)
    mine = (SecurityEvent.account_id == account_id, SecurityEvent.kind == SecurityKind.HOUSEHOLD_LOOKED_UP, SecurityEvent.at > since)
    return db.session.scalar(select(func.count()).where(*mine)) or 0


def is_one(likeness: HouseholdLikeness) -> bool:
    """Whether the two of a likeness are one family today."""
    return likeness.first.root == likeness.second.root
