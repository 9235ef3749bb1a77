"""Changing the text of the order: a sentence elsewhere, and what a long wait changes where a version does not say it yet."""

from typing import Any

from refurb.kernel.deeds.policy import PolicyError, parsed
from refurb.referrals.cases.priority import ELIGIBILITY, Rise

USUAL_DAYS = 60


def moved(text: str, place: int, to: int) -> str:
    """The text with two sentences next to each other in each other's place; both count from 1."""
    from tomlkit import dumps, parse  # noqa: PLC0415 - loaded where it is used

    document: Any = parse(text)
    tables = document["priority"]
    one, other = tables[place - 1], tables[to - 1]
    contents = one.unwrap(), other.unwrap()
    for table, content in ((one, contents[1]), (other, contents[0])):
        for key in list(table):
            del table[key]
        for key, value in content.items():
            table[key] = value
    return str(dumps(document))


def with_waited(text: str) -> str:
    """The text with what a long wait changes said in it: nothing, where it was not said. One that is no TOML stays as it is."""
    from tomlkit import dumps, parse  # noqa: PLC0415 - loaded where it is used

    try:
        if "waited" in parsed(ELIGIBILITY.name, text).content:
            return text
    except PolicyError:
        return text
    document: Any = parse(text)
    document["waited"] = {"days": USUAL_DAYS, "rises": Rise.NONE.value}
    return str(dumps(document))
