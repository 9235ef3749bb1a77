"""The lines of an nwipe log, gathered into runs and drives; what they prove is judged in `nwipe`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from refurb.inventory.readers import identity, numbers

LINE = re.compile(
    r"\[(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)\] *(nwipe: )? *(?:(debug|info|notice|warning|error|fatal|sanity): ?)?(.*)"
)
_DEVICE = re.compile(r"/dev/[\w./:+-]*\w")
_HOST = {
    "system-manufacturer": "manufacturer",
    "system-product-name": "model",
    "system-serial-number": "serial",
}
_FOUND_EARLY = re.compile(
    r'Found drive model="([^"]*)", device path="[^"]*", size="[^"]*", serial number="([^"]*)"'
)
_STATUS = re.compile(r"!? *(\S+) *\| *(-*[A-Za-z]+-*) *\|[^|]*\|[^|]*\|([^|]*)")
_ERROR_COUNTS = re.compile(r"!? *(\S+) *\| *(\d{1,19}) *\| *(\d{1,19})(?: *\| *(\d{1,19}))? *")
_COVERAGE = re.compile(r"!? *(\S+) *\| *(\d{1,19}) *\| *(\d{1,19}) *\| *[\d.]+ *%.*")
_FOOTER_OPTIONS = re.compile(r"(\d{1,6})R\+N?B\+(NV|VL|VA)")
_LONGEST_LINE = 1000
_END = re.compile(r"nwipe (?:successfully|exited|was aborted)", re.IGNORECASE)
_TIDYING_UP = re.compile(r"nwipe exited with|requesting wipe thread|wipe thread for", re.IGNORECASE)
_BAD_NEWS = re.compile(r"fail|error|short (?:write|read)|partial (?:write|read)|flush", re.IGNORECASE)


@dataclass(slots=True)
class DriveLog:
    """What the lines of one run say about one device."""

    path: str
    bus: str = ""
    model: str | None = None
    shown_serial: str = ""
    own_serial: str = ""
    size: int | None = None
    hidden_sectors: bool | None = None
    hidden_unknown: bool = False
    method: str | None = None
    rounds: int | None = None
    passes: int | None = None
    blanking: bool = False
    started: datetime | None = None
    finished: datetime | None = None
    blanked: datetime | None = None
    last_seen: datetime | None = None
    verified: set[tuple[int, int]] = field(default_factory=set)
    verified_last_pass: bool = False
    verified_blank: bool = False
    cancelled: bool = False
    written: int | None = None
    errors: int = 0
    stray_errors_before: int = 0
    stray_errors: int = 0
    status: str | None = None
    table_errors: int | None = None
    table_written: int | None = None
    table_size: int | None = None
    table_serial: str | None = None


@dataclass(slots=True)
class Run:
    """One start of nwipe: its options, its machine, its devices by path."""

    version: str | None = None
    method: str | None = None
    rounds: int | None = None
    verify: int | None = None
    speaks_old: bool = False
    host: dict[str, str] = field(default_factory=dict)
    devices: dict[str, DriveLog] = field(default_factory=dict)
    stray_errors: int = 0
    entropy_opened: bool = False
    invoked: bool = False
    has_table: bool = False
    ended: datetime | None = None
    aborted: bool = False
    geometry_of: str | None = None
    by_column: dict[str, list[DriveLog]] = field(default_factory=dict)

    def device(self, path: str) -> DriveLog:
        found = self.devices.get(path)
        if found is None:
            found = self.devices[path] = DriveLog(path)
            self.by_column.setdefault(path.removeprefix("/dev/")[-8:], []).append(found)
        return found

    def in_column(self, shown: str) -> DriveLog | None:
        """The device of a table's row: its column keeps the last eight characters; two alike name neither."""
        found = self.by_column.get(shown[-8:], [])
        return found[0] if len(found) == 1 else None


def runs(text: str) -> list[Run]:
    """The runs of a log in file order; a log that several runs appended to is cut where a new one begins."""
    gathered = _Gatherer()
    for line in text.split("\n"):
        gathered.take(line)
    return [run for run in gathered.runs if run.invoked]


