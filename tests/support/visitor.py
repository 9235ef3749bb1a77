"""Somebody in front of a browser: opens pages, fills in forms, presses buttons, and notices whatever is wrong with a page."""

import http.client
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, Request, Response, Route, expect

from refurb.kernel.deeds.access import Role
from refurb.kernel.speech import clock
from tests.support.browser import axe_violations
from tests.support.serving import Service
from tests.support.story import people

PHONE: Final = 390
DESKTOP: Final = 1280
SCREENSHOTS_VARIABLE: Final = "SCREENSHOTS"
"""Environment variable: the folder where a picture of each kind of page is kept, at both widths; none are taken without it."""

# Anything wider than the window, named by what sticks out most.
TOO_WIDE: Final = """() => {
  const root = document.documentElement;
  if (root.scrollWidth <= root.clientWidth) return "";
  const out = [...document.body.querySelectorAll("*")].filter(each => each.getBoundingClientRect().right > root.clientWidth + 0.5);
  const named = out.slice(-3).map(each => each.outerHTML.slice(0, 120)).join(" | ");
  return `${root.scrollWidth} px on a window of ${root.clientWidth}: ${named}`;
}"""


def shown(text: str) -> str:
    """A sentence as screens show it, with typographic apostrophes; a browser's own matching folds every kind of space."""
    return text.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")


def either(text: str) -> re.Pattern[str]:
    """A sentence with whichever apostrophes and spaces: those that people typed stay as they typed them."""
    return re.compile(re.escape(text).replace("'", "['\N{RIGHT SINGLE QUOTATION MARK}]").replace(r"\ ", r"\s+"))


