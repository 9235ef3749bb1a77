"""Every page that each role reaches by links: at a phone's and a desk's width, for keyboards and screen readers, nothing from elsewhere.

A page whose every piece (an element with its classes) was drawn as wide for an earlier role is opened, and not drawn again.
"""

from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Browser

from refurb.kernel.deeds.access import GRANTS, Role
from tests.browser import world
from tests.support.browser import axe_violations
from tests.support.client import tags
from tests.support.serving import Service
from tests.support.story import people
from tests.support.visitor import DESKTOP, PHONE, TOO_WIDE, Visitor
from tests.support.web import serving_alone, tell

MOST_PAGES = 80
HOME = "reporting.home"
# A page has several faces where its subject has several states; so many of them are looked at.
FACES = {
    "inventory.device": 4,
    "inventory.donation": 4,
    "inventory.scan": 3,
    "referrals.referral": 5,
    "referrals.handover": 3,
    "inventory.waste_batch": 3,
    "inventory.donation_list": 3,
    "inventory.device_merge": 2,
    "lending.item": 3,
    "ceremonies.ceremony": 2,
}
# Where each role works: there axe-core looks at its pages; how wide they are is seen at both.
AT_A_DESK = {Role.COORDINATOR.value, Role.ADMIN.value, Role.OBSERVER.value}
# What is no page: it is fetched, not shown.
FILES = (".pdf", ".png", ".jpg", ".csv", ".xlsx", ".ics")
KINDS_OF_FILES = {
    "inventory.raw_report",
    "inventory.label_test_sheet",
    "inventory.agent",
    "inventory.waste_certificate",
    "documents.offline",
}
# A home that waits for a scan has its cursor in the box already; there, another page is entered by keyboard.
FIRST_PAGE = {Role.TECHNICIAN: "/appareils", Role.DESK: "/materiel"}
# The search is reached by its box, not by a link.
OTHER_WAYS_IN = dict.fromkeys((Role.COORDINATOR, Role.TECHNICIAN, Role.DESK, Role.PRESCRIBER), ("/recherche?q=robots",))
ROLES = list(people.EMAIL)


@pytest.fixture(scope="module")
def lasting_service(sqlite_templates: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service of this module's own: what it looks at is its world, and nobody else's."""
    yield from serving_alone(sqlite_templates, tmp_path_factory)


@pytest.fixture(scope="module")
def donor_page(lasting_service: Service) -> str:
    """The address of a donor's page, in a world that has everything."""
    with lasting_service.app.app_context():
        return world.settle()


@dataclass
class Examined:
    """What the roles before were shown, by its width.

    `faces` of kinds of page that axe-core has examined (what they share, the home of each role has too), `pieces` of each kind that were
    drawn.
    """

    faces: set[tuple[str, int]] = field(default_factory=set)
    pieces: defaultdict[tuple[str, int], set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set))


@pytest.fixture(scope="module")
def examined() -> Examined:
    """What was looked at so far."""
    return Examined()