class _Gatherer:
    def __init__(self) -> None:
        self.runs: list[Run] = [Run()]

    @property
    def run(self) -> Run:
        return self.runs[-1]

    def take(self, line: str) -> None:
        line = line[:_LONGEST_LINE]
        found = LINE.match(line)
        if found is None:
            self._table(line)
            return
        year, month, day, hour, minute, second, old, level, message = found.groups()
        try:
            when = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
        except ValueError:
            return
        message = message.strip()
        self._perhaps_new_run(message)
        self.run.speaks_old = self.run.speaks_old or old is not None
        if not self._about_the_run(message, when):
            self._about_a_device(level or "", message, when)

    def _perhaps_new_run(self, message: str) -> None:
        run = self.run
        begins = (
            (_version(message) is not None and not message.startswith("banner") and bool(run.devices))
            or (message.startswith("Opened entropy source") and run.entropy_opened)
            or (message.startswith("Found ") and self._found_again(message))
            or (message.startswith("Invoking method") and self._invoked_again(message))
        )
        if begins:
            self.runs.append(Run())

    def _found_again(self, message: str) -> bool:
        path = _path(message)
        return self.run.ended is not None or (self.run.invoked and path in self.run.devices)

    def _invoked_again(self, message: str) -> bool:
        device = self.run.devices.get(_path(message) or "")
        return self.run.ended is not None or (device is not None and device.started is not None)

    def _about_the_run(self, message: str, when: datetime) -> bool:
        run = self.run
        name, equals, value = (each.strip() for each in message.partition("="))
        if equals and name in _HOST:
            run.host.setdefault(_HOST[name], value)
        elif equals and name in _OPTIONS:
            _OPTIONS[name](run, value)
        elif message.startswith("Opened entropy source"):
            run.entropy_opened = True
        elif _version(message):
            run.version = run.version or _version(message)
        elif _END.match(message) and "/dev/" not in message:
            run.ended = when
            run.aborted = run.aborted or "aborted" in message
        elif message.startswith("Total Throughput"):
            _footer(run, message, when)
        else:
            return self._table(message)
        return True

    def _about_a_device(self, level: str, message: str, when: datetime) -> None:
        run = self.run
        if message.startswith("Found "):
            _found(run, message)
            return
        path = _path(message)
        if message.startswith("Invoking method") and path:
            run.invoked = True
            device = run.device(path)
            device.stray_errors_before = run.stray_errors
        known = run.devices.get(path) if path else None
        if known is None and path and message.startswith("Device '") and " is size " in message:
            known = run.device(path)
        if known is None:
            run.stray_errors += level in {"error", "fatal"} and run.invoked
            return
        _record(run, known, level, message, when)

    def _table(self, line: str) -> bool:
        """Takes a row of one of the three summary tables."""
        if "|" not in line or len(line) > 300:
            return False
        run = self.run
        for pattern, take in ((_COVERAGE, _take_coverage), (_ERROR_COUNTS, _take_errors), (_STATUS, _take_status)):
            row = pattern.fullmatch(line.strip())
            if row:
                device = run.in_column(row.group(1))
                if device is not None:
                    take(run, device, row)
                return True
        return False


def _path(message: str) -> str | None:
    found = _DEVICE.search(message)
    return found.group(0) if found else None


def _version(message: str) -> str | None:
    """The version of nwipe in `nwipe 0.42`, in ShredOS's own name for itself, or in the banner with either."""
    text = message.partition("=")[2].strip() if message.startswith("banner") else message
    found = re.match(r"nwipe v?(\d+\.[\w.+-]+)$|ShredOS\b.*_v?(\d+\.\d[\w.]*)$", text)
    return (found.group(1) or found.group(2)) if found else None


def _banner(run: Run, value: str) -> None:
    run.version = run.version or _version(f"banner = {value}")


def _option_number(value: str) -> int | None:
    found = re.match(r"\d{1,6}", value)
    return int(found.group(0)) if found else None


def _set_method(run: Run, value: str) -> None:
    run.method = identity.clean(value)


def _set_rounds(run: Run, value: str) -> None:
    run.rounds = _option_number(value)


def _set_verify(run: Run, value: str) -> None:
    run.verify = _option_number(value)


def _set_size(run: Run, value: str) -> None:
    device = run.devices.get(run.geometry_of or "")
    run.geometry_of = None
    if device is not None:
        device.size = device.size or numbers.drive_bytes(value)


_OPTIONS: dict[str, Callable[[Run, str], None]] = {
    "banner": _banner,
    "method": _set_method,
    "rounds": _set_rounds,
    "verify": _set_verify,
    "Total device bytes": _set_size,
}


