"""Memory modules as every tool describes them: sizes, speeds, makers and part numbers, cleaned the same way."""

import re

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.facts import RamModule

_FORM = re.compile(r"\b(SO-?DIMM|RDIMM|UDIMM|FB-DIMM|DIMM|RIMM|SIMM|Row of chips|Chip)\b", re.IGNORECASE)
_KIND = re.compile(r"\b(?:LP)?DDR\d?[A-Z]?\b|\bSDRAM\b|\bRDRAM\b", re.IGNORECASE)
_SIZE = re.compile(r"([0-9]{1,9}(?:[.,][0-9]{1,3})?)\s*(k|m|g|t)(?:i?b|i?o|\b)", re.IGNORECASE)
_SPEED = re.compile(r"([0-9]{2,5})(?:\.[0-9]+)?\s*(?:MHz|MT/s|\(|\Z)", re.IGNORECASE)
_JEDEC = re.compile(r"jedec id:.*|(?:0x)?[0-9a-f]{4,16}", re.IGNORECASE)
_MEBIBYTES = {"k": 1 / 1024, "m": 1, "g": 1024, "t": 2**20}
# Chips of the firmware are listed beside the modules: 4 MiB of flash, 64 KiB of cache.
SMALLEST_MODULE = 16


def size_mb(text: object) -> int | None:
    """A size such as "4 GB", "4096 MB" or "7,8 Go" in MiB; the tools mean powers of two whatever they write."""
    found = _SIZE.search(text) if isinstance(text, str) else None
    if not found:
        return None
    size = float(found.group(1).replace(",", ".")) * _MEBIBYTES[found.group(2).casefold()]
    return round(size) or None


def module(
    size: int | None,
    *,
    form: object = None,
    kind: object = None,
    speed: object = None,
    maker: object = None,
    part: object = None,
    serial: object = None,
    slot: object = None,
) -> RamModule | None:
    """A module that is present, from the words of a tool; `size` in MiB; None for an empty slot and for a chip of the firmware."""
    if not size or size < SMALLEST_MODULE or size > 2**24:
        return None
    return RamModule(
        size_mb=size,
        form=_first(_FORM, form),
        type=_first(_KIND, kind),
        speed_mhz=speed_mhz(speed),
        manufacturer=_maker(maker),
        model=_part_number(part),
        serial=identity.real(serial),
        slot=identity.real(slot),
    )


def speed_mhz(value: object) -> int | None:
    """A clock in MHz or MT/s, whichever the tool prints."""
    if isinstance(value, str):
        found = _SPEED.search(value)
        value = found.group(1) if found else None
    return numbers.whole(value, most=100_000) or None


def _first(pattern: re.Pattern[str], value: object) -> str | None:
    found = pattern.search(value[:200]) if isinstance(value, str) else None
    return found.group(0) if found else None


def _maker(value: object) -> str | None:
    name = identity.real(value)
    return None if name is None or _JEDEC.fullmatch(name) else name


def _part_number(value: object) -> str | None:
    """The part number; some BIOSes give its letters as hexadecimal codes."""
    name = identity.real(value)
    bare = name.removeprefix("0x") if name else ""
    if re.fullmatch(r"(?:[2-7][0-9A-Fa-f]){8,}", bare):
        return identity.real(bytes.fromhex(bare).decode("ascii", "replace"))
    return name
