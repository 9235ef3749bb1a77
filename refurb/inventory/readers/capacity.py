"""The bytes of a drive whose size a tool rounded to megabytes, of which there are two kinds."""

import math
import re

from refurb.inventory.readers.numbers import LARGEST_DRIVE

_MIB = 2**20
_TEXT = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?) ?([KMGT])i?B?", re.ASCII | re.IGNORECASE)


def from_megabytes(size: object) -> int | None:
    """The bytes of a size in MB or MiB, whichever gives a capacity that drives are sold with.

    Else MB for a fraction, and for whole thousands, as sellers count; MiB for the rest. eReuse Workbench writes both without
    saying which (305245 is MiB, 160041.88 is MB). Drives are made to the counts of IDEMA's document LBA1-03 (97,696,368 blocks
    of 512 bytes, and 1,953,504 more for each gigabyte beyond 50), so a size within a ten-thousandth of one of these
    is that one, to the byte.
    """
    if isinstance(size, bool) or not isinstance(size, int | float) or not math.isfinite(size) or not 0 < size < LARGEST_DRIVE / _MIB:
        return None
    for unit in (_MIB, 10**6):
        sold = _as_sold(size * unit, within=max(_MIB, size * unit / 10_000))
        if sold is not None:
            return sold
    return round(size * (_MIB if float(size).is_integer() and size % 1000 else 10**6))


def from_binary_text(text: object) -> int | None:
    """The bytes of `298.1G` as lsblk writes them: powers of 1024 rounded to one decimal, or the capacity that drives are sold with."""
    found = _TEXT.fullmatch(text.strip()[:30]) if isinstance(text, str) else None
    if found is None:
        return None
    number, unit = float(found.group(1).replace(",", ".")), 1024 ** ("KMGT".index(found.group(2).upper()) + 1)
    size = number * unit
    if not 0 < size < LARGEST_DRIVE:
        return None
    return _as_sold(size, within=unit / 10) or round(size)


def is_rounded(size: int) -> bool:
    """Whether a size was rounded by its tool: real ones are whole sectors, and hardly ever whole MiB."""
    return size % 512 != 0 or size % _MIB == 0


def _as_sold(size: float, within: float = _MIB) -> int | None:
    gigabytes = round(size / 10**9)
    if gigabytes < 50:
        return None
    sold = (97_696_368 + 1_953_504 * (gigabytes - 50)) * 512
    return sold if abs(sold - size) < within else None
