"""Which databases a test runs on: every action, rule, query and race on both, what only looks at pages on one unless both are asked for."""

from collections.abc import Sequence
from typing import Final

import pytest

BACKENDS: Final = ("sqlite", "postgresql")
BY_THE_PAGES: Final = frozenset({"client", "signed_in", "welcome"})
"""Fixtures of tests that come in by the pages and the JSON routes, in a browser or not; those are the same on either database."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--both`: the tests of pages, too, on both databases."""
    parser.addoption("--both", action="store_true", help="run the tests of pages on both databases, too")


def backends_of(metafunc: pytest.Metafunc) -> Sequence[str]:
    """The databases that a test runs on."""
    marked = metafunc.definition.get_closest_marker
    if metafunc.config.getoption("both") or marked("both_databases") or not BY_THE_PAGES.intersection(metafunc.fixturenames):
        return BACKENDS
    return BACKENDS[1:] if marked("on_postgresql") else BACKENDS[:1]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches the database is one test for each database that it runs on, unless it names them itself."""
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "backend" in metafunc.fixturenames and "backend" not in named:
        metafunc.parametrize("backend", backends_of(metafunc), indirect=True)


def backend_of(item: pytest.Item) -> str | None:
    """The database that a test was made for, whichever of its fixtures was told."""
    told = getattr(item, "callspec", None)
    return next((each for each in told.params.values() if each in BACKENDS), None) if told else None
