"""The checklist in a real browser: only what counts is asked, one hand on the number keys is enough."""

from playwright.sync_api import Browser, expect

from refurb.kernel.deeds.access import Role
from tests.support.serving import Service
from tests.support.story import workshop
from tests.support.visitor import Visitor


def test_it_asks_what_the_answers_call_for_and_takes_number_keys(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        code = workshop.testing_laptop().code
    visitor = Visitor(browser, lasting_service)
    visitor.sign_in(Role.TECHNICIAN)
    visitor.open(f"/appareils/{code}/controles")
    page = visitor.page
    photo = page.locator("[data-question=look_photo]")
    expect(photo).to_be_hidden()
    page.locator("[data-question=look] input[value=damaged]").check()
    expect(photo).to_be_visible()
    page.locator("[data-question=look] input[value=worn]").check()
    expect(photo).to_be_hidden()

    page.locator("[data-question=shell] input[type=radio]").first.focus()
    page.keyboard.press("Digit1")
    page.keyboard.press("Digit2")
    expect(page.locator("[data-question=shell] input[value=yes]")).to_be_checked()
    expect(page.locator("[data-question=screen] input[value=no]")).to_be_checked()
    expect(page.locator("[data-question=keyboard] input[type=radio]").first).to_be_focused()
    signs = page.locator("[data-question=shell] .seg span > svg")
    expect(signs.first).to_be_visible()
    expect(signs.last).to_be_hidden()  # No tick before an answer that nobody chose.
    page.get_by_role("button", name="Enregistrer les contrôles").click()
    expect(page.get_by_text("3 contrôles enregistrés.")).to_be_visible()
    assert not visitor.leave()
