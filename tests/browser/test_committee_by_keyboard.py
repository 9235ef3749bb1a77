"""A committee sits before the projector: agenda, decisions, minutes and closing by the keyboard alone."""

from playwright.sync_api import Browser

from refurb.kernel.deeds.access import Role
from tests.support.pictures import keep_for_the_guide
from tests.support.serving import Service
from tests.support.story import sittings
from tests.support.visitor import Visitor

MOST_TABS = 60


def reach(visitor: Visitor, words: str) -> None:
    """Press Tab until what has the focus is called so, or is the field of this name."""
    said = "() => [document.activeElement.name, document.activeElement.innerText].join(' ')"
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        if words in visitor.page.evaluate(said):
            return
    raise AssertionError(f"Tab does not lead to {words}")


def press(visitor: Visitor, *keys: str) -> None:
    """Press some keys, the last of which leads to another page."""
    for key in keys[:-1]:
        visitor.page.keyboard.press(key)
    with visitor.page.expect_navigation(wait_until="load"):
        visitor.page.keyboard.press(keys[-1])
    visitor.look()


def test_from_the_agenda_to_the_minutes(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        committee = sittings.prepared(files=3, devices=2)
        here, total = f"/commissions/{committee.id}", len(committee.lines)
    josiane = Visitor(browser, lasting_service)
    josiane.sign_in(Role.COORDINATOR)
    josiane.open(here)
    keep_for_the_guide(josiane.page, "coordination-commission")
    reach(josiane, "Ouvrir la séance")
    press(josiane, "Enter")

    josiane.sees(f"Dossier 1 sur {total}")
    keep_for_the_guide(josiane.page, "commission-seance")
    press(josiane, "Enter")  # As it is proposed.
    josiane.sees(f"Dossier 2 sur {total}")
    press(josiane, "ArrowLeft")
    josiane.sees(f"Dossier 1 sur {total}")
    press(josiane, "ArrowRight")
    press(josiane, "r")
    josiane.sees("Qui sort pour ce dossier ?")
    reach(josiane, "Revenir au dossier")
    press(josiane, "Enter")
    press(josiane, "3", "Enter")  # Put off, for the first reason that suits.
    for number in range(3, total + 1):
        josiane.sees(f"Dossier {number} sur {total}", "Reporté")
        press(josiane, "Enter")

    keep_for_the_guide(josiane.page, "commission-clore")
    josiane.sees("Relire et clore la séance", f"Dossiers vus : {total} sur {total}")
    reach(josiane, "read_aloud")
    josiane.page.keyboard.press("Space")
    reach(josiane, "Clore la séance")
    press(josiane, "Enter")
    josiane.sees("Compte rendu (PDF)", "Close")
    assert josiane.leave() == []
