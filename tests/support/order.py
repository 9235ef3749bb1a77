"""The order of a run: a browser and the demonstration begin first, the rest as it stands, or shuffled by `--shuffle SEED`."""

import random
from itertools import groupby
from pathlib import PurePath
from typing import Final

import pytest

LONG: Final = ("browser", "journeys", "test_demo.py")
"""Folders and files whose tests take seconds each: begun first, they do not hold up the end of the run.

Nor is the demonstration divided among those who look for work at the end, of whom each would fill it anew on either database.
"""


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--shuffle SEED`: files in another order, and the tests within each."""
    parser.addoption("--shuffle", metavar="SEED", help="run the files, and the tests of each, in an order drawn from this seed")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Shuffle, file by file so that what a file makes once is made once; then the long ones first."""
    seed = config.getoption("shuffle")
    if seed is not None:
        draw = random.Random(seed)
        files = [list(tests) for _, tests in groupby(items, key=lambda item: item.path)]
        draw.shuffle(files)
        for tests in files:
            draw.shuffle(tests)
        items[:] = [item for tests in files for item in tests]
    items.sort(key=_is_short)


def _is_short(item: pytest.Item) -> bool:
    return not any(part in LONG for part in PurePath(item.nodeid.partition("::")[0]).parts)
