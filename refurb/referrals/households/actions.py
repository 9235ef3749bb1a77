"""Note that two households are alike, tell a prescriber so once, settle whether they are one, and take them apart again."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import update

from refurb.accounts.models import Account
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record, write_beside
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from refurb.referrals.households.policy import HOUSEHOLDS
from refurb.referrals.households.queries import (
    UNDER_WAY,
    alike,
    likenesses_between,
    looked_up_today,
    members_of,
    referrals_of_household,
    told_of,
)
from refurb.referrals.households.rules import Alone, AnswerGiven, LikenessDecided, Moved, SameHousehold
from refurb.referrals.models import Household, HouseholdLikeness, LikenessTold, Referral
from refurb.referrals.words import HouseholdAnswer, HouseholdVerdict

followers: list[Callable[[Actor, Sequence[int]], None]] = []
"""What the rooms above do once households were united or parted, in the same unit: given the numbers of all that were concerned."""


def _followed(actor: Actor, numbers: Sequence[int]) -> None:
    for follow in followers:
        follow(actor, numbers)


def new_household() -> Household:
    """A household of somebody who is written down for the first time, or for the first time as far as anybody knows."""
    return Household(created_at=now())


def note_likenesses(household: Household) -> list[HouseholdLikeness]:
    """Note which households are alike to one that asks, for the coordination to settle: those that were not found before.

    What was settled once between two families is not asked again. Where nothing of the household is under way, nothing is to be decided.
    """
    db.session.flush()
    own = members_of(household)
    if not any(each.state in UNDER_WAY for each in referrals_of_household(household)):
        return []
    made = []
    for number, kinds in alike(household).items():
        other = db.session.get_one(Household, number)
        if likenesses_between(own, members_of(other)):
            continue
        first, second = sorted((household.id, number))
        likeness = HouseholdLikeness(first_id=first, second_id=second, kinds=[each.value for each in kinds], found_at=now())
        db.session.add(likeness)
        made.append(likeness)
    db.session.flush()
    return made


def look_up(actor: Actor, referral: Referral) -> bool:
    """Whether whoever sends a referral is told that a request for a like household exists: once for each referral, so many times a day.

    Each time is logged, found or not. Past the day's limit nothing is told, and nothing says so: the coordination finds it all the same.
    """
    check(actor, Permission.REFERRAL_WRITE)
    if actor.id is None or told_of(referral) is not None:
        return False
    lock(db.session.get_one(Account, actor.id))  # Two forms sent at once are counted one after the other.
    if looked_up_today(actor.id) >= HOUSEHOLDS.in_force().told_a_day:
        return False
    note(SecurityKind.HOUSEHOLD_LOOKED_UP, actor, referral.reference)
    if not alike(referral.beneficiary.household):
        return False
    db.session.add(LikenessTold(referral_id=referral.id, told_at=now()))
    db.session.flush()
    return True


def answer_told(actor: Actor, referral: Referral, *, answer: HouseholdAnswer, word: str | None = None) -> None:
    """What the prescriber says of the request that she was told of: the same family, another, or she does not know. Once."""
    check(actor, Permission.REFERRAL_WRITE)
    lock(referral)
    told = told_of(referral)
    if told is None:
        raise NotFound
    if told.answer is not None:
        raise AnswerGiven
    told.answer, told.word = answer, word
    record(referral, "household_answered", actor, answer=answer.value)


def settle(actor: Actor, likeness: HouseholdLikeness, *, verdict: HouseholdVerdict, reason: str) -> None:
    """The coordination says whether two like households are one; why stands beside the history, where it can be erased."""
    check(actor, Permission.REFERRAL_DECIDE)
    lock(likeness)
    if likeness.verdict is not None:
        raise LikenessDecided
    if verdict is HouseholdVerdict.ONE:
        merge_households(actor, likeness.first, likeness.second, reason=reason)
    else:
        _hold(likeness.first, likeness.second)
        happened = record(likeness.first, "kept_apart", actor, other=likeness.second_id)
        write_beside(happened, {"reason": reason})
        record(likeness.second, "kept_apart", actor, other=likeness.first_id)
        # Said of the two families: what else was found between them is answered with it.
        between = likenesses_between(members_of(likeness.first), members_of(likeness.second))
        _settle(actor, [each for each in between if each.verdict is None], verdict)
    _settle(actor, [likeness], verdict)


def merge_households(actor: Actor, one: Household, other: Household, *, reason: str) -> Household:
    """Two households are one from now on: the older stands, both remain, and all that was one with either is one with it."""
    check(actor, Permission.REFERRAL_DECIDE)
    _hold(one, other)
    stands, gone = (db.session.get_one(Household, number) for number in sorted((one.root, other.root)))
    followers = [each for each in members_of(gone) if each != gone.id]
    _lead(followers, None)
    _lead([*followers, gone.id], stands.id)
    db.session.refresh(gone)
    write_beside(record(gone, "merged", actor, into=stands.id), {"reason": reason})
    record(stands, "absorbed", actor, merged=gone.id)
    _followed(actor, [stands.id])
    return stands


def separate(actor: Actor, household: Household, *, reason: str) -> None:
    """A household is none with the others after all: it stands for itself again, and the others stay together without it."""
    check(actor, Permission.REFERRAL_DECIDE)
    _hold(household)
    others = [each for each in members_of(household) if each != household.id]
    if not others:
        raise Alone
    _lead([household.id, *others], None)
    _lead(others[1:], others[0])
    db.session.refresh(household)
    write_beside(record(household, "separated", actor, others=others), {"reason": reason})
    for number in others:
        record(db.session.get_one(Household, number), "left", actor, separated=household.id)
    _remember_apart(actor, household, others)
    _followed(actor, [household.id, *others])


def _hold(*households: Household) -> None:
    """Hold some households and those that stand for them, all in one order, so that two deeds about them never wait for each other.

    Where somebody united or parted them meanwhile, others would have to be held: raises `Moved`. Two that are one raise `SameHousehold`.
    """
    roots = [each.root for each in households]
    numbers = {each.id for each in households} | set(roots)
    for number in sorted(numbers):
        lock(db.session.get_one(Household, number))
    if [each.root for each in households] != roots:
        raise Moved
    if len(set(roots)) != len(households):
        raise SameHousehold


def _lead(numbers: Iterable[int], into: int | None) -> None:
    """Have households lead to another, or to none."""
    db.session.execute(update(Household).where(Household.id.in_(list(numbers))).values(merged_into_id=into))
    db.session.expire_all()


def _settle(actor: Actor, likenesses: Iterable[HouseholdLikeness], verdict: HouseholdVerdict) -> None:
    for each in likenesses:
        each.verdict, each.settled_at, each.settled_by = verdict, now(), actor.id
    db.session.flush()


def _remember_apart(actor: Actor, household: Household, others: list[int]) -> None:
    """That these are two was decided by a person: nobody is asked again."""
    between = likenesses_between([household.id], others)
    if not between:
        first, second = sorted((household.id, others[0]))
        between = [HouseholdLikeness(first_id=first, second_id=second, kinds=[], found_at=now())]
        db.session.add_all(between)
    _settle(actor, between, HouseholdVerdict.TWO)
