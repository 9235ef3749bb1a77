"""What is written by a link, without an account, is found again in the same tab after a reload, and nowhere else."""

from playwright.sync_api import Browser

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.links.actions import make_asking_link
from refurb.referrals.links.queries import address_of
from tests.support.serving import Service
from tests.support.story import people
from tests.support.visitor import PHONE, Visitor

KEPT = "() => sessionStorage.length"


def test_it_is_found_again_in_the_tab_and_nowhere_else(browser: Browser, lasting_service: Service) -> None:
    with lasting_service.app.app_context():
        claire = people.actor(Role.PRESCRIBER)
        with unit_of_work():
            made = make_asking_link(claire, people.organisation("CCAS"), holder="Mairie de Ligugé")
        path = "/orienter/" + address_of(made).rpartition("/orienter/")[2]

    visitor = Visitor(browser, lasting_service, width=PHONE)
    visitor.open(path)
    erases = visitor.page.get_by_role("button", name="Effacer ce que j’ai écrit")
    assert not erases.is_visible()
    visitor.fill("Prénom", "Zoë")
    assert erases.is_visible(), "from the first word on"
    visitor.fill("Commune", "Ligugé")
    visitor.page.locator("[name=situation]").first.check()
    visitor.page.reload()
    assert visitor.page.locator("[name=first_name]").input_value() == "Zoë"
    assert visitor.page.locator("[name=situation]").first.is_checked()

    other = Visitor(browser, lasting_service, width=PHONE)
    other.open(path)
    assert other.page.locator("[name=first_name]").input_value() == ""

    visitor.page.get_by_role("button", name="Envoyer").click()
    visitor.page.wait_for_selector("#erreurs")
    assert erases.is_visible(), "beside what is to be corrected, too"
    erases.click()
    visitor.page.wait_for_load_state()
    assert visitor.page.locator("[name=first_name]").input_value() == ""
    assert visitor.page.evaluate(KEPT) == 0
    assert visitor.leave() + other.leave() == []
