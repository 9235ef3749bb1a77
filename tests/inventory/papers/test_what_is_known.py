"""What the donor is told of data and of numbers: no more than is on record, and the same on every page and paper."""

import pytest

from refurb.documents.models import PaperKind
from refurb.inventory.donations.donor import donor_url
from refurb.inventory.donations.queries.arrivals import arrival_of, arrivals_of
from refurb.inventory.papers.queries import donation_record
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.documents.papers import words
from tests.support.story import evidence, gifts, lists, workshop
from tests.support.story.machines import devices_of

AD, AE = PaperKind.DONATION, PaperKind.ERASURE
LAPTOP, DESKTOP, TABLET, MONITOR = DeviceKind.LAPTOP, DeviceKind.DESKTOP, DeviceKind.TABLET, DeviceKind.MONITOR
ALL_DONE = "Le support de stockage a été effacé ou détruit"


def said(paper):
    return " ".join(words(fetch(paper.file))).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")


def told(donation, *kinds):
    """What the attestations would say now."""
    return " ".join(said(gifts.issued(donation, kind)) for kind in kinds or (AE, AD))


@pytest.fixture
def page(app, client):
    """The donor's page, as one line of plain text."""

    def opened(donation):
        with app.app_context():
            address = donor_url(donation).removeprefix("http://refurb.example")
        return " ".join(client.get(address).text.split()).replace("\u202f", " ").replace("\u00a0", " ").replace("’", "'")

    return opened


def test_machines_that_nobody_opened_are_not_erased(context):
    donation = gifts.received(4)
    gifts.wiped(donation, "WD-0001")
    gift, erasure = told(donation, AD), told(donation, AE)
    assert ALL_DONE not in gift
    assert "1 support de stockage a été effacé ou détruit" in gift
    for text in (gift, erasure):
        assert "3 machines n'ont pas encore été examinées" in text
    assert "Machines pas encore examinées 3" in erasure
    assert "arrivé avec les matériels" in erasure
    assert "ne porte plus de données" in erasure


def test_all_is_said_to_be_erased_when_every_drive_of_every_machine_is(context):
    donation = gifts.received(2)
    gifts.wiped(donation, "WD-0001")
    workshop.say_without_drive(devices_of(donation)[1])
    text = told(donation)
    assert ALL_DONE in text
    assert "examinée" not in text


def test_machines_counted_without_a_record_are_not_known_either(context):
    donation = workshop.announced({LAPTOP: 3})
    workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 3}, detail_later=True)
    assert donation_record(donation).unexamined == 3


def test_a_screen_holds_nothing_that_anybody_need_examine(context):
    assert donation_record(workshop.received({LAPTOP: 1, MONITOR: 2})).unexamined == 1


def test_a_tablet_counts_until_its_memory_is_reset(context):
    donation = workshop.received({TABLET: 1})
    assert donation_record(donation).unexamined == 1
    workshop.say_without_drive(devices_of(donation)[0])
    assert donation_record(donation).unexamined == 0


def test_nothing_is_promised_of_a_machine_that_is_lost_or_scrapped(context, app, page):
    donation = gifts.received(3)
    gifts.wiped(donation, "WD-0001")
    gifts.read_drives(donation, "WD-0001", "WD-0002")
    lost, scrapped = devices_of(donation)[1:]
    workshop.fire(lost, "lose", reason="introuvable")
    workshop.fire(scrapped, "discard", reason="carte mère brûlée")
    text = told(donation)
    assert "Pour 2 machines, perdues, mises au rebut ou sorties de l'atelier, aucun effacement complet n'est établi." in text
    assert ALL_DONE not in text
    assert "avant toute remise" not in text
    assert "Pour une machine au moins, perdue" in page(donation)


def test_the_donor_s_page_tells_what_nobody_opened(context, page):
    donation = gifts.received(4)
    gifts.wiped(donation, "WD-0001")
    text = page(donation)
    assert "support traité ; relevés : 1" in text
    assert "3 machines ne sont pas encore examinées" in text


def refused_one():
    """Two desktops announced, one received, one refused on the dock."""
    donation = workshop.announced({DESKTOP: 2})
    refused = [{"kind": "desktop", "count": 1, "reason": "broken"}]
    return workshop.move(donation, "receive", received_on=today().isoformat(), counts={"desktop": 1}, refused=refused)


