"""Who is one family: hashes without names, likenesses noted, settled once, taken apart again."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text, update

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, last_event, notes_of
from refurb.kernel.deeds.terms import Months, ago
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Conflict, Forbidden
from refurb.referrals.cases.actions import correct_contact_of, hand_over, revise_referral
from refurb.referrals.cases.asking import ask_both
from refurb.referrals.cases.likeness import compare
from refurb.referrals.cases.rules import NobodyToAsk, PersonForgotten
from refurb.referrals.households.actions import answer_told, look_up, merge_households, new_household, separate, settle
from refurb.referrals.households.hashes import HASHES_TERM, forget_hashes, write_hashes
from refurb.referrals.households.policy import HOUSEHOLDS
from refurb.referrals.households.queries import (
    count_open_likenesses,
    helped_lately,
    members_of,
    open_likeness_of,
    referrals_of_household,
    told_of,
)
from refurb.referrals.households.rehashing import hash_what_lacks
from refurb.referrals.households.rules import Alone, AnswerGiven, LikenessDecided, SameHousehold
from refurb.referrals.models import Beneficiary, Household, HouseholdHash, HouseholdLikeness
from refurb.referrals.words import HouseholdAnswer, HouseholdVerdict, ReferralState
from tests.support.story import families, people, troubles

AS_BEFORE = {"first_name": "Zoe", "last_name": "O’NEIL", "phone": None, "commune": "Lusignan"}


def coordinator():
    return people.actor(Role.COORDINATOR)


def twice():
    """One family, referred by two partners, and what was noted of it."""
    first = families.submitted()
    second = families.submitted(people.other_prescriber(), **AS_BEFORE)
    (found,) = db.session.scalars(select(HouseholdLikeness)).all()
    return first, second, found


def decide(verdict, likeness, reason="même téléphone"):
    with unit_of_work():
        settle(coordinator(), likeness, verdict=verdict, reason=reason)


def test_the_same_family_is_noticed_when_it_is_sent_and_no_name_is_in_what_is_kept(context):
    families.draft(people.other_prescriber(), **AS_BEFORE)
    first = families.submitted()
    families.submitted(first_name="Ahmed", last_name="Benali", phone="0698765432", birth_year=1970)
    assert count_open_likenesses() == 0, "neither a draft nor somebody else"
    second = families.submitted(people.other_prescriber(), **AS_BEFORE)
    (found,) = db.session.scalars(select(HouseholdLikeness)).all()
    assert {found.first_id, found.second_id} == {first.beneficiary.household_id, second.beneficiary.household_id}
    assert set(found.kinds) == {"name", "sound"}
    kept = list(db.session.execute(text("SELECT * FROM household_hashes")))
    assert kept
    assert not any("neil" in str(row).lower() or "1987" in str(row) for row in kept)

    decide(HouseholdVerdict.TWO, found, "deux cousines")
    families.fire(second, "accept")
    assert (count_open_likenesses(), len(db.session.scalars(select(HouseholdLikeness)).all())) == (0, 1), "nobody is asked twice"


def test_what_many_share_says_nothing(context):
    """The telephone of a hostel; and a first name, a year and a town that two have already."""
    named = ("Ana Silva", "Bakary Sow", "Chen Li", "Dilan Kaya", "Emre Koc", "Fatou Ba", "Gaia Rossi")
    for number, each in enumerate(named):
        first, last = each.split()
        families.submitted(first_name=first, last_name=last, birth_year=1960 + number)
    # Five may share a number: each of the first six was alike to those before it, and the seventh to none.
    assert count_open_likenesses() == 1 + 2 + 3 + 4 + 5
    for last in ("Un", "Deux", "Trois"):
        families.submitted(first_name="Marie", last_name=f"{last}xyz", birth_year=1999, phone=None)
    assert count_open_likenesses() == 15 + 1


def test_one_household_is_settled_once_and_taken_apart_again(context):
    first, second, found = twice()
    third = families.submitted(people.other_prescriber(), first_name="Ana", last_name="Silva", phone=None, birth_year=1970)
    a, b, c = (each.beneficiary.household for each in (first, second, third))
    with pytest.raises(SameHousehold), unit_of_work():
        merge_households(coordinator(), a, a, reason="par erreur")
    decide(HouseholdVerdict.ONE, found)
    assert (a.merged_into_id, b.merged_into_id) == (None, a.id)
    assert [each.reference for each in referrals_of_household(b)] == [first.reference, second.reference]
    assert count_open_likenesses() == 0
    with pytest.raises(LikenessDecided):
        decide(HouseholdVerdict.TWO, found)
    with pytest.raises(SameHousehold), unit_of_work():
        merge_households(coordinator(), b, a, reason="encore")
    (merged,) = events_of(b)
    assert (merged.move, merged.facts, notes_of([merged])[merged.id]) == ("merged", {"into": a.id}, {"reason": "même téléphone"})

    with unit_of_work():
        merge_households(coordinator(), c, b, reason="vue au guichet")
    assert members_of(c) == [a.id, b.id, c.id]
    with unit_of_work():
        separate(coordinator(), a, reason="ce n'était pas elle")
    assert (members_of(a), members_of(b)) == ([a.id], [b.id, c.id])
    assert (b.merged_into_id, c.merged_into_id) == (None, b.id)
    assert found.verdict is HouseholdVerdict.TWO
    with pytest.raises(Alone), unit_of_work():
        separate(coordinator(), a, reason="encore")


def test_two_families_that_were_kept_apart_are_not_asked_about_again_by_another_of_their_records(context):
    first, second, found = twice()
    third = families.submitted(**{**AS_BEFORE, "first_name": "Zoë"})
    assert count_open_likenesses() == 3
    decide(HouseholdVerdict.ONE, found)
    decide(HouseholdVerdict.TWO, open_likeness_of(third.beneficiary.household), "sa cousine")
    assert count_open_likenesses() == 0
    assert members_of(second.beneficiary.household) == [first.beneficiary.household_id, second.beneficiary.household_id]


def test_the_database_refuses_circles_and_chains_whatever_the_code_does(context):
    with unit_of_work() as session:
        session.add_all(made := [new_household() for _each in range(3)])
        session.flush()
        a, b, c = (each.id for each in made)

    def lead(number, into):
        with unit_of_work() as session:
            session.execute(update(Household).where(Household.id == number).values(merged_into_id=into))

    lead(b, a)
    for number, into in ((a, a), (c, b), (a, c)):
        with pytest.raises(Conflict):
            lead(number, into)
    with pytest.raises(Conflict), unit_of_work() as session:
        session.add(HouseholdLikeness(first_id=a, second_id=a, kinds=[], found_at=now()))


def test_the_coordination_alone_decides_and_asks_each_in_her_own_file(context):
    first, second, found = twice()
    prescriber = people.actor(Role.PRESCRIBER)
    for deed in (
        lambda: settle(prescriber, found, verdict=HouseholdVerdict.ONE, reason="x"),
        lambda: ask_both(prescriber, found, question="x"),
        lambda: separate(prescriber, first.beneficiary.household, reason="x"),
        lambda: merge_households(prescriber, first.beneficiary.household, second.beneficiary.household, reason="x"),
    ):
        with pytest.raises(Forbidden), unit_of_work():
            deed()
    with unit_of_work():
        assert ask_both(coordinator(), found, question="Une sœur ?") == 2
    assert {first.state, second.state} == {ReferralState.NEEDS_INFORMATION}
    assert (found.asked_at is not None, count_open_likenesses()) == (True, 1)
    with pytest.raises(NobodyToAsk), unit_of_work():
        ask_both(coordinator(), found, question="Et alors ?")


def test_a_prescriber_is_told_once_for_each_request_and_so_many_times_a_day(context):
    families.submitted()
    her = people.other_prescriber()
    draft = families.draft(her, **AS_BEFORE)
    with unit_of_work():
        assert look_up(her, draft) is True
        assert look_up(her, draft) is False
        answer_told(her, draft, answer=HouseholdAnswer.UNKNOWN, word="elle a une sœur")
    told = told_of(draft)
    assert (told.answer, told.word) == (HouseholdAnswer.UNKNOWN, "elle a une sœur")
    assert last_event(draft).facts == {"answer": "unknown"}
    with pytest.raises(AnswerGiven), unit_of_work():
        answer_told(her, draft, answer=HouseholdAnswer.SAME)

    policy = HOUSEHOLDS.in_force()
    with HOUSEHOLDS.as_if(replace(policy, told_a_day=2)):
        for expected in (True, False):
            draft = families.draft(her, **AS_BEFORE)
            with unit_of_work():
                assert look_up(her, draft) is expected
        with at(ago(Months(-1))), unit_of_work():
            assert look_up(her, draft) is True, "another day"


def test_what_it_was_handed_counts_within_the_window_and_is_forgotten_at_its_term(context):
    served = families.handed_over().allocation.referral
    again = families.submitted(people.other_prescriber(), **AS_BEFORE)
    assert helped_lately(again) == []
    decide(HouseholdVerdict.ONE, open_likeness_of(again.beneficiary.household))
    assert [each.reference for each in helped_lately(again)] == [served.reference]
    assert helped_lately(served) == []

    def forgotten():
        with unit_of_work():
            return HASHES_TERM()

    with at(ago(Months(-35))):
        assert forgotten() == 0
    with at(ago(Months(-37))):
        assert helped_lately(again) == []
        assert forgotten() == 1, "the other asks still"
    assert set(db.session.scalars(select(HouseholdHash.household_id))) == {again.beneficiary.household_id}
    assert hash_what_lacks() == 0, "what was forgotten is not made again"


def test_a_swap_is_no_help_given_again(context):
    ticket = troubles.swapping()
    with unit_of_work():
        hand_over(coordinator(), ticket.swap, place="Accueil", signature_kind="drawn", signature=families.drawing())
    again = families.submitted(people.other_prescriber(), **AS_BEFORE)
    decide(HouseholdVerdict.ONE, open_likeness_of(again.beneficiary.household))
    (helped,) = helped_lately(again)
    assert helped.handed_at < ticket.swap.handover.handed_at, "the first hand-over counts, not the one in its place"


def test_the_worker_makes_what_is_not_there_or_was_made_with_another_key(context):
    twice()
    before = set(db.session.scalars(select(HouseholdHash.digest)))
    with unit_of_work() as session:
        session.execute(update(Household).values(hashed_by=None))
        session.execute(text("DELETE FROM household_hashes"))
        session.execute(text("DELETE FROM household_likenesses"))
    assert (hash_what_lacks(), hash_what_lacks()) == (2, 0)
    assert count_open_likenesses() == 1
    assert set(db.session.scalars(select(HouseholdHash.digest))) == before
    db.session.rollback()
    secret, context.secret_key = context.secret_key, "another key of the same house, drawn this morning"
    try:
        assert (hash_what_lacks(), hash_what_lacks()) == (2, 0)
        assert set(db.session.scalars(select(HouseholdHash.digest))) & before == set()
        assert (len(before), count_open_likenesses()) == (6, 1)
    finally:
        context.secret_key = secret


def test_what_is_written_anew_is_compared_again(context):
    first = families.submitted()
    other = families.submitted(people.other_prescriber(), first_name="Ana", last_name="Silva", birth_year=1970, phone="0698765432")
    with unit_of_work():
        correct_contact_of(people.other_prescriber(), other, phone=families.FACTS["phone"])
    assert count_open_likenesses() == 1
    with unit_of_work():
        forget_hashes(first.beneficiary.household_id)
    third = families.submitted(people.other_prescriber(), **AS_BEFORE)
    assert count_open_likenesses() == 1, "what is forgotten finds nobody"
    dates = {"eligibility_checked_on": first.eligibility_checked_on, "notice_given_on": first.notice_given_on}
    with unit_of_work():
        revise_referral(people.actor(Role.PRESCRIBER), first, **{**families.FACTS, **dates})
    assert open_likeness_of(third.beneficiary.household) is not None


def test_whoever_was_forgotten_is_compared_with_nobody_and_nothing_is_written_of_her(context):
    first, second, found = twice()
    families.fire(first, "withdraw", people.actor(Role.PRESCRIBER))
    before = set(db.session.scalars(select(HouseholdHash.digest)))
    with unit_of_work() as session:
        erased = {"forgotten_at": now(), "first_name": "–", "last_name": "–"}
        session.execute(update(Beneficiary).where(Beneficiary.id == first.beneficiary_id).values(erased))
    with pytest.raises(PersonForgotten), unit_of_work():
        correct_contact_of(people.actor(Role.PRESCRIBER), first, phone="0698765432")
    with unit_of_work():
        write_hashes(first.beneficiary.household)
    assert set(db.session.scalars(select(HouseholdHash.digest))) == before
    words = {line.label: line.word for line in compare(second, first)}
    assert {words[label] for label in ("Nom", "Prénom", "Année de naissance", "Contact", "Commune")} == {"Effacé à l’échéance"}
    assert found.verdict is None