class Visitor:
    """One person with a browser window of their own."""

    def __init__(
        self,
        browser: Browser,
        service: Service,
        *,
        width: int = DESKTOP,
        javascript: bool = True,
        checked: set[Any] | None = None,
        looks: bool = True,
        touch: bool = False,
        elsewhere: str | None = None,
    ):
        """`elsewhere`: the address of another service that this person may go to; what is wrong there is no fault of ours."""
        self.service = service
        self._elsewhere = elsewhere
        self.context = browser.new_context(
            base_url=service.url, locale="fr-FR", timezone_id="Europe/Paris", viewport={"width": width, "height": 844},
            reduced_motion="reduce", java_script_enabled=javascript, accept_downloads=True, has_touch=touch,
        )  # fmt: skip
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.status = 0
        # Which kinds of page were examined already; given, it is shared by several visitors.
        self._checked = set() if checked is None else checked
        self._looks = looks and javascript
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        self.page.on("response", self._answer)
        self.context.on("request", self._ask)
        if elsewhere:
            self.context.route(
                re.compile(rf"^(?!{re.escape(service.url)}|{re.escape(elsewhere)}|data:|blob:)"), lambda route: route.abort()
            )

    @property
    def _is_elsewhere(self) -> bool:
        return self._elsewhere is not None and self.page.url.startswith(self._elsewhere)

    def _hear(self, message: ConsoleMessage) -> None:
        # A page that refuses something has its own status, which Chromium reports as a resource that failed.
        refused = message.text.startswith("Failed to load resource") and message.location.get("url") == self.page.url
        if message.type == "error" and not refused and not self._is_elsewhere:
            self.faults.append(f"{self.page.url}: console: {message.text}")

    def _answer(self, response: Response) -> None:
        if response.request.is_navigation_request() and response.frame == self.page.main_frame:
            self.status = response.status
        elif response.status >= 400:
            self.faults.append(f"{self.page.url}: {response.status} for {response.url}")
        if response.status >= 500:
            self.faults.append(f"{response.status} for {response.request.method} {response.url}")

    def _ask(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if self._is_elsewhere or (self._elsewhere and request.is_navigation_request() and request.url.startswith(self._elsewhere)):
            return
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.service.url:
            self.faults.append(f"{self.page.url}: asks for {request.url}")

    # --- going somewhere ------------------------------------------------------------------------------------------------

    def open(self, path: str) -> None:
        """Open an address of the service."""
        self.page.goto(path)
        self.look()

    def sign_in(self, role: Role) -> None:
        """Sign in with the account of a role."""
        self.sign_in_as(people.EMAIL[role])

    def sign_in_as(self, address: str) -> None:
        """Sign in with an address."""
        self.open("/connexion")
        self.fill("Adresse de courriel", address)
        self.fill("Mot de passe", people.PASSWORD)
        self.press("Se connecter")
        assert urlsplit(self.page.url).path != "/connexion", self.text
        self.service.prove_sessions()

    def press(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Press the button of this name and arrive where it leads."""
        button = (within or self.page.locator("main")).get_by_role("button", name=shown(name), exact=exact)
        self._go(button.click)

    def touch(self, name: str) -> None:
        """Touch the button of this name with a finger and arrive where it leads; the window is a telephone's."""
        self._go(self.page.locator("main").get_by_role("button", name=shown(name), exact=True).tap)

    def follow(self, name: str, *, within: Locator | None = None, exact: bool = True) -> None:
        """Follow the link of this name."""
        self._go((within or self.page.locator("main")).get_by_role("link", name=shown(name), exact=exact).click)

    def scan(self, label: str, code: str) -> None:
        """Read a code into the box of this name, as a hand scanner does: typed at once, ended with Enter."""
        box = self.page.get_by_label(shown(label), exact=True)
        box.fill(code)
        self._go(lambda: box.press("Enter"))

    def take(self, click: Callable[[], None]) -> bytes:
        """The file that a click brings; some browsers would show it, others keep it, so it is taken on its way and the page stays."""
        taken: list[bytes] = []

        def hand_over(route: Route) -> None:
            if not route.request.is_navigation_request():
                route.continue_()
                return
            answer = route.fetch()
            assert answer.headers["content-type"] == "application/pdf", answer.text()[:400]
            taken.append(answer.body())
            route.fulfill(status=204)

        self.page.route("**/*", hand_over)
        with self.page.expect_event("requestfailed"):  # an answer without content leaves the page where it is
            click()
        self.page.unroute_all(behavior="wait")
        return taken[0]

    def _go(self, deed: Callable[[], None]) -> None:
        with self.page.expect_navigation(wait_until="load"):
            deed()
        self.look()

    # --- filling in -----------------------------------------------------------------------------------------------------

    def field(self, label: str) -> Locator:
        """The field with this label; « (facultatif) » may follow it."""
        return self.page.locator("main").get_by_label(re.compile(rf"^\s*{either(label).pattern}\s*(\(facultatif\))?\s*$"))

    def fill(self, label: str, value: str) -> None:
        """Write in a field."""
        self.field(label).fill(value)

    def select(self, label: str, choice: str) -> None:
        """Choose in a list."""
        self.field(label).select_option(label=shown(choice))

    def tick(self, choice: str, *, within: str | None = None) -> None:
        """Tick a box or a choice, in the group of this question when one is named."""
        group = self.page.get_by_role("group", name=shown(within)) if within else self.page.locator("main")
        group.get_by_label(shown(choice)).check()

    def put(self, label: str, *files: tuple[str, bytes]) -> None:
        """Choose files for a field; each has a name and its content."""
        chosen: list[FilePayload] = [{"name": name, "mimeType": "application/octet-stream", "buffer": each} for name, each in files]
        self.field(label).set_input_files(chosen)

    @property
    def today(self) -> date:
        """The date on the territory's wall."""
        with self.service.app.app_context():
            return clock.today()

    # --- looking --------------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """What the page's main part says, with plain spaces and apostrophes."""
        return plain(self.page.locator("main").inner_text())

    @property
    def heading(self) -> str:
        """The page's title."""
        return plain(self.page.locator("h1").inner_text())

    def sees(self, *sentences: str) -> None:
        """Each of these sentences stands on the page."""
        for each in sentences:
            expect(self.page.locator("body")).to_contain_text(either(each))

    def does_not_see(self, *sentences: str) -> None:
        """None of these stands anywhere on the page, seen or unseen."""
        written = plain(self.page.content())
        for each in sentences:
            assert each not in written, each

    def is_told_beside(self, label: str, sentence: str) -> None:
        """The field with this label is marked wrong, and this sentence is tied to it."""
        field = self.field(label).first
        expect(field).to_have_attribute("aria-invalid", "true")
        described = (field.get_attribute("aria-describedby") or "").split()
        said = " ".join(plain(self.page.locator(f"#{each}").inner_text()) for each in described)
        assert sentence in said, said

    def look(self) -> None:
        """Examine a kind of page the first time it is met: its width, and whatever axe-core finds."""
        assert self.status < 500, self.text
        kind = (self.service.pattern(self.page.url), self.status, self.page.viewport_size and self.page.viewport_size["width"])
        if kind in self._checked or not self._looks:
            return
        self._checked.add(kind)
        where = f"{urlsplit(self.page.url).path} at {kind[2]} px"
        wide = self.page.evaluate(TOO_WIDE)
        if wide:
            self.faults.append(f"{where}: {wide}")
        self.faults += [f"{where}: {each}" for each in axe_violations(self.page)]
        self.keep_picture(f"{kind[0] or 'nothing'}{'' if self.status == 200 else f'-{self.status}'}-{kind[2]}")

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the page, where pictures are wanted."""
        folder = os.environ.get(SCREENSHOTS_VARIABLE)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    # --- besides the browser --------------------------------------------------------------------------------------------

    def token(self) -> str:
        """The token that this session's forms carry."""
        return str(self.page.locator('input[name="csrf_token"]').first.get_attribute("value"))

    def forge(self, path: str, **facts: str) -> int:
        """POST a form that no page showed, with this session's cookies and token; the status of the answer."""
        answer = self.context.request.post(path, form={"csrf_token": self.token(), **facts}, max_redirects=0)
        return answer.status

    def forge_at_once(self, *paths: str) -> list[int]:
        """POST such forms to several addresses at the same moment; the status of each answer, in their order."""
        cookies = "; ".join(f"{each['name']}={each['value']}" for each in self.context.cookies())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode({"csrf_token": self.token()})
        start = Barrier(len(paths))

        def post(path: str) -> int:
            with closing(http.client.HTTPConnection(urlsplit(self.service.url).netloc, timeout=30)) as connection:
                connection.connect()
                start.wait(30)
                connection.request("POST", path, body=body, headers=headers)
                return connection.getresponse().status

        with ThreadPoolExecutor(len(paths)) as windows:
            return list(windows.map(post, paths))

    def call(self, path: str, **facts: Any) -> tuple[int, Any]:
        """POST to the JSON door with this session; the status and what it says."""
        answer = self.context.request.post(f"/api/v1{path}", data=facts, headers={"X-CSRFToken": self.token()})
        return answer.status, answer.json()

    def file(self, path: str) -> bytes:
        """A file of the service, fetched with this session."""
        answer = self.context.request.get(path)
        assert answer.status == 200, answer.status
        return answer.body()

    def leave(self) -> list[str]:
        """Close the window; everything that was wrong on the way."""
        self.context.close()
        return self.faults


def plain(text: str) -> str:
    """Text with plain spaces and apostrophes, as tests write it."""
    return re.sub(r"\s+", " ", text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("\N{SOFT HYPHEN}", "")).strip()


def press_at_once(*presses: tuple[Visitor, str]) -> None:
    """Each of these visitors presses a button; no request leaves before all of them have pressed."""
    held: list[Route] = []
    for visitor, _ in presses:
        visitor.page.route("**/*", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    with ExitStack() as arrivals:
        for visitor, name in presses:
            arrivals.enter_context(visitor.page.expect_navigation(wait_until="load"))
            visitor.page.locator("main").get_by_role("button", name=shown(name), exact=True).dispatch_event("click")
        while len(held) < len(presses):
            presses[0][0].page.title()  # asking something lets what happened meanwhile be heard
        for route in held:
            route.continue_()
    for visitor, _ in presses:
        visitor.page.unroute_all(behavior="wait")
        visitor.look()