def test_what_was_refused_is_not_missing_anywhere(context, signed_in, page):
    donation = refused_one()
    with unit_of_work():
        donation.accepted_by_act = "Décision n° 2026-41"
    assert "Ordinateur fixe 2 1 1 0" in told(donation, AD)
    assert "1 appareil, refusé à l'arrivée, n'est pas compris" in told(workshop.devices_of(donation) and donation_again(donation), AD)
    text = page(donation)
    assert "2 annoncés, 1 reçu, 1 refusé : le compte y est" in text
    assert "Un écart à regarder" not in text
    office = signed_in(Role.COORDINATOR).get(f"/dons/{donation.reference}").text
    assert "le compte y est" in office
    assert "écart</span>" not in signed_in(Role.COORDINATOR).get("/dons").text


def donation_again(donation):
    """The same, with another fact, so that its paper can be issued anew."""
    with unit_of_work():
        donation.accepted_by_act = "Décision n° 2026-42"
    return donation


def test_a_machine_refused_after_it_had_a_code_is_counted_as_refused(context):
    donation = gifts.received(3)
    evidence.fire(devices_of(donation)[0], "refuse", reason="écran cassé")
    found = arrival_of(donation)
    assert (found.announced, found.received, found.refused, found.missing, found.extra) == (3, 2, 1, 0, 0)
    assert "Ordinateur portable 3 2 1 0" in told(donation, AD)


def test_a_laptop_in_place_of_a_screen_is_one_missing_and_one_too_many(context, page):
    donation = workshop.received({LAPTOP: 2, MONITOR: 0}, {LAPTOP: 1, MONITOR: 1})
    text = page(donation)
    assert "1 machine annoncée n'est pas arrivée." in text
    assert "1 machine est arrivée en plus de celles annoncées." in text


def test_what_turns_out_to_be_another_kind_is_counted_as_that(context):
    donation = gifts.received(2)
    workshop.correct(devices_of(donation)[0], kind=DESKTOP)
    assert [(kind, line.received, line.gap) for kind, line in arrival_of(donation).kinds] == [(LAPTOP, 1, -1), (DESKTOP, 1, 1)]
    assert donation_record(donation).unexamined == 2


def test_several_donations_are_counted_apart(context):
    first, second = refused_one(), gifts.announced(4)
    found = arrivals_of([first.id, second.id])
    assert (found[first.id].refused, found[second.id].refused) == (1, 0)
    assert arrivals_of([]) == {}


def four_listed(donation):
    rows = [(f"CC-{number:02d}", "Portable", "Lenovo", "ThinkPad T480", f"PF1ABC{number:02d}", 8, 256, "") for number in range(4)]
    return lists.csv(*rows)


def test_a_list_that_names_fewer_than_were_announced_leaves_both_numbers_in_sight(context, signed_in, page):
    donation = workshop.announced({LAPTOP: 5})
    waiting = lists.receive(donation, four_listed(donation))
    preview = signed_in(Role.COORDINATOR).get(f"/dons/{donation.reference}/liste/{waiting.id}").text.replace("\u00a0", " ")
    assert "Les nombres annoncés seront ceux de la liste" in preview
    assert "annoncés jusqu’ici, 5\u202f; sur la liste, 4." in preview
    lists.confirm(donation, waiting)
    assert [(kind, line.announced, line.announced_first) for kind, line in arrival_of(donation).kinds] == [(LAPTOP, 4, 5)]
    assert "Avant elle, il était annoncé : Ordinateur portable, 5." in page(donation)
    gifts.arrived(donation, 4)
    assert "Avant elle, il était annoncé : Ordinateur portable, 5." in told(donation, AD)


def test_a_list_that_says_the_same_replaces_nothing(context, signed_in):
    donation = workshop.announced({LAPTOP: 4})
    waiting = lists.receive(donation, four_listed(donation))
    assert "seront ceux de la liste" not in signed_in(Role.COORDINATOR).get(f"/dons/{donation.reference}/liste/{waiting.id}").text
    lists.confirm(donation, waiting)
    assert arrival_of(donation).announced_first == ()


def test_what_the_list_no_longer_names_is_announced_as_it_was(context):
    donation = workshop.announced({LAPTOP: 5})
    lists.imported(donation, four_listed(donation))
    desktop = lists.csv(("CC-90", "UC", "HP", "ProDesk 600 G3", "CZC8123RTN", 16, 500, ""))
    lists.imported(donation, desktop, drop_missing=True)
    assert [(kind, line.announced, line.announced_first) for kind, line in arrival_of(donation).kinds] == [
        (LAPTOP, 5, None),
        (DESKTOP, 1, 0),
    ]


def test_the_observer_of_a_paper_finds_the_same_numbers_by_the_api(app, signed_in):
    with app.app_context():
        reference = refused_one().reference
    (line,) = signed_in(Role.COORDINATOR).get(f"/api/v1/donations/{reference}").json["lines"]
    assert line == {
        "kind": "desktop", "announced": 2, "received": 1, "announced_first": None, "refused": 1, "missing": 0, "extra": 0,
    }  # fmt: skip
