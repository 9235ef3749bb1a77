"""The references people say and type, DN-2026-0031, in their one form."""

import re

from refurb.kernel.speech.folding import squeeze

_SHAPE = re.compile(r"([a-z]{2})?(20\d\d)(\d{1,6})\Z")
_PARTED = re.compile(r"\A\W*(?:[a-z]{2}\W*)?20\d\d\W+\d{1,6}\W*\Z")


def read_reference(typed: str) -> tuple[str | None, str] | None:
    """The kind and the number in what was typed: `or-2026-19`, `OR 2026/19` and `OR20260019` are ("OR", "2026-0019").

    The kind is None where only the number was typed; the whole is None where it is no reference. Without a sign or a kind to tell it from
    another number, all four digits of the number are asked for.
    """
    found = _SHAPE.match(squeeze(typed).replace(" ", ""))
    if found is None:
        return None
    kind, year, number = found.groups()
    if kind is None and len(number) < 4 and not _PARTED.match(typed.casefold()):
        return None
    return kind.upper() if kind else None, f"{year}-{int(number):04d}"
