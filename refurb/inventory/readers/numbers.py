"""Numbers found in reports: taken when they are plausible, never trusted."""

import math
import re

LARGEST_DRIVE = 2**60
"""Bytes: an exbibyte; a larger drive is a damaged report."""

DISKETTE = 32 * 2**20
"""Bytes: what a diskette or an empty reader holds; no disk of a computer that runs is so small."""

CREDIBLE_HOURS = 100_000
"""Old drives count minutes or half-minutes; more than eleven years of running is not believed."""


def whole(value: object, *, most: int = 2**62) -> int | None:
    """A whole number from 0 to `most`, from an int, a float or digits; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        digits = value.strip()
        value = int(digits) if 0 < len(digits) <= 19 and digits.isascii() and digits.isdigit() else None
    if isinstance(value, float):
        value = int(value) if math.isfinite(value) else None
    return value if isinstance(value, int) and 0 <= value <= most else None


def drive_bytes(value: object) -> int | None:
    """A drive's size in bytes, or None when it is absent, zero or absurd."""
    return whole(value, most=LARGEST_DRIVE) or None


def mebibytes(value: object) -> int | None:
    """A memory size in MiB from bytes, or None below one MiB (a BIOS chip) or when absurd."""
    size = whole(value, most=2**50)
    return round(size / 2**20) or None if size is not None else None


def standard_bytes(approximate: int, tolerance: int) -> int | None:
    """The exact size of a drive of which a tool tells a rounded one; None when no standard capacity is so near.

    Drives of one capacity all have the same number of sectors: 97,696,368 + 1,953,504 for each GB beyond 50, of 512 bytes
    (IDEMA LBA1-03, SFF-8447); sizes in bytes.
    """
    gigabytes = round((approximate / 512 - 97_696_368) / 1_953_504) + 50
    if not 8 <= gigabytes <= 100_000:
        return None
    exact = (97_696_368 + 1_953_504 * (gigabytes - 50)) * 512
    return exact if abs(exact - approximate) <= tolerance else None


_SCALE = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_DRIVE_SIZE = re.compile(r"([0-9]{1,6})(?:[.,]([0-9]{1,3}))?\s*([kmgtp])(i?)(?:b|o|\b)", re.IGNORECASE)
_SPACES = re.compile(r"(?<=[0-9])[ ,.'\u2019\u00a0\u202f\ufffd](?=[0-9]{3}(?![0-9]))")


def rounded_bytes(text: object, *, binary: bool = False) -> int | None:
    """A drive's size from a rounded one such as "238.47 GiB" or "500.1GB": exact where the capacity is a standard one.

    `binary` is for the tools that write GB and mean GiB. Where no standard capacity fits, the figure as it was printed.
    """
    found = _DRIVE_SIZE.search(text[:80]) if isinstance(text, str) else None
    if not found:
        return None
    whole_part, decimals, scale, is_binary = found.groups()
    unit = (1024 if binary or is_binary else 1000) ** _SCALE[scale.casefold()]
    size = round(float(f"{whole_part}.{decimals or 0}") * unit)
    if unit % 1000 and not decimals:
        return drive_bytes(size)  # a round number of GiB is the disk of a virtual machine
    last_digit = unit / 10 ** len(decimals or "")
    return drive_bytes(standard_bytes(size, round(last_digit * 0.51)) or size)


def grouped(text: object) -> int | None:
    """A whole number written with separators of thousands, of any language: "500,107,862,016", "500 107 862 016"."""
    found = re.search(r"[0-9]+", _SPACES.sub("", text[:120])) if isinstance(text, str) else None
    return whole(found.group(0)) if found else None
