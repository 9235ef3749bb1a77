"""Each code of the readers has its sentence in both languages, with places for its own facts only."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from refurb.inventory.evidence.erasure_rules import REASONS
from refurb.inventory.readers.errors import CODES, REFUSALS, WARNINGS

TRANSLATIONS = Path(__file__).resolve().parents[3] / "refurb" / "translations"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_code_has_its_sentence(language):
    with (TRANSLATIONS / language / "LC_MESSAGES" / "refusals.po").open("rb") as file:
        catalogue = {message.id: message.string for message in read_po(file, locale=language) if message.id}

    facts = {**REFUSALS, **WARNINGS}
    for code in sorted(CODES | REASONS):
        assert catalogue.get(code), f"{code} has no sentence in {language}"
        places = set(re.findall(r"%\((\w+)\)s", catalogue[code]))
        assert places <= facts.get(code, frozenset()), code
        assert "%" not in re.sub(r"%\(\w+\)s", "", catalogue[code]), code
