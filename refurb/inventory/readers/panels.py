"""What a tool says of the screen inside a machine, in one line: its name, its diagonal, its resolution."""

import base64
import binascii
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.facts import Chassis

_OUTSIDE = re.compile(r"\b(vga|hdmi|dvi|displayport|dp)\b", re.IGNORECASE)
LARGEST_LAPTOP = 18.6
"""Inches: a laptop's panel, but for a handful of oddities."""

_EDID = bytes.fromhex("00ffffffffffff00")


@dataclass(frozen=True, slots=True)
class Panel:
    """One screen; lengths in millimetres, the resolution as "1920x1080"."""

    name: str | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    resolution: str | None = None

    @property
    def inches(self) -> float:
        """The diagonal; 0 where the size is not known."""
        return math.hypot(self.width_mm or 0, self.height_mm or 0) / 25.4

    def __str__(self) -> str:
        told = (self.name, f'{self.inches:.1f}"' if 3 < self.inches < 120 else None, self.resolution)
        return ", ".join(part for part in told if part)


def resolution(*said: object) -> str | None:
    """The resolution in a text such as "1920x1080@60Hz", or from two numbers."""
    if len(said) == 2:
        width, height = (numbers.whole(each, most=20_000) for each in said)
        return f"{width}x{height}" if width and height else None
    found = re.search(r"\b(\d{3,5})\s?x\s?(\d{3,5})\b", said[0][:80]) if said and isinstance(said[0], str) else None
    return f"{found.group(1)}x{found.group(2)}" if found else None


def largest(said: Iterable[object]) -> str | None:
    """The largest of several resolutions: a screen lists all that it can show, in any order."""
    known = [found for each in said if (found := resolution(each))]
    return max(known, key=lambda each: math.prod(map(int, each.split("x"))), default=None)


def own_panel(panels: Iterable[Panel], shape: Chassis | None) -> str | None:
    """The screen inside a machine of this shape: on the bench another may hang on it, and come first.

    That of a laptop or a tablet is the smallest, and never larger than the largest that were ever made; a desktop has none.
    """
    told = [each for each in panels if str(each)]
    if shape in {"laptop", "tablet"}:
        told = sorted((each for each in told if each.inches <= LARGEST_LAPTOP), key=lambda each: each.inches)
    elif shape != "all_in_one":
        return None
    return str(told[0]) if told else None


def is_outside(port: object) -> bool:
    """Whether a port's name says that the screen stands beside the machine: eDP and LVDS are inside."""
    return isinstance(port, str) and _OUTSIDE.search(port[:40]) is not None and "edp" not in port[:40].casefold()


def from_edid(encoded: object) -> Panel | None:
    """The size and the resolution in a screen's EDID (VESA E-EDID 1.4, bytes 21-22 and the first detailed timing), from base64."""
    try:
        edid = base64.b64decode("".join(encoded.split()), validate=True) if isinstance(encoded, str) and len(encoded) < 2000 else b""
    except (binascii.Error, ValueError):
        return None
    if not edid.startswith(_EDID) or len(edid) < 72:
        return None
    wide = edid[56] | (edid[58] & 0xF0) << 4
    high = edid[59] | (edid[61] & 0xF0) << 4
    return Panel(None, edid[21] * 10 or None, edid[22] * 10 or None, resolution(wide, high))


def named(*parts: object) -> str | None:
    """Maker and model without saying the maker twice, nor a placeholder."""
    words: list[str] = []
    for part in parts:
        name = identity.real(part)
        if name and not any(name.casefold() in word.casefold() for word in words):
            words = [word for word in words if not name.casefold().startswith(word.casefold())] + [name]
    return " ".join(words) or None
