"""When an erasure counts as proven, and which level it reaches (NIST SP 800-88 Rev. 2, IEEE 2883-2022); pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from refurb.inventory.readers.capacity import is_rounded
from refurb.inventory.readers.erasure.reserves import DRIFT
from refurb.inventory.readers.errors import DOUBTS
from refurb.inventory.readers.facts import ErasureFacts, Level, Medium

REASONS: frozenset[str] = frozenset(
    {
        "erasure.aborted",
        "erasure.below_impact",
        "erasure.errors",
        "erasure.failed",
        "erasure.hidden_sectors",
        "erasure.in_future",
        "erasure.model_of_bridge",
        "erasure.incomplete",
        "erasure.no_end",
        "erasure.no_method",
        "erasure.no_serial",
        "erasure.read_otherwise",
        "erasure.said_before",
        "erasure.smaller_than_drive",
        "erasure.too_old",
        "erasure.unknown_outcome",
        "erasure.unverified",
        "erasure.withdrawn",
        *DOUBTS,
    }
)
"""Why an erasure is kept and shown, and yet does not count."""

CLOCK_DRIFT = DRIFT

RETURN_TOLERANCE = timedelta(minutes=10)
"""How far the bench machine's clock may lag behind ours where a thing came back: what was proven before it left is to be told apart."""

Times = tuple[datetime | None, datetime | None, datetime | None]

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
    back_since: datetime | None = None,
    now: datetime | None = None,
) -> tuple[bool, str | None]:
    """Whether the erasure proves its drive clean, and the first reason when it does not.

    Accepted only with a serial, a method that writes, success, an end, read back at least once (or, for a firmware's own
    command, its status after it), every byte of the drive reached, no error and no hidden sectors. `drive_size_bytes` is
    the size on record: an eraser that saw less missed an HPA or DCO. `not_before` is the arrival of the device,
    `back_since` its latest return (no clock's drift is forgiven there), `now` the moment of the check; all are compared
    with the report's times as they are, so give them with a zone exactly when the report's times have one.
    """
    reason = next(_objections(erasure, medium, drive_size_bytes, (not_before, back_since, now)), None)
    return reason is None, reason


def says_otherwise(erasure: ErasureFacts) -> bool:
    """Whether a run leaves the drive unproven, whatever was proven before: it failed, was stopped half-way, or met errors."""
    return erasure.outcome in {"failed", "aborted"} or bool(erasure.errors)


def wrong_times(started_at: datetime | None, ended_at: datetime | None, times: Times) -> Iterator[str]:
    """What is wrong with when an erasure took place; `times` are the arrival, the latest return, and the present moment."""
    not_before, back_since, now = times
    if ended_at is None or (started_at is not None and ended_at < started_at):
        yield "erasure.no_end"
        return
    if now is not None and ended_at > now + CLOCK_DRIFT:
        yield "erasure.in_future"
    if not_before is not None and ended_at < not_before - CLOCK_DRIFT:
        yield "erasure.too_old"
    if back_since is not None and ended_at < back_since - RETURN_TOLERANCE:
        yield "erasure.too_old"


def _objections(
    erasure: ErasureFacts,
    medium: Medium,
    drive_size_bytes: int | None,
    times: Times,
) -> Iterator[str]:
    if erasure.outcome in {"failed", "aborted"}:
        yield _OUTCOMES[erasure.outcome]
    if erasure.doubt:
        yield erasure.doubt
    if erasure.outcome in _OUTCOMES:
        yield _OUTCOMES[erasure.outcome]
    if erasure.errors:
        yield "erasure.errors"
    if not erasure.method or level_reached(erasure, medium) is None:
        yield "erasure.no_method"
    yield from _gaps(erasure, drive_size_bytes)
    if erasure.verification == "none":
        yield "erasure.unverified"
    yield from wrong_times(erasure.started_at, erasure.ended_at, times)
    # Last, although it is the gravest: without it nothing is matched, so the other reasons tell more.
    if not erasure.serial:
        yield "erasure.no_serial"


def _gaps(erasure: ErasureFacts, drive_size_bytes: int | None) -> Iterator[str]:
    if erasure.hidden_sectors:
        yield "erasure.hidden_sectors"
    size = erasure.size_bytes
    # A firmware command covers the whole drive, spare area included, and counts no bytes (IEEE 2883-2022).
    by_firmware = erasure.verification == "device" and erasure.bytes_erased is None
    if not by_firmware and (size is None or erasure.bytes_erased is None or erasure.bytes_erased < size):
        yield "erasure.incomplete"
    elif size is not None and drive_size_bytes is not None and size + _rounding(size, drive_size_bytes) < drive_size_bytes:
        yield "erasure.smaller_than_drive"


def _rounding(size: int, on_record: int) -> int:
    """By how much a size may fall short in bytes: tools that count megabytes cut what is left of the last one, or add a few.

    A size on record that was rounded may be a ten-thousandth too large: eReuse Workbench writes 76,324 for a drive of 76,319 MiB.
    """
    own = 2**20 if is_rounded(size) else 0
    return max(own, on_record // 10_000) if is_rounded(on_record) else own
