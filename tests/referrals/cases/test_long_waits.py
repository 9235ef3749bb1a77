"""Who waits for long rises, so that nobody waits for ever; and a decision is told again as it was taken."""

import dataclasses
import datetime as dt

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.web import search
from refurb.referrals.cases.actions import allocate
from refurb.referrals.cases.priority import ELIGIBILITY, UNCHANGED, Needs, Rise, Waited, order
from refurb.referrals.cases.queries import waiting as waiting_queries
from refurb.referrals.cases.queries.waiting import rank_of, standing_of, waiting_list, waiting_page
from refurb.referrals.cases.replay import disagreements, replayed
from refurb.referrals.words import Situation, Usage
from tests.support.story import families, people


def since(days, **facts):
    referral = families.waiting(**facts)
    with unit_of_work():
        referral.submitted_at = now() - dt.timedelta(days=days)
    return referral


def references(**filters):
    return [row.reference for row in db.session.execute(waiting_list(**filters))]


def test_a_long_wait_rises_sentence_by_sentence_or_to_the_top_or_not_at_all(app):
    at = now()
    other = lambda days: Needs(0, Situation.RETIRED, Usage.OTHER, at - dt.timedelta(days=days))  # noqa: E731 - one fact of it matters
    for rises, places in ((Rise.STEP, [4, 4, 3, 2, 1, 1]), (Rise.FIRST, [4, 4, 1, 1, 1, 1]), (Rise.NONE, [4] * 6)):
        rule = dataclasses.replace(order(), waited=Waited(60, rises))
        assert [rule.place_of(other(days), at) for days in (0, 59, 60, 120, 180, 900)] == places, rises


def test_pages_ranks_and_words_agree_for_every_rise(context, monkeypatch):
    """The order is computed by the database in three ways and by Python once: all say the same, whoever waited for however long."""
    for number, days in enumerate((0, 20, 59, 61, 100, 130, 200, 300)):
        since(days)
        since(days, school_children=1 + number % 2)
        since(days, situation=Situation.STUDYING)
    waiting = {each.reference: each for each in db.session.scalars(db.select(families.Referral))}
    for module in (search, waiting_queries):
        monkeypatch.setattr(module, "PER_PAGE", 5)
    for waited in (UNCHANGED, Waited(60, Rise.STEP), Waited(60, Rise.FIRST)):
        rule = dataclasses.replace(order(), waited=waited)
        with ELIGIBILITY.as_if(rule):
            listed = references(kind=DeviceKind.MONITOR)
            paged = [row.reference for number in range(1, 6) for row in waiting_page(DeviceKind.MONITOR, number).rows]
            sorted_here = sorted(waiting.values(), key=lambda each: (rule.place_of(Needs.of(each)), each.submitted_at, each.id))
            assert listed == paged == [each.reference for each in sorted_here], waited
            assert [rank_of(waiting[each]) for each in listed] == list(range(1, 25)), waited


def test_it_says_who_stands_before_and_that_a_wait_raised_it(app, signed_in):
    with app.app_context():
        people.settle()
        long = since(70, situation=Situation.RETIRED)
        families.waiting(school_children=2)
        families.waiting(situation=Situation.STUDYING)
        assert (standing_of(long).rank, standing_of(long).ahead) == (2, {1: 1})
        reference = long.reference
    client = signed_in(Role.PRESCRIBER)
    page = client.get(f"/orientations/{reference}").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Rang 2 sur 3" in page
    assert "Attend depuis 70 jours : passe en priorité 3" in page
    assert "Devant : 1 de priorité 1 (Famille avec enfants scolarisés)" in page
    told = client.get(f"/api/v1/referrals/{reference}").json["waiting"]
    assert (told["rank"], told["of"], len(told["reasons"]), len(told["ahead"])) == (2, 3, 2, 1)


def test_a_decision_is_told_again_after_the_rule_and_the_file_changed(context):
    families.waiting(school_children=1)
    third, device = since(70), families.ready()
    families.waiting(situation=Situation.STUDYING)
    with unit_of_work():
        allocation = allocate(people.actor(Role.COORDINATOR), third, device, override=True, reason="Formation lundi.")
    with unit_of_work():
        third.school_children = 5

    with ELIGIBILITY.as_if(dataclasses.replace(order(), priorities=order().priorities[::-1], waited=UNCHANGED)):
        told = replayed(allocation)
        assert (told.standing.rank, told.standing.total, told.place, told.agrees) == (2, 3, 3, True)
        assert "Autre situation (priorité 4)" in told.reasons[0].replace("\u00a0", " ")
        assert list(disagreements()) == []

    kept = allocation.grounds
    assert (kept["priority"], kept["place"]) == ("others", 3)
    for otherwise in ({"place": 4}, {"priority": "students"}):
        with unit_of_work():
            allocation.grounds = kept | otherwise
        assert list(disagreements()) == [allocation], "the version says another place, or another sentence, than it did that day"
    with unit_of_work():
        allocation.grounds = {name: said for name, said in kept.items() if name not in {"place", "priority"}}
    assert list(disagreements()) == [], "a decision from before they were kept"

    with unit_of_work():
        allocation.grounds = kept | {"ahead": {"4": 1}}
    assert list(disagreements()) == [allocation], "nobody of the fourth priority stands before one of the third"
