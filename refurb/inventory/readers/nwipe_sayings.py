"""What each line of an nwipe log says about its device."""

import re
from collections.abc import Callable
from datetime import datetime

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.nwipe_runs import DriveLog, Run

_TIDYING_UP = re.compile(r"status: |nwipe exited with|requesting wipe thread|wipe thread for", re.IGNORECASE)
_BAD_NEWS = re.compile(r"fail|error|short (?:write|read)|partial (?:write|read)|flush", re.IGNORECASE)
# Tried again, and told as an error when it never succeeded; and what is no word about the medium.
_HARMLESS = re.compile(r"\(attempt \d{1,3}/\d{1,3}\)|temperature|hwmon|smart ?ctl|smart data", re.IGNORECASE)

_Taker = Callable[[Run, DriveLog, re.Match[str], datetime], None]


def _take_serial(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, when
    device.own_serial = found.group(1).strip()


def _take_size(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, when
    device.size = device.size or numbers.drive_bytes(found.group(1))


def _take_geometry(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del found, when
    run.geometry_of = device.path


def _take_invocation(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    device.method = identity.clean(found.group(1))
    device.started = when
    device.rounds = run.rounds


def _take_round(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run
    device.started = device.started or when
    device.rounds = numbers.whole(found.group(1), most=10_000)


def _take_pass(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, when
    device.passes = numbers.whole(found.group(1), most=10_000)


def _take_written(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    """Each pass must reach the end: the shortest one counts."""
    del run, when
    written = numbers.whole(found.group(1))
    if written is not None:
        device.written = written if device.written is None else min(device.written, written)


def _take_verified_pass(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, when
    this, passes, round_, rounds = (int(each) for each in found.groups())
    device.verified.add((round_, this))
    device.verified_last_pass = device.verified_last_pass or (this == passes and round_ == rounds)


def _take_finished(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    done, rounds = (int(each) for each in found.groups())
    if done == rounds:
        device.finished = when
        device.strays_until = len(run.strays)


def _take_blanking(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, found, when
    device.blanking = True


def _take_blanked(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del found
    device.blanked = when
    device.strays_until = len(run.strays)


def _take_verified_blank(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, found, when
    device.verified_blank = True


def _take_hidden(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, when
    word = found.group(1).casefold()
    device.hidden_unknown = word == "indeterminate"
    device.hidden_sectors = {"detected": True, "no": False}.get(word)


def _take_cancelled(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, found, when
    device.cancelled = True


_ON = r"on (?:device )?'?/dev/"
_SAYINGS: tuple[tuple[str, re.Pattern[str], _Taker], ...] = tuple(
    (first, re.compile(pattern), taker)
    for first, pattern, taker in (
        ("/", r"/dev/\S+ has serial number (.*)", _take_serial),
        ("/", r"/dev/\S+, sect/blk/dev \d+/\d+/(\d{1,19})", _take_size),
        ("D", r"Device '.*' is size (\d{1,19})", _take_size),
        ("/", r"/dev/\S+: Device geometry", _take_geometry),
        ("I", r"Invoking method '(.*)' " + _ON, _take_invocation),
        ("S", r"Starting round \d{1,6} of (\d{1,6}) " + _ON, _take_round),
        ("S", r"Starting pass \d{1,6}(?:/| of )(\d{1,6}), round", _take_pass),
        ("0123456789", r"(\d{1,19}) bytes written to (?:device )?'?/dev/", _take_written),
        ("V", r"Verified pass (\d{1,6}) of (\d{1,6}), round (\d{1,6}) of (\d{1,6}), " + _ON, _take_verified_pass),
        ("F", r"Finished (?:final )?round (\d{1,6}) of (\d{1,6}) " + _ON, _take_finished),
        ("B", r"Blanking device ", _take_blanking),
        ("W", r"Writing final random pattern", _take_blanking),
        ("[B", r"(?:\[SUCCESS\] )?Blanked device ", _take_blanked),
        ("[W", r"(?:\[SUCCESS\] )?Wrote final random pattern", _take_blanked),
        ("[V", r"(?:\[SUCCESS\] )?Verified (?:that '?/dev/\S+ is empty|the final random pattern)", _take_verified_blank),
        ("[", r"(?i:\[SUCCESS\] .*(?:zeroed|ones|filled|match|verified))", _take_verified_blank),
        ("*", r"\*+ HIDDEN SECTORS (DETECTED)", _take_hidden),
        ("H", r"HIDDEN SECTORS (INDETERMINATE)", _take_hidden),
        ("N", r"(No) hidden sectors", _take_hidden),
        ("R", r"Requesting wipe thread cancellation", _take_cancelled),
    )
)


def record(run: Run, device: DriveLog, level: str, message: str, when: datetime) -> None:
    if not _TIDYING_UP.match(message):
        device.last_seen = when
    for first, pattern, take in _SAYINGS:
        found = pattern.match(message) if message[:1] in first else None
        if found:
            take(run, device, found, when)
            return
    complains = level == "warning" and device.started is not None and _BAD_NEWS.search(message) and not _HARMLESS.search(message)
    if complains or level in {"error", "fatal", "sanity"} or "[FAILURE]" in message:
        device.errors += 1
