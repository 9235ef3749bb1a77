"""Closing a donation: what arrived was counted, and a public body has said by which act it accepts."""

import pytest

from refurb.directory.queries import home_organisation
from refurb.inventory.donations.actions.donations import name_acceptance
from refurb.inventory.donations.rules import ActMissing, NotSorted
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DonationState, LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import workshop
from tests.support.story.machines import devices_of


def accepted():
    donation, who = workshop.sorted_out(), workshop.coordinator()
    with unit_of_work():
        name_acceptance(who, donation, accepted_by_act="Décision du maire 2026-118", accepted_on=today())
    return donation


def test_it_is_then_closed(context):
    assert workshop.move(accepted(), "close").state == DonationState.CLOSED


def test_a_technician_may_not(context):
    donation = accepted()
    with pytest.raises(Forbidden):
        workshop.move(donation, "close", who=workshop.technician())


def test_not_before_it_arrived(context):
    with pytest.raises(WrongState):
        workshop.move(workshop.announced(), "close")


def test_a_public_body_names_its_act_first(context):
    with pytest.raises(ActMissing):
        workshop.move(workshop.sorted_out(), "close")


def test_an_association_need_not(context):
    with unit_of_work():
        home_organisation().is_public_body = False
    assert workshop.move(workshop.sorted_out(), "close").state == DonationState.CLOSED


def test_what_was_bought_needs_no_acceptance(context):
    donation = workshop.announced({DeviceKind.LAPTOP: 1}, legal_origin=LegalOrigin.PURCHASE)
    workshop.move(donation, "receive", received_on=today().isoformat(), counts={"laptop": 1})
    workshop.fire(devices_of(donation)[0], "accept")
    assert workshop.move(donation, "close").state == DonationState.CLOSED


def test_the_page_says_what_is_missing_and_takes_it(app, signed_in):
    with app.app_context():
        reference, day = workshop.sorted_out().reference, today().isoformat()
    client = signed_in(Role.COORDINATOR)
    assert "Acte d’acceptation à indiquer" in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/clore-le-don").status_code == 409
    client.submit(f"/dons/{reference}/acceptation", {"accepted_by_act": "Délibération n° 7", "accepted_on": day})
    assert "Acte d’acceptation à indiquer" not in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/clore-le-don").status_code == 303


def test_not_while_a_machine_waits_to_be_sorted(context):
    with unit_of_work():
        home_organisation().is_public_body = False
    with pytest.raises(NotSorted) as refused:
        workshop.move(workshop.received({DeviceKind.LAPTOP: 3}), "close")
    assert refused.value.facts == {"count": 3}
