"""Gathers the lines of an nwipe log into runs and drives; what they prove is judged in `nwipe`."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.nwipe_runs import DriveLog, Run, Stray
from refurb.inventory.readers.nwipe_sayings import record

LINE = re.compile(
    r"\[(\d{4})/(\d\d)/(\d\d) (\d\d):(\d\d):(\d\d)\] *(nwipe: )? *"
    r"(?:(debug|info|notice|warning|error|fatal|sanity): ?)?(.*)"
)
_DEVICE = re.compile(r"/dev/[\w./:+-]*\w")
_HOST = {
    "system-manufacturer": "manufacturer",
    "system-product-name": "model",
    "system-serial-number": "serial",
}
_FOUND_EARLY = re.compile(r'Found drive model="([^"]*)", device path="[^"]*", size="[^"]*", serial number="([^"]*)"')
_STATUS = re.compile(r"!? *(\S+) *\| *(-*[A-Za-z]+-*) *\|[^|]*\|[^|]*\|([^|]*)")
_WORST_FIRST = ("failed", "fail", "insanity", "uaborted")
_ERROR_COUNTS = re.compile(r"!? *(\S+) *\| *(\d{1,19}) *\| *(\d{1,19})(?: *\| *(\d{1,19}))? *")
_COVERAGE = re.compile(r"!? *(\S+) *\| *(\d{1,19}) *\| *(\d{1,19}) *\| *[\d.]+ *%.*")
_FOOTER_OPTIONS = re.compile(r"(\d{1,6})R\+N?B\+(NV|VL|VA)")
_LONGEST_LINE = 1000
_MAX_LINES = 15_000
_LEAST_BARS, _MOST_BARS = 2, 6
_BESIDE = timedelta(seconds=1)
_END = re.compile(r"nwipe (?:successfully|exited|was aborted)", re.IGNORECASE)


def runs(text: str) -> list[Run]:
    """The runs of a log in file order; a log that several runs appended to is cut where a new one begins."""
    lines = text.count("\n")
    if lines > _MAX_LINES:
        raise Unreadable("report.too_long", lines=lines, limit=_MAX_LINES)
    gathered = _Gatherer()
    for line in text.split("\n"):
        gathered.take(line)
    return [run for run in gathered.runs if run.invoked]


class _Gatherer:
    def __init__(self) -> None:
        self.runs: list[Run] = [Run()]
        self._named: tuple[datetime, str] | None = None
        self._open: list[Stray] = []

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
            run.ended_badly = run.ended_badly or re.search(r"exited with (?:fatal )?errors?", message, re.IGNORECASE) is not None
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
            device.strays_from = len(run.strays)
        known = run.devices.get(path) if path else None
        if known is None and path and message.startswith("Device '") and " is size " in message:
            known = run.device(path)
        if known is None and level in {"error", "fatal"} and run.invoked:
            self._stray(when)
            return
        self._beside(path, when)
        if known is not None:
            record(run, known, level, message, when)

    def _stray(self, when: datetime) -> None:
        """A complaint that names no drive; the line before it may, and the one after it. Several together are one."""
        stray = Stray(when)
        if self._named and abs(when - self._named[0]) <= _BESIDE:
            stray.near.add(self._named[1])
        self._open.append(stray)
        self.run.strays.append(stray)

    def _beside(self, path: str | None, when: datetime) -> None:
        """Another line: what drive it names, if it names one, for the complaints on either side."""
        if path:
            for stray in self._open:
                if abs(when - stray.when) <= _BESIDE:
                    stray.near.add(path)
        self._named, self._open = (when, path) if path else None, []

    def _table(self, line: str) -> bool:
        """Takes a row of one of the three summary tables."""
        if not _LEAST_BARS <= line.count("|") <= _MOST_BARS or len(line) > 300:
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
    device.table_errors = (device.table_errors or 0) + sum(int(each) for each in row.groups()[1:] if each)


def _take_status(run: Run, device: DriveLog, row: re.Match[str]) -> None:
    run.has_table = True
    # nwipe marks the lines of drives that did not end well; of two rows about one drive, the worse one counts.
    device.is_marked = device.is_marked or row.group(0).startswith("!")
    told = row.group(2).strip("-").casefold()
    device.status = next((worse for worse in _WORST_FIRST if worse in {told, device.status}), told)
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
