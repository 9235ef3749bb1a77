"""The figures of the workshop: received, erased, ready and handed over are four things; times come from the history."""

from datetime import timedelta

import pytest

from refurb.inventory.duplicates.actions import merge_devices
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.reporting.queries.throughput import all_together, months, steps
from refurb.reporting.views.throughput import COUNTS, FATE_WORDS, lasting
from tests.support.story import workshop


def test_a_month_counts_four_different_things(context):
    device = workshop.ready_laptop()
    workshop.tablet_in_tests()
    this = months()[-1]
    assert (this.received, this.erased, this.ready, this.handed_over) == (2, 2, 1, 0)
    workshop.fire(device, "reserve", "hand_over")
    assert months()[-1].handed_over == 1
    assert sum(each.received for each in months()[:-1]) == 0


def test_what_happened_in_a_month_and_where_machines_are_share_no_word(context):
    assert {str(word) for word, _icon in COUNTS.values()} & {str(word) for word in FATE_WORDS.values()} == set()


def test_a_machine_that_comes_back_is_not_received_again_and_counts_once_a_month(context):
    device = workshop.fire(workshop.ready_laptop(), "back_to_bench", reason="charnière")
    workshop.fire(device, "start_tests")
    workshop.fire(workshop.pass_checks(device), "pass_tests")
    this = months()[-1]
    assert (this.received, this.ready) == (1, 1)


def test_a_machine_entered_twice_by_mistake_counts_once(context):
    kept, twin = workshop.laptop(), workshop.laptop()
    with unit_of_work():
        merge_devices(workshop.coordinator(), twin, kept, reason="la même machine")
    assert months()[-1].received == 1
    assert all_together().total == 1


def test_what_is_older_than_a_year_is_in_no_month(context):
    with at(now() - timedelta(days=400)):
        workshop.laptop()
    assert sum(each.received for each in months()) == 0


def test_the_time_in_a_step_is_from_entering_to_leaving(context):
    for days in (1, 2, 30):
        with at(now() - timedelta(days=days)):
            device = workshop.laptop()
        workshop.fire(device, "accept")
    (received,) = [each for each in steps() if each.state == "received"]
    assert received.count == 3
    assert round(received.median / 86_400) == 2
    assert round(received.ninth / 86_400) == 30


def test_the_yield_counts_what_can_be_used_again(context):
    workshop.ready_laptop()
    workshop.fire(workshop.laptop(), "strip", reason="écran fendu")
    told = all_together()
    assert (told.total, told.kept, told.fates["parts"], told.fates["ready"]) == (2, 1, 1, 1)


@pytest.mark.parametrize(("seconds", "said"), [(60, "moins d'une heure"), (7_200, "2 heures"), (86_400 * 3, "3 jours")])
def test_a_time_is_said_in_words(context, seconds, said):
    assert lasting(seconds).replace("\u202f", " ").replace("’", "'") == said


def test_the_page_and_its_files(app, signed_in):
    with app.app_context():
        workshop.ready_laptop()
    client = signed_in(Role.COORDINATOR)
    told = client.get("/chiffres/atelier").text
    assert "DN-" in told
    assert "Menuiseries" in told
    donations = client.get("/chiffres/atelier/dons.csv")
    assert donations.data.startswith(b"\xef\xbb\xbf")
    assert ";1;0;1;0;0;0;0;0;100" in donations.text
    assert client.get("/chiffres/atelier/mois.csv").text.count("\r\n") == 13
    assert "Reçu;1;0;0" in client.get("/chiffres/atelier/etapes.csv").text
    assert client.get("/chiffres/atelier/autre.csv").status_code == 404


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.PRESCRIBER])
def test_exact_counts_stay_in_the_house(signed_in, role):
    someone = signed_in(role)
    assert [someone.get(f"/chiffres/atelier{rest}").status_code for rest in ("", "/dons.csv", "/mois.csv")] == [403, 403, 403]


def test_it_opens_on_an_empty_territory(signed_in):
    assert "Rien à compter pour l" in signed_in(Role.COORDINATOR).get("/chiffres/atelier").text
