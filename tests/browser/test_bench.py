"""The bench in a browser: a batch that a scanner types, and the same without a script."""

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


def arrived(service: Service, count: int) -> list[str]:
    """The codes of machines that were just received."""
    with service.app.app_context():
        return [each.code for each in evidence.arrive(count=count)]


def test_each_label_is_answered_as_it_is_scanned(lasting_service: Service, welcome: Welcome) -> None:
    first, second = arrived(lasting_service, 2)
    samira: Visitor = welcome()
    samira.sign_in(Role.TECHNICIAN)
    samira.open("/atelier/lot?etape=accept")
    box = samira.page.locator("[data-batch-box]")
    results = samira.page.locator("[data-batch-results] > li")
    for typed, expected in ((first, "done"), (second, "done"), (first, "repeated"), ("RIEN", "unknown")):
        box.press_sequentially(typed)
        box.press("Enter")
        expect(results.first).to_have_attribute("data-outcome", expected)
    expect(results).to_have_count(4)
    expect(box).to_have_value("")
    expect(samira.page.locator('[data-batch-tally] [data-outcome="done"]')).to_have_text("2")


def test_a_list_is_pasted_without_a_script(lasting_service: Service, welcome: Welcome) -> None:
    codes = arrived(lasting_service, 3)
    samira: Visitor = welcome(javascript=False)
    samira.sign_in(Role.TECHNICIAN)
    samira.open("/atelier/lot")
    samira.page.locator("[data-batch-box]").fill("\n".join(codes))
    samira.page.get_by_role("button", name="Enregistrer").click()
    expect(samira.page.locator('[data-batch-results] > li[data-outcome="done"]')).to_have_count(3)
