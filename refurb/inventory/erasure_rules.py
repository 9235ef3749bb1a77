"""When an erasure counts as proven, and which level it reaches (NIST SP 800-88 Rev. 2, IEEE 2883-2022); pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from refurb.inventory.readers.facts import ErasureFacts, Level, Medium

REASONS: frozenset[str] = frozenset(
    {
        "erasure.aborted",
        "erasure.errors",
        "erasure.failed",
        "erasure.hidden_sectors",
        "erasure.in_future",
        "erasure.incomplete",
        "erasure.no_end",
        "erasure.no_method",
        "erasure.no_serial",
        "erasure.smaller_than_drive",
        "erasure.too_old",
        "erasure.unknown_outcome",
        "erasure.unverified",
    }
)
"""Why an erasure is kept and shown, and yet does not count."""

CLOCK_DRIFT = timedelta(hours=26)
"""A bench machine's clock has no zone and often a wrong one: a day and a little is drift, more is the future."""

_OUTCOMES = {"failed": "erasure.failed", "aborted": "erasure.aborted", "unknown": "erasure.unknown_outcome"}


def level_reached(erasure: ErasureFacts, medium: Medium) -> Level | None:
    """The level that the technique reaches on this medium, whatever the tool calls it.

    None when nothing was written. Overwriting is Clear on every medium: it does not reach remapped sectors, nor the
    spare area of flash (NIST SP 800-88, IEEE 2883). A purge by the drive's own firmware counts as one only on a
    medium that is known, since the technique that purges differs from medium to medium.
    """
    if erasure.level == "purge" and medium == "unknown":
        return "clear"
    return erasure.level


def acceptance(
    erasure: ErasureFacts,
    medium: Medium,
    *,
    drive_size_bytes: int | None = None,
    not_before: datetime | None = None,
    now: datetime | None = None,
) -> tuple[bool, str | None]:
    """Whether the erasure proves its drive clean, and the first reason when it does not.

    Accepted only with a serial, a method that writes, success, an end, read back at least once, every byte of the
    drive reached, no error and no hidden sectors. `drive_size_bytes` is the size on record: an eraser that saw less
    missed an HPA or DCO. `not_before` is the arrival of the device, `now` the moment of the check; both are compared
    with the report's times as they are, so give them with a zone exactly when the report's times have one.
    """
    reason = next(_objections(erasure, medium, drive_size_bytes, not_before, now), None)
    return reason is None, reason


def _objections(
    erasure: ErasureFacts,
    medium: Medium,
    drive_size_bytes: int | None,
    not_before: datetime | None,
    now: datetime | None,
) -> Iterator[str]:
    if erasure.outcome in _OUTCOMES:
        yield _OUTCOMES[erasure.outcome]
    if erasure.errors:
        yield "erasure.errors"
    if not erasure.method or level_reached(erasure, medium) is None:
        yield "erasure.no_method"
    yield from _gaps(erasure, drive_size_bytes)
    if erasure.verification == "none":
        yield "erasure.unverified"
    yield from _wrong_times(erasure, not_before, now)
    # Last, although it is the gravest: without it nothing is matched, so the other reasons tell more.
    if not erasure.serial:
        yield "erasure.no_serial"


def _gaps(erasure: ErasureFacts, drive_size_bytes: int | None) -> Iterator[str]:
    if erasure.hidden_sectors:
        yield "erasure.hidden_sectors"
    if erasure.size_bytes is None or erasure.bytes_erased is None or erasure.bytes_erased < erasure.size_bytes:
        yield "erasure.incomplete"
    elif drive_size_bytes is not None and erasure.size_bytes < drive_size_bytes:
        yield "erasure.smaller_than_drive"


def _wrong_times(erasure: ErasureFacts, not_before: datetime | None, now: datetime | None) -> Iterator[str]:
    if erasure.ended_at is None or (erasure.started_at is not None and erasure.ended_at < erasure.started_at):
        yield "erasure.no_end"
        return
    if now is not None and erasure.ended_at > now + CLOCK_DRIFT:
        yield "erasure.in_future"
    if not_before is not None and erasure.ended_at < not_before - CLOCK_DRIFT:
        yield "erasure.too_old"
