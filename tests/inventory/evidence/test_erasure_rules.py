"""When an erasure proves its drive clean."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from refurb.inventory.evidence.erasure_rules import REASONS, acceptance, level_reached
from refurb.inventory.readers.facts import ErasureFacts

NOON = datetime(2026, 3, 2, 12, 0)  # noqa: DTZ001
PROVEN = ErasureFacts(
    serial="WD-WX00A0000001",
    model="WDC",
    size_bytes=1000,
    medium="hdd",
    method="Fill With Zeros",
    level="clear",
    rounds=1,
    verification="last",
    started_at=NOON - timedelta(hours=1),
    ended_at=NOON,
    outcome="success",
    errors=0,
    bytes_erased=1000,
    tool="nwipe",
    tool_version="0.42",
)


def test_a_complete_verified_erasure_is_accepted():
    assert acceptance(PROVEN, "hdd", drive_size_bytes=1000, not_before=NOON, now=NOON) == (True, None)


@pytest.mark.parametrize(
    "changes,reason",
    [
        ({"outcome": "failed"}, "erasure.failed"),
        ({"outcome": "aborted"}, "erasure.aborted"),
        ({"outcome": "unknown"}, "erasure.unknown_outcome"),
        ({"errors": 1}, "erasure.errors"),
        ({"serial": None}, "erasure.no_serial"),
        ({"method": None}, "erasure.no_method"),
        ({"level": None}, "erasure.no_method"),
        ({"verification": "none"}, "erasure.unverified"),
        ({"ended_at": None}, "erasure.no_end"),
        ({"ended_at": NOON - timedelta(days=1)}, "erasure.no_end"),
        ({"bytes_erased": 999}, "erasure.incomplete"),
        ({"bytes_erased": None}, "erasure.incomplete"),
        ({"size_bytes": None}, "erasure.incomplete"),
        ({"hidden_sectors": True}, "erasure.hidden_sectors"),
    ],
)
def test_each_gap_refuses_it(changes, reason):
    assert reason in REASONS
    assert acceptance(replace(PROVEN, **changes), "hdd") == (False, reason)


def test_a_smaller_drive_than_the_one_on_record_hides_something():
    whole = replace(PROVEN, size_bytes=512_000, bytes_erased=512_000)

    assert acceptance(whole, "hdd", drive_size_bytes=512_512) == (False, "erasure.smaller_than_drive")


def test_a_firmware_counts_no_bytes_and_its_status_is_the_check():
    by_firmware = replace(PROVEN, level="purge", verification="device", size_bytes=None, bytes_erased=None)

    assert acceptance(by_firmware, "nvme", drive_size_bytes=1000) == (True, None)
    assert acceptance(replace(by_firmware, verification="none"), "nvme") == (False, "erasure.incomplete")


def test_an_erasure_from_before_the_arrival_does_not_count():
    assert acceptance(PROVEN, "hdd", not_before=NOON + timedelta(days=2)) == (False, "erasure.too_old")


def test_an_erasure_from_the_future_does_not_count():
    assert acceptance(PROVEN, "hdd", now=NOON - timedelta(days=2)) == (False, "erasure.in_future")


@pytest.mark.parametrize("medium", ["hdd", "ssd", "nvme", "emmc", "unknown"])
def test_overwriting_is_clear_at_best(medium):
    assert level_reached(PROVEN, medium) == "clear"


def test_a_purge_on_an_unknown_medium_is_not_believed():
    purge = replace(PROVEN, level="purge")

    assert (level_reached(purge, "unknown"), level_reached(purge, "ssd")) == ("clear", "purge")
