"""The shape of a machine, from the words and numbers of the tools: SMBIOS (DSP0134, table 17) and its cousins."""

from collections.abc import Mapping

from refurb.inventory.readers import identity
from refurb.inventory.readers.facts import Chassis

_WORDS: Mapping[str, Chassis] = {
    "all-in-one": "all_in_one",
    "all in one": "all_in_one",
    "allinone": "all_in_one",
    "blade": "server",
    "blade enclosure": "server",
    "convertible": "laptop",
    "desktop": "desktop",
    "detachable": "laptop",
    "embedded pc": "mini",
    "hand held": "tablet",
    "handheld": "tablet",
    "laptop": "laptop",
    "low profile": "desktop",
    "low profile desktop": "desktop",
    "low-profile": "desktop",
    "low-profile desktop": "desktop",
    "lunch box": "desktop",
    "lunchbox": "desktop",
    "main server chassis": "server",
    "main system chassis": "server",
    "microtower": "desktop",
    "mini": "mini",
    "mini pc": "mini",
    "mini tower": "desktop",
    "mini-tower": "desktop",
    "mobile": "laptop",
    "multi-system": "server",
    "netbook": "laptop",
    "notebook": "laptop",
    "pizza box": "desktop",
    "pizzabox": "desktop",
    "portable": "laptop",
    "rack mount chassis": "server",
    "rackmount": "server",
    "rackmount chassis": "server",
    "raid chassis": "server",
    "server": "server",
    "slim": "desktop",
    "space-saving": "desktop",
    "space-saving computer": "desktop",
    "stick": "mini",
    "stick pc": "mini",
    "sub notebook": "laptop",
    "sub-notebook": "laptop",
    "subnotebook": "laptop",
    "tablet": "tablet",
    "tower": "desktop",
    "ultrabook": "laptop",
    "workstation": "desktop",
}
_NUMBERS: Mapping[int, Chassis] = {
    **dict.fromkeys((3, 4, 5, 6, 7, 15, 16, 24), "desktop"),
    **dict.fromkeys((8, 9, 10, 14, 31, 32), "laptop"),
    **dict.fromkeys((11, 30), "tablet"),
    13: "all_in_one",
    **dict.fromkeys((17, 23, 25, 26, 27, 28, 29), "server"),
    **dict.fromkeys((34, 35, 36), "mini"),
}


def chassis(*said: object) -> Chassis | None:
    """The shape that the first understood of these means; a number is that of SMBIOS, also as text."""
    for value in said:
        found = _understood(value)
        if found is not None:
            return found
    return None


def _understood(value: object) -> Chassis | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return _NUMBERS.get(value)
    word = (identity.clean(value) or "").casefold().removesuffix(" computer")
    if word.isascii() and word.isdigit() and len(word) < 4:
        return _NUMBERS.get(int(word))
    return _WORDS.get(word)