def _footer(run: Run, message: str, when: datetime) -> None:
    """Takes `Total Throughput 494 MB/s, Fill With Zeros, 1R+NB+VL`: rounds, blanking, verification."""
    *_, method, options = ("", "", *message.rsplit(", ", 2))
    found = _FOOTER_OPTIONS.fullmatch(options.strip())
    if found:
        run.method = run.method or identity.clean(method)
        run.rounds = run.rounds or _option_number(found.group(1))
        if run.verify is None:
            run.verify = {"NV": 0, "VL": 1, "VA": 2}[found.group(2)]
    run.has_table = True
    run.ended = run.ended or when


def _take_coverage(run: Run, device: DriveLog, row: re.Match[str]) -> None:
    del run
    device.table_written = numbers.whole(row.group(2))
    device.table_size = numbers.drive_bytes(row.group(3))


def _take_errors(run: Run, device: DriveLog, row: re.Match[str]) -> None:
    del run
    device.table_errors = sum(int(each) for each in row.groups()[1:] if each)


def _take_status(run: Run, device: DriveLog, row: re.Match[str]) -> None:
    run.has_table = True
    device.status = row.group(2).strip("-").casefold()
    device.table_serial = row.group(3).rpartition("/")[2].strip()


def _found(run: Run, message: str) -> None:
    path = _path(message)
    if path is None:
        return
    device = run.device(path)
    early = _FOUND_EARLY.fullmatch(message)
    if early:
        device.model, device.shown_serial = identity.clean(early.group(1)), early.group(2).strip()
        return
    described, _, serial = message.rpartition("S/N=")
    fields = [each.strip() for each in described.split(",")][1:]
    device.shown_serial = serial.strip() if described else ""
    device.bus = fields[0] if fields else ""
    device.model = identity.clean(", ".join(fields[1:-2]))


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
        device.stray_errors = run.stray_errors - device.stray_errors_before


def _take_blanking(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del run, found, when
    device.blanking = True


def _take_blanked(run: Run, device: DriveLog, found: re.Match[str], when: datetime) -> None:
    del found
    device.blanked = when
    device.stray_errors = run.stray_errors - device.stray_errors_before


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
_SAYINGS: tuple[tuple[re.Pattern[str], _Taker], ...] = tuple(
    (re.compile(pattern), taker)
    for pattern, taker in (
        (r"/dev/\S+ has serial number (.*)", _take_serial),
        (r"/dev/\S+, sect/blk/dev \d+/\d+/(\d{1,19})", _take_size),
        (r"Device '.*' is size (\d{1,19})", _take_size),
        (r"/dev/\S+: Device geometry", _take_geometry),
        (r"Invoking method '(.*)' " + _ON, _take_invocation),
        (r"Starting round \d{1,6} of (\d{1,6}) " + _ON, _take_round),
        (r"Starting pass \d{1,6}(?:/| of )(\d{1,6}), round", _take_pass),
        (r"(\d{1,19}) bytes written to (?:device )?'?/dev/", _take_written),
        (r"Verified pass (\d{1,6}) of (\d{1,6}), round (\d{1,6}) of (\d{1,6}), " + _ON, _take_verified_pass),
        (r"Finished (?:final )?round (\d{1,6}) of (\d{1,6}) " + _ON, _take_finished),
        (r"Blanking device ", _take_blanking),
        (r"Writing final random pattern", _take_blanking),
        (r"(?:\[SUCCESS\] )?Blanked device ", _take_blanked),
        (r"(?:\[SUCCESS\] )?Wrote final random pattern", _take_blanked),
        (r"(?:\[SUCCESS\] )?Verified (?:that '?/dev/\S+ is empty|the final random pattern)", _take_verified_blank),
        (r"(?i:\[SUCCESS\] .*(?:zeroed|ones|filled|match|verified))", _take_verified_blank),
        (r"(?i:.*hidden sectors (detected|indeterminate))", _take_hidden),
        (r"(?i:(no) hidden sectors)", _take_hidden),
        (r"Requesting wipe thread cancellation", _take_cancelled),
    )
)


def _record(run: Run, device: DriveLog, level: str, message: str, when: datetime) -> None:
    if not _TIDYING_UP.match(message):
        device.last_seen = when
    for pattern, take in _SAYINGS:
        found = pattern.match(message)
        if found:
            take(run, device, found, when)
            return
    if level in {"error", "fatal", "sanity"} or "[FAILURE]" in message:
        device.errors += 1
    elif level == "warning" and device.started is not None and _BAD_NEWS.search(message):
        device.errors += 1


def invoked(run: Run) -> Iterator[DriveLog]:
    """The devices on which a method was started; the others were only listed."""
    return (device for device in run.devices.values() if device.started is not None)
