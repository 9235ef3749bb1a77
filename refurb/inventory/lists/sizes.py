"""Sizes and numbers as donors write them, read whole or not at all: « 16 Go », « 2 x 8 GB », « 8 192 Mo », « 0,5 To »."""

import re
import unicodedata
from dataclasses import dataclass

# A group of three digits may stand apart by a blank, an apostrophe, a point or a comma (BIPM, SI Brochure 5.4.4; French and Swiss usage).
_NUMBER = r"\d{1,3}(?:(?P<mark>[ '.,])\d{3})(?:(?P=mark)\d{3})*|\d+(?:[.,]\d+)?"
_UNIT = r"(?:[tgm](?:io|ib|o|b)|[tg](?![a-z]))"
_SIZE = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})(?![a-z0-9])")
_BARE = re.compile(rf"(?<![\w.,])(?P<number>{_NUMBER})(?![\w.,])")
_TIMES = re.compile(rf"(?P<times>\d{{1,2}}) ?(?:x|\*|×) ?(?P<rest>(?:{_NUMBER.replace('mark', 'each')}) ?{_UNIT}?)")
_SUM = re.compile(rf"(?P<parts>\d{{1,4}}(?: ?(?:{_UNIT}))?(?: ?\+ ?\d{{1,4}}(?: ?(?:{_UNIT}))?)+)")
_UNIT_OF = {"t": 1024 * 1024, "g": 1024, "m": 1}
# Figures beside a size that are none: kinds of memory and their speed, connectors, turns a minute, how full the slots are.
_NOISE = re.compile(
    r"\b(?:l?p?ddr ?\d[lx]?(?:[- ]?\d{3,5})?|pc\d?l?-?\d{4,5}[a-z]?|\d{3,5} ?(?:mhz|mt/s|rpm|tr/min|tpm)|m ?\. ?2|sata ?(?:i{1,3}|\d)?|"
    r"2[.,]5 ?(?:\"|''|pouces?)?|3[.,]5 ?(?:\"|''|pouces?)|pcie? ?\d?(?:[.,]\d)?(?: ?x ?\d)?|nvme ?\d?(?:[.,]\d)?|u\d|c\d)\b"
)
# Millions of transfers a second (JEDEC), where the kind of memory is named too.
_SPEEDS = re.compile(r"(?<!\d)(?:800|1066|1333|1600|1866|2133|2400|2666|2933|3200|4800|5600)(?!\d)(?! ?(?:[tgm](?:io|ib|o|b)))")
_SLOTS = re.compile(r"\( ?(?P<times>\d) ?[x*×] ?(?P<each>\d{1,3}) ?(?:go|gb|g)? ?\)")


@dataclass(frozen=True)
class Size:
    """What a text says: MiB, or the end of a refusal's code that says why it is not taken."""

    mib: int | None
    why: str = ""


def plain_digits(text: str) -> str:
    """The text in small letters, with digits of every script as 0 to 9 and every blank as one space."""
    folded = unicodedata.normalize("NFKC", text.replace("’", "'")).casefold()
    return " ".join("".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in folded).split())


def read_size(text: str) -> Size:
    """A size in MiB; a bare number under 1024 is in GiB, a larger one in MiB. What cannot be read to its end is not taken."""
    plain = plain_digits(text)
    if "ddr" in plain:
        plain = _SPEEDS.sub(" ", plain)
    plain = _NOISE.sub(" ", plain)
    slots = _SLOTS.search(plain)
    if slots:  # « 8 Go (2 x 4 Go) » says the same twice, or else one of them is wrong.
        plain = plain.replace(slots.group(), " ")
    plain = " ".join(plain.split())
    if plain.startswith("-"):
        return Size(None, "size_unreadable")
    if re.search(r"\d ?(?:-|–|/|à|ou) ?\d", plain):
        return Size(None, "size_several")
    found = _times(plain) or _sum(plain) or _single(plain) or Size(None, "size_unreadable")
    if slots and found.mib != int(slots["times"]) * int(slots["each"]) * 1024:
        return Size(None, "size_unreadable")
    return found if found.mib is None or 1 <= found.mib < 2**31 else Size(None, "size_unreadable")


def _times(plain: str) -> Size | None:
    found = _TIMES.match(plain)
    if found is None:
        return None
    rest = plain[found.end() :]
    one = _single(found["rest"])
    if one is None or one.mib is None or any(sign.isdigit() for sign in rest):
        return one if one is not None and one.mib is None else Size(None, "size_unreadable")
    return Size(int(found["times"]) * one.mib)


def _sum(plain: str) -> Size | None:
    found = _SUM.match(plain)
    if found is None:
        return None
    parts = [part.strip() for part in found["parts"].split("+")]
    unit = re.search(rf"{_UNIT}$", parts[-1])
    sizes = [_single(part if re.search(rf"{_UNIT}$", part) else f"{part} {unit.group() if unit else 'go'}") for part in parts]
    if any(sign.isdigit() for sign in plain[found.end() :]) or any(each is None or each.mib is None for each in sizes):
        return Size(None, "size_unreadable")
    # « 500 Go + 1 To » are two things, « 4 + 4 Go » are two halves of one.
    if len({part[-2:] for part in parts if re.search(rf"{_UNIT}$", part)}) > 1 or sum(1 for part in parts if part[-1:].isalpha()) > 1:
        return Size(None, "size_several")
    return Size(sum(each.mib or 0 for each in sizes if each))


def _single(plain: str) -> Size | None:
    sizes = list(_SIZE.finditer(plain))
    if len(sizes) > 1:
        return Size(None, "size_several")
    found = sizes[0] if sizes else _BARE.search(plain)
    if found is None:
        return None
    unit = found["unit"][0] if sizes else ""
    number = _number(found["number"], unit)
    if number is None:
        return Size(None, "size_unreadable")
    mib = round(number * _UNIT_OF[unit or ("g" if number < 1024 else "m")])
    rest = f"{plain[: found.start()]} {plain[found.end() :]}"
    return Size(mib) if not any(sign.isdigit() for sign in rest) else Size(None, "size_unreadable")


def _number(text: str, unit: str) -> float | None:
    """The number, or None where its mark may be of thousands or of decimals: « 1,024 To »."""
    mark = next((sign for sign in text if not sign.isdigit()), "")
    if mark in {"", " ", "'"}:
        return float(text.replace(mark, "") if mark else text)
    groups = text.split(mark)
    if len(groups) == 2 and len(groups[1]) != 3:
        return float(".".join(groups))
    whole = int("".join(groups))
    if len(groups) > 2 or unit == "m":
        return float(whole)
    # Disks are sold in half thousands, and counted in powers of two.
    return float(whole) if unit == "g" and (whole % 500 == 0 or whole % 512 == 0) else None
