"""A signature in a real browser: it stands for what is shown when it is drawn, and goes, visibly, when that changes."""

from playwright.sync_api import Browser, expect

from refurb.kernel.deeds.access import Role
from tests.journeys.people.coordinator import draw_a_signature
from tests.support.serving import Service
from tests.support.story import desk
from tests.support.visitor import Visitor


def test_what_changes_after_the_drawing_erases_it(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        item, card = desk.kit("Robots mBot n° 9").code, desk.borrower("Signe Elle-Même").code
    visitor = Visitor(browser, lasting_service)
    visitor.sign_in(Role.DESK)
    visitor.open("/comptoir")
    page = visitor.page
    page.keyboard.type(f"{card}\n{item}\n")
    page.get_by_role("button", name="Tout est là").click()
    expect(page.get_by_text("3 éléments sur 3")).to_be_visible()
    drawn, notice = page.locator('input[name="signature"]'), page.locator("[data-sign-void]")
    draw_a_signature(page)
    expect(drawn).not_to_have_value("")
    expect(notice).to_be_hidden()

    page.get_by_text("3 éléments sur 3").click()
    page.locator(".kit-item input[value=damaged]").first.evaluate("answer => answer.click()")
    expect(page.get_by_text("Annulée", exact=True)).to_be_visible()
    expect(drawn).to_have_value("")

    draw_a_signature(page)
    expect(notice).to_be_hidden()
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("signée.")).to_be_visible()
    assert not visitor.leave()
