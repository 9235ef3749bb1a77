"""Numbers found in reports: taken when they are plausible, never trusted."""

import math

LARGEST_DRIVE = 2**60
"""Bytes: an exbibyte; a larger drive is a damaged report."""

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
