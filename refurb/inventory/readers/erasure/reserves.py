"""What is to be said of any erasure, whatever tool tells of it: what is missing, and what cannot be."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from refurb.inventory.readers.facts import ErasureFacts, ReportWarning, warning

DRIFT = timedelta(hours=26)
"""A bench machine's clock has no zone and often a wrong one: a day and a little is drift, more is the future."""

_SAY_THE_SAME = frozenset({"erasure.serial_hidden", "erasure.needs_identity", "erasure.serial_of_bridge"})


def with_reserves(erasure: ErasureFacts, now: datetime) -> ErasureFacts:
    """The erasure with its gaps beside the tool's own warnings; `now` is the moment of reading, aware.

    A success that the report's own figures deny, since not every byte was reached, is none.
    """
    known = {each.code for each in erasure.warnings}
    reserves = (*erasure.warnings, *(each for each in _reserves(erasure, now, known) if each.code not in known))
    if erasure.outcome == "success" and _is_short(erasure):
        return replace(erasure, outcome="unknown", doubt=erasure.doubt or "erasure.incomplete", warnings=reserves)
    return replace(erasure, warnings=reserves)


def _is_short(erasure: ErasureFacts) -> bool:
    return erasure.size_bytes is not None and erasure.bytes_erased is not None and erasure.bytes_erased < erasure.size_bytes


def _reserves(erasure: ErasureFacts, now: datetime, known: set[str]) -> Iterator[ReportWarning]:
    serial = erasure.serial
    if serial is None and not known & _SAY_THE_SAME:
        yield warning("erasure.serial_missing", model=erasure.model)
    if erasure.outcome == "success":
        yield from _gaps(erasure)
    if erasure.ended_at is None:
        yield warning("erasure.end_missing", serial=serial)
        return
    if erasure.ended_at.tzinfo is None:
        yield warning("erasure.no_zone", serial=serial)
    if (erasure.ended_at if erasure.ended_at.tzinfo else erasure.ended_at.replace(tzinfo=UTC)) > now + DRIFT:
        yield warning("erasure.future", serial=serial)
    comparable = erasure.started_at is not None and (erasure.started_at.tzinfo is None) == (erasure.ended_at.tzinfo is None)
    if comparable and erasure.started_at and erasure.ended_at < erasure.started_at:
        yield warning("erasure.clock_went_back", serial=serial)


def _gaps(erasure: ErasureFacts) -> Iterator[ReportWarning]:
    if erasure.verification == "none":
        yield warning("erasure.not_read_back", serial=erasure.serial)
    if erasure.level is None:
        yield warning("erasure.nothing_written", serial=erasure.serial)
    if _is_short(erasure):
        yield warning("erasure.short", serial=erasure.serial, erased=erasure.bytes_erased, size=erasure.size_bytes)
