"""The move `take_stock`: what stands here already is received, nobody is written to, and no button offers it."""

from datetime import date

import pytest

from refurb.inventory.devices.actions.devices import SerialTaken
from refurb.inventory.devices.actions.entries import DeviceEntry
from refurb.inventory.dock.actions.stock import enter_stock, open_stock
from refurb.inventory.donations.states import TELL_DONOR, donation_machine
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import DonationState, LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden, WrongState
from tests.support.story import people, workshop

SINCE = date(2026, 3, 2)


def stock(role=Role.COORDINATOR):
    people.settle()
    with unit_of_work():
        return open_stock(
            people.actor(role), donor_name="Mairie", donor_siren=None, legal_origin=LegalOrigin.OWN_STOCK, kind=DeviceKind.LAPTOP,
            received_on=SINCE, site_id=None,
        )  # fmt: skip


def test_it_works(context):
    donation = stock()
    assert (donation.state, donation.received_on) == (DonationState.RECEIVED, SINCE)
    assert db.session.query(Effect).filter_by(kind=TELL_DONOR).count() == 0
    with unit_of_work():
        enter_stock(people.actor(Role.COORDINATOR), donation, DeviceEntry(DeviceKind.LAPTOP, "Dell", "Latitude", "A1"))
    with pytest.raises(SerialTaken), unit_of_work():
        enter_stock(people.actor(Role.COORDINATOR), donation, DeviceEntry(DeviceKind.LAPTOP, "Dell", "Latitude", "A1"))
    assert [(line.announced, line.received) for line in donation.lines] == [(1, 1)]


def test_not_what_was_received_already(context):
    donation = stock()
    with pytest.raises(WrongState), unit_of_work():
        donation_machine.fire(donation, "take_stock", people.actor(Role.COORDINATOR), received_on=SINCE.isoformat())


def test_not_by_the_workshop_and_by_no_button(context):
    with pytest.raises(Forbidden):
        stock(Role.TECHNICIAN)
    announced = workshop.announced()
    assert "take_stock" not in {each.move.name for each in donation_machine.open_to(announced, people.actor(Role.COORDINATOR))}
