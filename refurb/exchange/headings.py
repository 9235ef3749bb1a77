"""What the headings of a table mean for a kind of row, and which program wrote them."""

import re
from collections.abc import Mapping, Sequence

from refurb.kernel.deeds.database import fold

_NOISE = re.compile(r"[°º*:?!.]|\([^)]*\)")
Headings = Mapping[str, tuple[str, ...]]
"""By what a column tells: the folded headings that mean it, the surest first."""

# Headings that no other program writes, folded. Sources: Snipe-IT's sample exports (snipe-it/sample_csvs) and the names of its import page;
# GLPI's list of a search, whose headings are the names of its search options in French and English (GLPI 10, src/*.php, rawSearchOptions).
_PROGRAMS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Snipe-IT", frozenset({"asset tag", "checked out to username", "model number", "employee number", "purchase cost"})),
    ("GLPI", frozenset({"entite", "entity", "statut", "derniere modification", "last update", "adresses de messagerie"})),
)


def plain_heading(heading: str) -> str:
    """A heading without case, accents, signs and what stands in brackets."""
    return " ".join(_NOISE.sub(" ", fold(heading[:120]).replace("’", "'")).replace("_", " ").split()).strip(" -'")


def meanings(headings: Headings, row: Sequence[str]) -> dict[str, int]:
    """Which column of a row of headings tells what; each column one thing, and the surest heading wins."""
    ranks = {plain_heading(each): (rank, name) for name, known in headings.items() for rank, each in enumerate(known)}
    found = sorted((*ranks[plain], at) for at, cell in enumerate(row) if (plain := plain_heading(cell)) in ranks)
    told: dict[str, int] = {}
    for _rank, name, at in found:
        told.setdefault(name, at)
    return {name: told[name] for name in headings if name in told}


def program_of(row: Sequence[str]) -> str | None:
    """The program that wrote a table, where at least two of its own headings are there."""
    plain = {plain_heading(cell) for cell in row}
    return next((name for name, own in _PROGRAMS if len(plain & own) >= 2), None)
