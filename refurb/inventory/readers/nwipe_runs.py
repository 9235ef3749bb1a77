"""What an nwipe log is made of: runs, and in each run the devices on which a method was started."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property


@dataclass(slots=True)
class Stray:
    """A line that complains and names no drive; `near` are the drives that the lines beside it name, within a second."""

    when: datetime
    near: set[str] = field(default_factory=set)


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
    # Which of the run's strays came while it was at work: from, and up to, a place in their list.
    strays_from: int = 0
    strays_until: int | None = None
    status: str | None = None
    is_marked: bool = False
    table_errors: int | None = None
    table_written: int | None = None
    table_size: int | None = None
    table_serial: str | None = None


@dataclass
class Run:
    """One start of nwipe: its options, its machine, its devices by path."""

    version: str | None = None
    method: str | None = None
    rounds: int | None = None
    verify: int | None = None
    speaks_old: bool = False
    host: dict[str, str] = field(default_factory=dict)
    devices: dict[str, DriveLog] = field(default_factory=dict)
    strays: list[Stray] = field(default_factory=list)
    entropy_opened: bool = False
    invoked: bool = False
    has_table: bool = False
    ended: datetime | None = None
    aborted: bool = False
    ended_badly: bool = False
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

    @cached_property
    def failed(self) -> frozenset[str]:
        """The drives of this run that are known to have failed; asked at its end."""
        return frozenset(each.path for each in invoked(self) if each.errors or each.table_errors or each.status not in {None, "erased"})

    def strays_of(self, device: DriveLog) -> int:
        """How many complaints that name no drive may be about this one: all while it was at work, but those beside a failed one's lines."""
        until = device.strays_until if device.finished or device.blanked else None
        heard = self.strays[device.strays_from : until]
        return sum(1 for each in heard if not (self.has_table and each.near & self.failed))


def invoked(run: Run) -> Iterator[DriveLog]:
    """The devices on which a method was started; the others were only listed."""
    return (device for device in run.devices.values() if device.started is not None)
