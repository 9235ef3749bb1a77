"""The history is told whatever an old event was written with: a fact that it lacks is a dash, never a page that fails."""

import pytest

from refurb.inventory.words.events import DONATION_EVENT_WORDS, EVENT_WORDS
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import workshop

OF_A_DEVICE = sorted({*EVENT_WORDS, "checks_answered"})


@pytest.fixture
def device(app):
    with app.app_context():
        device = workshop.laptop()
        with unit_of_work():
            for move in OF_A_DEVICE:
                record(device, move, SERVICE)
        return device.code, device.donation.reference


def test_the_page_of_a_device_whose_events_tell_nothing(signed_in, device):
    page = signed_in(Role.TECHNICIAN).get(f"/appareils/{device[0]}").get_data(as_text=True)
    assert "Reçu et compté, code – créé" in page
    assert "Passé à –" in page
    assert "0 contrôle enregistré" in page


def test_the_page_of_a_donation_whose_events_tell_nothing(app, signed_in, device):
    with app.app_context():
        donation = workshop.announced()
        reference = donation.reference
        with unit_of_work():
            for move in DONATION_EVENT_WORDS:
                record(donation, move, SERVICE)
    page = signed_in(Role.COORDINATOR).get(f"/dons/{reference}").get_data(as_text=True)
    assert "Document établi\u00a0: –" in page
