"""Invented people, and the same people written down a second time: to measure what finds a household again.

The shares of what changes between the two times are those of `Changes`; the seed makes a run the same everywhere.
"""

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

_NAMES = tomllib.loads(Path(__file__).with_name("names.toml").read_text(encoding="utf-8"))
_SMALL = """Buxerolles Saint-Benoît Chauvigny Châtellerault Mignaloux-Beauvoir Migné-Auxances Vouneuil-sous-Biard Jaunay-Marigny Ligugé
Dissay Neuville-de-Poitou Fontaine-le-Comte Lusignan Civray Montmorillon Loudun Biard Smarves"""
COMMUNES = ["Poitiers"] * 12 + _SMALL.split() * 2
_SHARE_FRENCH = 0.76


@dataclass(frozen=True)
class Person:
    """Somebody as she was written down; `who` is who it truly is."""

    who: int
    origin: str
    first: str
    last: str
    year: int
    commune: str
    phone: str | None


@dataclass(frozen=True)
class Changes:
    """How often each thing is otherwise the second time."""

    typo: float = 0.20
    swapped: float = 0.04
    married: float = 0.06
    other_spelling: float = 0.25
    new_phone: float = 0.25
    no_phone: float = 0.08
    year: float = 0.03
    moved: float = 0.08


def _pools() -> dict[str, tuple[list[list[str]], list[list[str]]]]:
    """By origin, given names and family names, each a list of its spellings."""
    found = {origin: (_spelt(each["first"]), _spelt(each["last"])) for origin, each in _NAMES.items() if isinstance(each, dict)}
    made_up = [[f"{root}{end}"] for root in _NAMES["roots"].split() for end in _NAMES["ends"].split()]
    first, last = found["france"]
    return {**found, "france": (first, last + made_up)}


def _spelt(names: str) -> list[list[str]]:
    return [each.split("/") for each in names.split()]


POOLS = _pools()
ORIGINS = tuple(POOLS)


def _drawn(rng: random.Random, names: list[list[str]]) -> str:
    """A name, the first of the list more often than the last; mostly in its first spelling."""
    spellings = names[min(int(len(names) * rng.random() ** 1.4), len(names) - 1)]
    return spellings[0] if rng.random() < 0.7 else rng.choice(spellings)


def _phone(rng: random.Random) -> str:
    return f"+33{rng.choice('67')}{rng.randrange(10**8):08d}"


def people(rng: random.Random, count: int) -> Iterator[Person]:
    """So many people, each written down once."""
    others = [origin for origin in ORIGINS if origin != "france"]
    for who in range(count):
        origin = "france" if rng.random() < _SHARE_FRENCH else rng.choice(others)
        first, last = POOLS[origin]
        name = _drawn(rng, last)
        if rng.random() < 0.05:
            name = f"{name}-{_drawn(rng, last)}"
        phone = _phone(rng) if rng.random() > 0.12 else None
        yield Person(who, origin, _drawn(rng, first), name, rng.randrange(1945, 2009), rng.choice(COMMUNES), phone)


def _misspelt(rng: random.Random, name: str) -> str:
    """One slip of the fingers: a letter missing, doubled, beside another's place, or another one."""
    at = rng.randrange(len(name))
    slip = rng.randrange(4)
    if slip == 0 and len(name) > 2:
        return name[:at] + name[at + 1 :]
    if slip == 1:
        return name[: at + 1] + name[at:]
    if slip == 2 and at + 1 < len(name):
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + rng.choice("aeinorst") + name[at + 1 :]


def _respelt(rng: random.Random, name: str, names: list[list[str]]) -> str:
    return next((rng.choice(each) for each in names if name in each), name)


def again(rng: random.Random, person: Person, changes: Changes) -> Person:
    """The same person, written down by somebody else, months later."""
    first, last = _named_again(rng, person, changes)
    phone = _phone(rng) if rng.random() < changes.new_phone else person.phone
    if rng.random() < changes.no_phone:
        phone = None
    year = person.year + rng.choice((-1, 1)) if rng.random() < changes.year else person.year
    commune = rng.choice(COMMUNES) if rng.random() < changes.moved else person.commune
    return replace(person, first=first, last=last, year=year, commune=commune, phone=phone)


def _named_again(rng: random.Random, person: Person, changes: Changes) -> tuple[str, str]:
    first_names, last_names = POOLS[person.origin]
    first, last = person.first, person.last
    if rng.random() < changes.other_spelling:
        first, last = _respelt(rng, first, first_names), _respelt(rng, last, last_names)
    if rng.random() < changes.married:
        last = _drawn(rng, last_names)
    if rng.random() < changes.typo:
        first, last = (_misspelt(rng, first), last) if rng.random() < 0.5 else (first, _misspelt(rng, last))
    if rng.random() < 0.2:
        first, last = rng.choice(((first.upper(), last.upper()), (first, last.upper()), (first.lower(), last.lower())))
    return (last, first) if rng.random() < changes.swapped else (first, last)
