"""The fixtures of tests that look at the service through a browser; each conftest that wants them takes them from here."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser

from tests.support.browser import launch_chromium, running_playwright
from tests.support.mailbox import Mailbox, open_mailbox
from tests.support.serving import Service, serving
from tests.support.story import people
from tests.support.visitor import Visitor

V = TypeVar("V", bound=Visitor)
Welcome = Callable[..., Any]


def tell(faults: list[str]) -> None:
    """Fail with everything that was wrong, each line once."""
    if faults:
        pytest.fail("\n".join(dict.fromkeys(faults)), pytrace=False)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for a folder of tests."""
    with running_playwright() as playwright:
        browser = launch_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server of one's own."""
    with open_mailbox() as box:
        yield box


@pytest.fixture
def service(database_url: str, tmp_path: Path, mailbox: Mailbox) -> Iterator[Service]:
    """The service on a database of each kind, with a territory and one account per role."""
    with serving(database_url, tmp_path / "home", people.settle, mailbox.port) as service:
        yield service
        tell(service.faults())


@pytest.fixture(scope="package")
def lasting_service(sqlite_templates: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The same on SQLite, for all the tests of a folder: each looks at what it made itself."""
    yield from serving_alone(sqlite_templates, tmp_path_factory)


def serving_alone(sqlite_templates: dict[bool, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service on a SQLite database of its own."""
    folder = tmp_path_factory.mktemp("service")
    shutil.copy(sqlite_templates[False], folder / "refurb.sqlite3")
    with serving(f"sqlite:///{folder / 'refurb.sqlite3'}", folder / "home", people.settle) as service:
        yield service
        tell(service.faults())


def welcoming(browser: Browser, service: Service, *, looks: bool = True) -> Iterator[Welcome]:
    """Visitors, and at the end the demand that nothing was wrong on any page they saw; axe-core `looks` unless told otherwise."""
    checked: set[Any] = set()
    with ExitStack() as stack:
        faults: list[str] = []

        def welcome(kind: type[V] = Visitor, **options: Any) -> V:  # type: ignore[assignment]  # the default is a Visitor itself
            visitor = kind(browser, service, checked=checked, looks=looks, **options)
            stack.callback(lambda: faults.extend(visitor.leave()))
            return visitor

        yield welcome
    tell(faults)


@pytest.fixture
def welcome(browser: Browser, service: Service, backend: str) -> Iterator[Welcome]:
    """Make visitors of the service; the test fails when one of them met a faulty page. Pages look the same on either database."""
    yield from welcoming(browser, service, looks=backend == "sqlite")
