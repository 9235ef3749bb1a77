"""How often the run looks for memory to give back: seldom, and never among what it loaded, which is never given back."""

import gc
from typing import Final

import pytest

SELDOM: Final = (20_000, 20, 50)
"""So many new objects before the young, the middle-aged and the old are searched; Python's own numbers are for smaller programs."""

gc.disable()  # until everything is loaded


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Let nobody search through the product, the tests and what they stand on."""
    gc.freeze()
    gc.set_threshold(*SELDOM)
    gc.enable()