class Crawler:
    """Goes from link to link; `faults` is all that was wrong."""

    def __init__(self, visitor: Visitor, examined: Examined, who: str) -> None:
        self.visitor = visitor
        self.who = who
        self.examined = examined
        self.seen: dict[str, int] = {}
        self.met: set[str] = set()
        self.widths = (DESKTOP, PHONE)
        self.faults: list[str] = []

    def crawl(self, *starts: str) -> None:
        """Look at the pages that these lead to."""
        waiting = deque(starts)
        while waiting and sum(self.seen.values()) < MOST_PAGES:
            path = waiting.popleft()
            if path in self.met:
                continue
            self.met.add(path)
            kind = self.visitor.service.pattern(self.visitor.service.url + path)
            if kind is None:
                self.faults.append(f"{path} leads to nothing")
            elif self.seen.get(kind, 0) < FACES.get(kind, 1):
                self.seen[kind] = self.seen.get(kind, 0) + 1
                waiting.extend(self._visit(path, kind))

    def _visit(self, path: str, kind: str) -> list[str]:
        page, told = self.visitor.page, f"{path} ({kind})"
        if path.startswith("/api/v1/") or path.partition("?")[0].endswith(FILES) or kind in KINDS_OF_FILES:
            self._expect(told, self.visitor.context.request.get(path).status)
            return []
        usual = DESKTOP if self.who in AT_A_DESK else PHONE
        face = f"{kind}-{self.who if kind == HOME else self.seen[kind]}"
        answer = self.visitor.context.request.get(path)
        self._expect(told, answer.status)
        html = answer.text()
        shown = {(name, dict(attrs).get("class") or "") for opens, name, attrs, _ in tags(html) if opens}
        if shown <= self.examined.pieces[kind, usual]:
            return links_of(html, path)
        page.goto(path)
        self._expect(told, self.visitor.status)
        # What another role was shown at both widths is looked at as wide as it is here.
        again = any((face, width) in self.examined.faces for width in self.widths)
        self.widths = self.widths[::-1]  # as wide as the last page was left, so that no page is drawn at a width at which nobody looks
        for width in (usual,) if again else self.widths:
            page.set_viewport_size({"width": width, "height": 844})
            self.examined.pieces[kind, width] |= shown
            if wide := page.evaluate(TOO_WIDE):
                self.faults.append(f"{told} at {width} px: {wide}")
            if (face, width) not in self.examined.faces and (width == usual or kind == HOME) and not self._has_it_from_the_office(kind):
                self.examined.faces.add((face, width))
                self.faults += [f"{told} at {width} px: {each}" for each in axe_violations(page)]
                self.visitor.keep_picture(f"{face}-{width}")
        found = page.evaluate("() => [...document.querySelectorAll('a[href]')].map(link => link.href)")
        own = [urlsplit(each) for each in found if each.startswith(self.visitor.service.url)]
        return [f"{each.path}?{each.query}" if each.query else each.path for each in own]

    def _has_it_from_the_office(self, kind: str) -> bool:
        """Whether this is the administrator's view of a page that the coordinator has too, and that is examined there."""
        access = getattr(self.visitor.service.app.view_functions[kind], "access", ())
        return self.who == Role.ADMIN.value and kind != HOME and any(each in GRANTS[Role.COORDINATOR] for each in access)

    def _expect(self, told: str, status: int) -> None:
        if status != 200:
            self.faults.append(f"{told} answers {status}")


def links_of(html: str, path: str) -> list[str]:
    """The addresses of our own that a page leads to."""
    told = (dict(attrs).get("href") for opens, name, attrs, _ in tags(html) if opens and name == "a")
    found = (urlsplit(urljoin(path, each)) for each in told if each is not None)
    return [f"{each.path}?{each.query}" if each.query else each.path for each in found if not each.scheme and not each.netloc]


@pytest.mark.parametrize("role", ROLES, ids=[each.value for each in ROLES])
def test_every_page_of_a_role_is_sound(browser: Browser, lasting_service: Service, donor_page: str, examined: Examined, role: Role) -> None:
    visitor = Visitor(browser, lasting_service)
    visitor.sign_in(role)
    reaches_the_content_by_keyboard(visitor, FIRST_PAGE.get(role, "/"))

    crawler = Crawler(visitor, examined, role.value)
    crawler.crawl("/", *OTHER_WAYS_IN.get(role, ()), *asked_questions(lasting_service, role))

    assert len(crawler.seen) >= 6, crawler.seen
    tell([*crawler.faults, *visitor.leave()])


def test_every_page_of_somebody_without_an_account_is_sound(
    browser: Browser, lasting_service: Service, donor_page: str, examined: Examined
) -> None:
    visitor = Visitor(browser, lasting_service)
    reaches_the_content_by_keyboard(visitor, "/connexion")

    crawler = Crawler(visitor, examined, "nobody")
    crawler.crawl("/connexion", "/proposer-un-don/envoye", urlsplit(donor_page).path, "/verifier", *one_of_our_codes(lasting_service))

    expected = {"inventory.donor", "inventory.donor_paper", "inventory.propose_donation", "documents.check_any"}
    assert expected <= set(crawler.seen), crawler.seen
    tell([*crawler.faults, *visitor.leave()])


def asked_questions(service: Service, role: Role) -> list[str]:
    """A device that nobody has looked at yet, and what the address of a button shows to whoever comes by a link."""
    if role is not Role.TECHNICIAN:
        return []
    with service.app.app_context():
        code = world.untouched_code()
    return [f"/appareils/{code}", f"/appareils/{code}/accepter-au-tri"]


def one_of_our_codes(service: Service) -> list[str]:
    """Addresses on labels and papers, as a passer-by scans them."""
    with service.app.app_context():
        return [f"/S/{code}" for code in world.printed_codes()]


def reaches_the_content_by_keyboard(visitor: Visitor, path: str) -> None:
    """The first stop of the tabulation skips to the content, and pressing it goes there."""
    visitor.open(path)
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("() => document.activeElement.className") == "skip"
    visitor.page.keyboard.press("Enter")
    assert visitor.page.evaluate("() => document.activeElement.tagName") == "MAIN"
