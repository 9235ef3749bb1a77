import datetime as dt

import pytest

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.waiting import rank_of, waiting_list
from refurb.referrals.words import Situation, Usage
from tests.support.story import families, people


def references(**filters):
    return [row.reference for row in db.session.execute(waiting_list(**filters))]


def test_families_with_schoolchildren_then_job_seekers_then_students_then_others(context):
    other = families.waiting()
    student = families.waiting(situation=Situation.STUDYING)
    seeker = families.waiting(usage=Usage.JOB_SEARCH)
    family = families.waiting(school_children=2)

    assert references() == [each.reference for each in (family, seeker, student, other)]


def test_within_a_priority_who_waited_longest_comes_first(context):
    younger, older = families.waiting(), families.waiting()
    with unit_of_work():
        older.submitted_at = now() - dt.timedelta(days=40)

    assert references() == [older.reference, younger.reference]
    assert (rank_of(older), rank_of(younger)) == (1, 2)


def test_each_kind_of_device_has_its_own_ranks(context):
    families.waiting(school_children=3)
    laptop = families.waiting(device_kind=DeviceKind.LAPTOP)

    assert rank_of(laptop) == 1
    assert references(kind=DeviceKind.LAPTOP) == [laptop.reference]


def test_a_filter_leaves_the_rank_as_it_is(context):
    families.waiting()
    theirs = families.waiting(people.other_prescriber())

    (row,) = db.session.execute(waiting_list(partner_id=theirs.partner_id)).all()

    assert (row.reference, row.rank) == (theirs.reference, 2)


def test_who_does_not_wait_has_no_rank(context):
    assert rank_of(families.submitted()) is None
    assert rank_of(families.allocated().referral) is None


@pytest.mark.parametrize(
    ("children", "situation", "usage", "key"),
    [
        (1, Situation.RETIRED, Usage.OTHER, "schoolchildren"),
        (0, Situation.WORKLESS, Usage.PAPERWORK, "job_seekers"),
        (0, Situation.EMPLOYED, Usage.JOB_SEARCH, "job_seekers"),
        (0, Situation.EMPLOYED, Usage.STUDIES, "students"),
        (0, Situation.UNTOLD, Usage.OTHER, "others"),
    ],
)
def test_the_rule_is_read_from_the_policy(app, children, situation, usage, key):
    assert order().priority_of(children, situation, usage).key == key


def test_the_list_and_the_rule_agree(context):
    """The rank is computed by the database, the reason by Python: they come from one file and must say the same."""
    for children in (0, 2):
        for situation in Situation:
            for usage in Usage:
                families.waiting(school_children=children, situation=situation, usage=usage)

    rows = db.session.execute(waiting_list()).all()
    numbers = [order().priority_of(row.school_children, row.situation, row.usage).number for row in rows]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) == 4


def test_the_page_says_why_in_words(app, signed_in):
    with app.app_context():
        families.waiting(school_children=2)
        families.ready()

    page = signed_in(Role.COORDINATOR).get("/attente?besoin=monitor").text.replace("\u202f", " ").replace("\u00a0", " ")

    assert "Famille avec enfants scolarisés : 2 (priorité 1)" in page
    assert "tous les 60 jours d’attente, une phrase plus haut" in page
    assert "Une personne décide" in page
    assert order().version not in page, "a sum is no word for people"


def test_the_page_filters_by_partner_and_by_kind(app, signed_in):
    with app.app_context():
        mine = families.waiting()
        theirs = families.waiting(people.other_prescriber())
        laptop = families.waiting(device_kind=DeviceKind.LAPTOP)
        mine, theirs, partner, laptop = mine.reference, theirs.reference, theirs.partner_id, laptop.reference
    client = signed_in(Role.COORDINATOR)

    filtered = client.get(f"/attente?besoin=monitor&structure={partner}").text
    assert theirs in filtered
    assert mine not in filtered
    assert laptop in client.get("/attente?besoin=laptop").text


@pytest.mark.parametrize("query", ["besoin=voiture", "structure=abc", "page=-3", "orientation=OR-0", "appareil=zz"])
def test_nonsense_in_the_address_does_no_harm(app, signed_in, query):
    with app.app_context():
        families.waiting()
        families.ready()

    assert signed_in(Role.COORDINATOR).get(f"/attente?{query}").status_code == 200


def test_an_empty_list_says_how_it_fills(signed_in):
    assert "attend ce type" in signed_in(Role.COORDINATOR).get("/attente").text


@pytest.mark.both_databases
def test_in_english_the_reasons_are_english(app, signed_in):
    with app.app_context():
        families.waiting(school_children=1)
    client = signed_in(Role.COORDINATOR)
    client.submit("/langue", {"language": "en"})

    assert "Family with schoolchildren: 1" in client.get("/attente?besoin=monitor").text
