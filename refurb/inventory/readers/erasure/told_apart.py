"""Which of the drives that one report names by the same serial number cannot be one: such a number proves nothing of either."""

from collections.abc import Sequence
from dataclasses import replace

from refurb.inventory.readers.facts import ErasureFacts, warning
from refurb.inventory.readers.serials import plain_serial

# Of a hundred erasures under one number, all that matters is that there are two at one time.
_MOST = 100


def twice(erasure: ErasureFacts, serial: str | None) -> ErasureFacts:
    """An erasure of which the serial number was that of another drive too."""
    doubted = warning("erasure.serial_twice", serial=serial)
    return replace(erasure, doubt="erasure.serial_twice", warnings=(*erasure.warnings, doubted))


def told_apart(erasures: Sequence[ErasureFacts]) -> tuple[ErasureFacts, ...]:
    """The erasures of a report, those doubted that were at work at one time under one serial number.

    One drive may be erased twice, one time after the other. An NVMe drive has its namespaces erased side by side, under its own number.
    """
    alike: dict[str, list[ErasureFacts]] = {}
    for each in erasures:
        alike.setdefault(plain_serial(each.serial), []).append(each)
    return tuple(
        twice(each, each.serial)
        if each.serial and each.doubt is None and any(_are_two(each, other) for other in alike[plain_serial(each.serial)][:_MOST])
        else each
        for each in erasures
    )


def _are_two(one: ErasureFacts, other: ErasureFacts) -> bool:
    if one is other or one.medium == other.medium == "nvme":
        return False
    times = (one.started_at, one.ended_at, other.started_at, other.ended_at)
    if None in times or len({each.tzinfo is None for each in times if each}) > 1:
        return False
    return bool(one.started_at < other.ended_at and other.started_at < one.ended_at)  # type: ignore[operator]  # none is None
