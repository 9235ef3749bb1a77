"""What the law makes us say while a donation is decided on; nothing is blocked by it but an acceptance by the wrong body."""

from datetime import date

import pytest

from refurb.inventory.donations.actions.donations import name_acceptance, name_legal_basis
from refurb.inventory.donations.cautions import SOLIDARITY_PRICES, cautions_of
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import ActKind, LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.policy import PolicyError
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, Invalid
from tests.support.story import people, workshop


def keys(donation, proposal=None):
    return [each.key for each in cautions_of(donation, proposal, we_are_public=True)]


def test_an_ordinary_gift_of_a_company_needs_none(context):
    assert keys(workshop.announced()) == []


@pytest.mark.both_databases
def test_our_own_machines_are_not_simply_given_to_people(app, signed_in):
    with app.app_context():
        donation = workshop.announced(legal_origin=LegalOrigin.OWN_STOCK)
        assert keys(donation) == ["own_stock"]
        reference = donation.reference
        with pytest.raises(Forbidden), unit_of_work():
            name_legal_basis(people.actor(Role.TECHNICIAN), donation, legal_basis="x")
    client = signed_in(Role.COORDINATOR)
    assert "Les particuliers ne figurent pas" in client.get(f"/dons/{reference}").text
    assert client.submit(f"/dons/{reference}/fondement", {"legal_basis": "Convention n° 2026-12"}).status_code == 303
    assert "Convention n° 2026-12" in client.get(f"/dons/{reference}").text


def test_what_a_public_body_gave_freely_has_its_highest_prices(context):
    donation = workshop.announced({DeviceKind.TABLET: 2}, legal_origin=LegalOrigin.PUBLIC_BODY)
    (caution,) = cautions_of(donation, None, we_are_public=True)
    assert caution.key == "freely_given"
    assert "100" in caution.text
    assert "2022-1413" in caution.text


def test_a_gift_with_a_condition_goes_to_the_council(context):
    donation, who = workshop.announced(), people.actor(Role.COORDINATOR)
    act = {"accepted_by_act": "Décision n° 3", "accepted_on": date(2026, 11, 3)}
    with pytest.raises(Invalid) as refused, unit_of_work():
        name_acceptance(who, donation, **act, act_kind=ActKind.DELEGATED, with_conditions=True)
    assert "act_kind" in refused.value.fields
    with unit_of_work():
        name_acceptance(who, donation, **act, act_kind=ActKind.COUNCIL, with_conditions=True)
    assert keys(donation) == ["conditions"]


def test_a_file_of_prices_that_is_not_right_is_refused():
    right = {"source": "x", "highest_value": 300, "caps": {"laptop": 180}}
    assert SOLIDARITY_PRICES.read(right).caps == {DeviceKind.LAPTOP: 180}
    for wrong in ({}, right | {"caps": {"toaster": 3}}, right | {"caps": {"laptop": 0}}):
        with pytest.raises(PolicyError):
            SOLIDARITY_PRICES.read(wrong)
