"""The counter with a hand scanner in a real browser: presses are counted, no scan is lost, at a desk and on a telephone."""

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect
from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.counter.actions.piles import clear
from refurb.lending.counter.models import Pile
from tests.journeys.people.coordinator import draw_a_signature
from tests.support.browser import axe_violations
from tests.support.serving import Service
from tests.support.story import desk
from tests.support.visitor import DESKTOP, PHONE, Visitor


@pytest.fixture(autouse=True)
def _a_clear_counter(lasting_service: Service) -> None:
    """Nothing lies on the counter that somebody else's test left."""
    with lasting_service.app.app_context(), unit_of_work() as session:
        for pile in session.scalars(select(Pile)):
            clear(pile)


def scan(page: Page, *codes: str) -> None:
    """A scanner that empties its memory: no pause between the codes, nor within."""
    page.keyboard.type("".join(f"{code}\n" for code in codes))


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_two_scans_one_press_and_a_signature_then_five_scans_and_one_press(browser: Browser, lasting_service: Service, width: int) -> None:
    projectors = f"Vidéoprojecteur {width}"
    with lasting_service.app.app_context():
        product = desk.product(projectors, "projector")
        with desk.unit_of_work():
            parts = [{"name": "Appareil", "quantity": 1}, {"name": "Câble", "quantity": 1}]
            agent = desk.people.actor(Role.DESK)
            items = [desk.add_item(agent, product_id=product.id, name=f"{projectors} n° {n}", components=parts) for n in range(5)]
        codes = [each.code for each in items]
        for each in items[1:]:
            desk.lent(each, desk.borrower(f"Rapporte {width}"))
        card = desk.borrower(f"Emprunte {width}").code
    visitor = Visitor(browser, lasting_service, width=width)
    visitor.sign_in(Role.DESK)
    visitor.open("/comptoir")
    page = visitor.page

    page.locator("body").click(position={"x": 3, "y": 3})  # The focus is nowhere: the scanner is heard all the same.
    scan(page, card, codes[0])
    expect(page.get_by_role("heading", name="Partent")).to_be_visible()
    draw_a_signature(page)
    page.get_by_role("button", name="Tout est là, enregistrer").click()
    expect(page.get_by_text("signée.")).to_be_visible()

    page.get_by_role("link", name="Nouvel emprunteur").focus()
    scan(page, *codes)
    expect(page.locator("li.line")).to_have_count(5, timeout=20_000)
    assert axe_violations(page) == []
    page.get_by_role("button", name="Tout est là, enregistrer").click()
    expect(page.get_by_text("Enregistré à")).to_be_visible()
    with lasting_service.app.app_context():
        left = {each.code: each.state.value for each in desk.db.session.query(desk.Item).filter(desk.Item.code.in_(codes))}
    assert set(left.values()) == {"available"}
    assert not visitor.leave()


def test_a_scan_is_heard_on_any_page_and_steals_nothing_from_a_field(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        code = desk.kit("Malle à entendre").code
    visitor = Visitor(browser, lasting_service)
    visitor.sign_in(Role.DESK)
    visitor.open("/emprunteurs/nouveau")
    page = visitor.page
    name = page.get_by_label("Nom et prénom")
    name.press_sequentially("Zoé ", delay=90)
    name.press_sequentially(code)
    expect(name).to_have_value(f"Zoé {code}")
    page.locator("h1").click()
    scan(page, code)
    page.wait_for_url(f"**/materiel/{code}")
    assert not visitor.leave()


def test_what_is_typed_meanwhile_stays_and_a_scan_whose_answer_was_lost_is_one(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        code = desk.lent(desk.kit("Malle à annoter"), desk.borrower("Rapporte et note")).lines[0].item.code
        first, second = desk.borrower("Première au réseau lent").code, desk.borrower("Seconde au réseau lent").code
    visitor = Visitor(browser, lasting_service)
    visitor.sign_in(Role.DESK)
    visitor.open("/comptoir")
    page = visitor.page
    scan(page, code)
    expect(page.locator("li.line")).to_have_count(1)

    held: list[Route] = []
    page.route("**/comptoir", lambda route: held.append(route) if route.request.method == "POST" and not held else route.continue_())
    page.locator("body").click(position={"x": 3, "y": 3})
    with page.expect_request("**/comptoir"):
        scan(page, first)
    page.get_by_label("Remarque").fill("prise cassée")
    held[0].continue_()
    expect(page.get_by_role("heading", name="Première au réseau lent")).to_be_visible()
    expect(page.get_by_label("Remarque")).to_have_value("prise cassée")
    page.unroute("**/comptoir")

    lost: list[APIResponse] = []

    def lose(route: Route) -> None:
        if not lost and second in (route.request.post_data or ""):
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/comptoir", lose)
    page.locator("body").click(position={"x": 3, "y": 3})
    scan(page, second)
    expect(page.locator("[data-lost]")).to_be_visible()
    scan(page, code)
    expect(page.get_by_role("heading", name="Seconde au réseau lent est là")).to_be_visible()
    page.wait_for_timeout(500)
    expect(page.get_by_role("heading", name="Seconde au réseau lent est là")).to_be_visible()
    expect(page.locator("li.line")).to_have_count(1)
    visitor.leave()


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
