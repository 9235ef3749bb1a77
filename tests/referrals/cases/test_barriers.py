"""What stopped requests is counted by the day on which it happened, and no small number can be worked out."""

import datetime as dt

from refurb.directory.organisations.actions.merging import merge_organisations
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.referrals.cases.counts import BARRIERS
from refurb.referrals.cases.preview import held_back
from refurb.referrals.cases.queries.barriers import year_of_asks, years_of_asks
from tests.support.story import families, people


def test_each_counts_in_its_year_by_reason_and_small_numbers_hide(context):
    people.settle()
    last = now() - dt.timedelta(days=366)
    with at(last):
        families.fire(families.submitted(), "refuse", reason="duplicate")
    for _ in range(5):
        families.fire(families.submitted(), "refuse", reason="already_equipped")
    families.fire(families.submitted(people.other_prescriber()), "refuse", reason="outside_territory")
    for each in (families.submitted(), families.draft()):
        families.fire(each, "withdraw", people.actor(Role.PRESCRIBER))
    families.waiting()

    told = year_of_asks(today().year)
    stops = {str(word): number for word, number in told.stops}
    assert list(stops.values()) == ["5", "moins de 5", "0", "0", "moins de 5"], "a draft that is withdrawn never was a request"
    assert told.stopped == "plus de 5", "the sum tells no small part"
    assert told.sent == "plus de 7"
    assert told.partners == (("CCAS de Poitiers", "7"), ("Mission locale d'insertion du Poitou", "moins de 5"))
    assert told.silent == ()
    assert year_of_asks(last.year).stopped == "moins de 5"
    assert year_of_asks(last.year).silent == ("Mission locale d'insertion du Poitou",)
    assert years_of_asks() == [today().year, last.year]
    assert held_back() == {"stock": 1}

    with unit_of_work():
        merge_organisations(people.actor(Role.ADMIN), people.organisation("Mission locale"), people.organisation("CCAS"))
    assert differences(BARRIERS) == []
    assert year_of_asks(today().year).partners == (("CCAS de Poitiers", "8"),)


def test_the_page_is_the_coordinations(app, signed_in):
    with app.app_context():
        families.waiting()
    page = signed_in(Role.COORDINATOR).get("/attente/freins?annee=1066").text
    assert "Pas d’appareil prêt du type demandé" in page
    assert "moins de 5" in page
