"""The bench and the referral work in a browser that runs no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from refurb.kernel.deeds.access import Role
from tests.support.serving import Service
from tests.support.story import evidence
from tests.support.visitor import Visitor
from tests.support.web import Welcome, welcoming


@pytest.fixture
def welcome(browser: Browser, lasting_service: Service) -> Iterator[Welcome]:
    """Visitors of the folder's one service."""
    yield from welcoming(browser, lasting_service)


def test_a_scan_opens_the_bench_page_and_one_press_moves_the_device(lasting_service: Service, welcome: Welcome) -> None:
    with lasting_service.app.app_context():
        (device,) = evidence.arrive()
        code = device.code
    samira: Visitor = welcome(javascript=False)
    samira.sign_in(Role.TECHNICIAN)

    samira.open("/scanner")
    samira.scan("Étiquette, carte ou n° de série", code.lower())
    samira.sees("Reçu")
    samira.press("Accepter au tri")

    samira.sees("À effacer")


def test_a_referral_is_corrected_and_submitted(welcome: Welcome) -> None:
    claire: Visitor = welcome(javascript=False)
    claire.sign_in(Role.PRESCRIBER)
    claire.open("/orientations/nouvelle")
    claire.fill("Prénom", "Anaïs")
    claire.fill("Nom", "L'Hermitte 🙂")
    claire.fill("Commune", "Poitiers")
    claire.tick("Par téléphone ou SMS", within="Comment la joindre ?")
    claire.tick("Ordinateur portable", within="Appareil demandé")
    claire.tick("Les démarches en ligne", within="Pour quoi faire ?")
    claire.page.get_by_role("group", name="Situation").get_by_role("radio").first.check()
    claire.tick("Aujourd'hui", within="Éligibilité vérifiée le")
    claire.tick("Un autre jour", within="Notice d'information remise le")
    claire.page.get_by_role("group", name="Notice d’information remise le").get_by_label("Quel jour ?").fill(claire.today.isoformat())

    claire.press("Transmettre")
    assert claire.status == 422
    claire.is_told_beside("Téléphone", "Indiquez un téléphone")
    expect(claire.field("Nom")).to_have_value("L'Hermitte 🙂")

    claire.fill("Téléphone", "06 39 98 12 34")
    claire.press("Transmettre")
    claire.sees("Transmise", "Anaïs L'Hermitte 🙂")
