"""Somebody without an account reserves at a stop of the bus on a telephone, by the keyboard alone: commune, product, reserve, name."""

from playwright.sync_api import Browser

from tests.browser.test_committee_by_keyboard import press
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service
from tests.support.story import desk, people, rota
from tests.support.visitor import PHONE, Visitor

MOST_TABS = 60


def reach(visitor: Visitor, words: str) -> None:
    """Press Tab until what has the focus is the field of this name, or says this and nothing before it."""
    said = "() => [document.activeElement.name, document.activeElement.innerText?.replace(/\\s+/g, ' ').trim()]"
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        field, text = visitor.page.evaluate(said)
        if field == words or (text or "").startswith(words):
            return
    raise AssertionError(f"Tab does not lead to {words}")


def test_from_the_commune_to_the_bag_of_the_bus(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        people.settle()
        product = desk.kit().product_id
        rota.stop(rota.begun(), place="place du Marché", turn=None)
    zoe = Visitor(browser, lasting_service, width=PHONE)
    keys = zoe.page.keyboard
    zoe.open("/emprunter")
    reach(zoe, "ou")
    keys.type("charroux")
    press(zoe, "Enter")
    zoe.sees("Au plus près", "Passage du bus à Charroux, place du Marché")
    zoe.page.locator("main .when").evaluate("each => window.scrollTo(0, each.getBoundingClientRect().top + scrollY - 16)")
    keep_for_the_guide(zoe.page, "emprunter-bus")
    reach(zoe, "Choisir :")
    press(zoe, "Enter")
    zoe.sees("Bus à Charroux, place du Marché", "prochain passage")
    assert f"/emprunter/{product}" in zoe.page.url
    reach(zoe, "Réserver")
    press(zoe, "Enter")
    for field, text in (("name", "Zoé Anonyme"), ("email", "zoe@chez.example")):
        reach(zoe, field)
        keys.type(text)
    reach(zoe, "is_adult")
    keys.press("Space")
    reach(zoe, "Réserver")
    press(zoe, "Enter")
    zoe.sees("C'est gardé pour vous", "Bus à Charroux, place du Marché", "Choisir d'autres passages")
    assert zoe.leave() == []
