"""Visits counted on a phone: by touch with a network that goes away, by the keyboard alone, and an opinion on a telephone turned round."""

import pytest
from playwright.sync_api import Browser, expect

from refurb.kernel.deeds.access import Role
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service
from tests.support.visitor import PHONE, Visitor
from tests.support.web import tell

BUTTON = "Compter cette visite"


@pytest.fixture
def desk(browser: Browser, lasting_service: Service) -> Visitor:
    """Somebody who counts, a phone in her hand."""
    visitor = Visitor(browser, lasting_service, width=PHONE, touch=True)
    visitor.sign_in(Role.DESK)
    return visitor


def test_visits_are_counted_by_touch_by_keyboard_and_through_a_gap_in_the_network(desk: Visitor) -> None:
    page = desk.page
    desk.open("/visites")
    expect(page.get_by_role("button", name=BUTTON)).to_be_in_viewport()
    for word in ("Aide aux démarches administratives", "70 ans et plus", "Première fois", "Mairie, secrétaire"):
        page.locator("label.tap", has_text=word).first.tap()
    keep_for_the_guide(page, "visites-compter")
    page.get_by_role("button", name=BUTTON).tap()
    desk.sees("1 visite comptée aujourd'hui", "70 ans et plus")

    # The network goes: what was tapped waits on the page, and counts once when it is back.
    page.locator("label.tap", has_text="Courriel").first.tap()
    desk.context.set_offline(True)
    page.get_by_role("button", name=BUTTON).tap()
    desk.sees("Pas de réseau.")
    expect(page.locator('input[value="email"]')).to_be_checked()
    desk.context.set_offline(False)
    desk.sees("2 visites comptées aujourd'hui")

    # By the keyboard alone: the first reason, then Enter.
    page.locator('input[name="reasons"]').first.focus()
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    desk.sees("3 visites comptées aujourd'hui")
    desk.look()

    page.get_by_role("button", name="Demander son avis").tap()
    desk.sees("Aujourd'hui, ça vous a aidé ?")
    desk.look()
    keep_for_the_guide(page, "visites-avis")
    page.go_back()
    desk.sees("Aujourd'hui, ça vous a aidé ?")
    page.locator("label.tap", has_text="Oui, beaucoup").tap()
    page.get_by_role("button", name="Donner mon avis").tap()
    desk.sees("Vous pouvez rendre le téléphone.")
    page.get_by_role("button", name="Revenir au comptage").tap()
    page.get_by_role("button", name="Annuler").first.tap()
    desk.sees("2 visites comptées aujourd'hui")
    desk.open("/visites/chiffres")
    desk.sees("2 visites")
    keep_for_the_guide(page, "visites-chiffres")
    tell([each for each in desk.faults if "ERR_INTERNET_DISCONNECTED" not in each])
