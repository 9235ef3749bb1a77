"""Reads hdparm's account of an erasure: `--security-erase`, `--security-erase-enhanced`, `--sanitize-*`, with `-I` around them.

Levels (NIST SP 800-88 Rev. 2, which refers to IEEE 2883-2022): the Sanitize commands and the enhanced Security Erase are Purge,
the normal Security Erase is Clear: it leaves reallocated sectors as they were. The output of both erases is the same, so that only
the command itself, where it was kept, shows the enhanced one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.erasure.stated import stated_end
from refurb.inventory.readers.erasure.told_apart import twice
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureFacts, ErasureReportFacts, Medium, Outcome, ReportWarning, warning

TOOL = "hdparm"

_MOST_LINES = 20_000
_LONGEST_LINE = 400
_HEAD = 65_536
_IS_HDPARM = re.compile(
    r"^\s*Issuing (?:SECURITY|SANITIZE)_|^\s*Model Number: [^\n]{0,80}\n\s*Serial Number:|^Sanitize status:|^security_password: ",
    re.MULTILINE,
)
_PASSWORD = re.compile(
    r"""(password[=:]\s*)("[^"\n]{0,64}"|\S{1,64})"""
    r"""|(--security-(?:erase(?:-enhanced)?|set-pass|unlock|disable)[ =]+)("[^"\n]{0,64}"|'[^'\n]{0,64}'|\S{1,64})""",
    re.IGNORECASE,
)
_ERRORS = (
    r".*(?:bad/missing sense data|Input/output error|device error reason|feature set is not support|Problem issuing|ERASE_PREPARE"
    r"|SECURITY_ERASE: |Operation not (?:permitted|supported)|Last Sanitize Operation Failed)"
)
_SECTOR = 512


@dataclass(slots=True)
class _Erase:
    method: str
    purges: bool
    errors: int = 0
    completed: bool = False
    running: int | None = None
    frozen: bool = False


@dataclass(slots=True)
class _Drive:
    path: str
    serial: str | None = None
    model: str | None = None
    sectors: int | None = None
    sector_size: int = _SECTOR
    megabytes: int | None = None
    medium: Medium = "unknown"
    hidden: bool | None = None
    real_sectors: int | None = None
    erases: list[_Erase] = field(default_factory=list)

    @property
    def size_bytes(self) -> int | None:
        if self.sectors:
            return numbers.drive_bytes(self.sectors * self.sector_size)
        return numbers.drive_bytes((self.megabytes or 0) * 10**6)


@dataclass(slots=True)
class _Reading:
    drives: dict[str, _Drive] = field(default_factory=dict)
    path: str = ""
    enhanced_on: set[str] = field(default_factory=set)

    @property
    def drive(self) -> _Drive:
        return self.drives.setdefault(self.path, _Drive(self.path))

    @property
    def erase(self) -> _Erase | None:
        return self.drive.erases[-1] if self.drive.erases else None


def is_hdparm(text: str) -> bool:
    """Whether the text comes from hdparm."""
    return _IS_HDPARM.search(text[:_HEAD]) is not None


def without_passwords(data: bytes) -> bytes:
    """The same output without the passwords that hdparm prints: files are kept for ever, and some people reuse a password."""
    if data.startswith(b"%PDF-"):
        return data
    text = data.decode("latin-1")
    if "hdparm" not in text and "SECURITY_" not in text and "security_password" not in text:
        return data
    return _PASSWORD.sub(lambda found: (found.group(1) or found.group(3)) + '"***"', text).encode("latin-1")


def read(text: str) -> ErasureReportFacts:
    """The erasures told of, drive by drive; raises Unreadable (`report.no_erasure`) when nothing but identities is there."""
    lines = text.split("\n")
    if len(lines) > _MOST_LINES:
        raise Unreadable("report.too_long", lines=len(lines), limit=_MOST_LINES)
    reading = _Reading()
    for line in lines:
        _take(reading, line[:_LONGEST_LINE].strip())
    end = stated_end(text)
    serials = Counter(drive.serial or "" for drive in reading.drives.values())
    erasures = tuple(
        twice(facts, drive.serial) if drive.serial and serials[drive.serial] > 1 else facts
        for drive in reading.drives.values()
        if drive.erases
        for facts in [_facts(drive, drive.erases[-1], end)]
    )
    if not erasures:
        raise Unreadable("report.no_erasure")
    return ErasureReportFacts(tool=TOOL, tool_version=None, host=None, erasures=erasures)


def _take(reading: _Reading, line: str) -> None:
    for pattern, take in _SAYINGS:
        found = pattern.match(line)
        if found:
            take(reading, found)
            return


def _take_path(reading: _Reading, found: re.Match[str]) -> None:
    reading.path = found.group(1)


def _take_command(reading: _Reading, found: re.Match[str]) -> None:
    if "security-erase-enhanced" in found.group(1):
        reading.enhanced_on.add(found.group(2))
    else:
        reading.enhanced_on.discard(found.group(2))


def _take_serial(reading: _Reading, found: re.Match[str]) -> None:
    reading.drive.serial = identity.drive_serial(found.group(1))


def _take_model(reading: _Reading, found: re.Match[str]) -> None:
    reading.drive.model = identity.clean(found.group(1))


def _take_sectors(reading: _Reading, found: re.Match[str]) -> None:
    # The 48-bit count comes after the 28-bit one, which stops at 128 GiB.
    reading.drive.sectors = max(int(found.group(1)), reading.drive.sectors or 0)


def _take_sector_size(reading: _Reading, found: re.Match[str]) -> None:
    reading.drive.sector_size = int(found.group(1)) or _SECTOR


def _take_megabytes(reading: _Reading, found: re.Match[str]) -> None:
    reading.drive.megabytes = int(found.group(1))


def _take_rotation(reading: _Reading, found: re.Match[str]) -> None:
    reading.drive.medium = "ssd" if found.group(1).casefold().startswith("solid") else "hdd"


def _take_visible(reading: _Reading, found: re.Match[str]) -> None:
    visible, native = int(found.group(1)), int(found.group(2))
    reading.drive.hidden = visible < native


def _take_real(reading: _Reading, found: re.Match[str]) -> None:
    reading.drive.real_sectors = int(found.group(1))


def _take_security_erase(reading: _Reading, found: re.Match[str]) -> None:
    del found
    enhanced = reading.path in reading.enhanced_on
    reading.drive.erases.append(_Erase("ATA Security Erase, enhanced" if enhanced else "ATA Security Erase", enhanced))


def _take_sanitize(reading: _Reading, found: re.Match[str]) -> None:
    names = {"BLOCK_ERASE": "block erase", "CRYPTO_SCRAMBLE": "crypto scramble", "OVERWRITE": "overwrite"}
    name = next((words for key, words in names.items() if found.group(1).startswith(key)), None)
    if name:
        reading.drive.erases.append(_Erase(f"ATA Sanitize, {name}", purges=True))


def _take_sanitize_state(reading: _Reading, found: re.Match[str]) -> None:
    erase = _sanitizing(reading)
    erase.running = 0 if found.group(1) == "2" else None
    erase.frozen = found.group(1) == "1"
    erase.completed = erase.completed or found.group(1) == "4"
    erase.errors += found.group(1) == "3"


def _take_progress(reading: _Reading, found: re.Match[str]) -> None:
    if reading.erase:
        reading.erase.running = int(found.group(1))


def _take_completed(reading: _Reading, found: re.Match[str]) -> None:
    del found
    _sanitizing(reading).completed = True


def _sanitizing(reading: _Reading) -> _Erase:
    """The sanitize command that a status is about; a status alone shows one of whichever kind."""
    if reading.erase is None or "Sanitize" not in reading.erase.method:
        reading.drive.erases.append(_Erase("ATA Sanitize", purges=True))
    return reading.drive.erases[-1]


def _take_security(reading: _Reading, found: re.Match[str]) -> None:
    """After the erase, `not enabled` is the drive's own word that it is done; while the password stands, it is not."""
    erase = reading.erase
    if erase is not None and "Security" in erase.method:
        erase.completed = found.group(1) is not None


def _take_error(reading: _Reading, found: re.Match[str]) -> None:
    del found
    if reading.erase is not None and not reading.erase.completed:
        reading.erase.errors += 1


_Taker = Callable[[_Reading, re.Match[str]], None]
_SAYINGS: tuple[tuple[re.Pattern[str], _Taker], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), taker)
    for pattern, taker in (
        (r"(/dev/[\w/.-]{1,60}):$", _take_path),
        (r"[^\n]{0,80}?\bhdparm\b([^\n]*--security-erase\S*) [^\n]*?(/dev/[\w/.-]{1,60})", _take_command),
        (r"Serial Number:\s*(.*)", _take_serial),
        (r"Model Number:\s*(.*)", _take_model),
        (r"LBA(?:48)?\s+user addressable sectors:\s*(\d{1,19})", _take_sectors),
        (r"Logical(?:/Physical)?\s+Sector size:\s*(\d{1,6}) bytes", _take_sector_size),
        (r"device size with M = 1000\*1000:\s*(\d{1,12}) MBytes", _take_megabytes),
        (r"Nominal Media Rotation Rate:\s*(Solid State|\d{4,6}\b)", _take_rotation),
        (r"max sectors\s*=\s*(\d{1,19})/(\d{1,19})", _take_visible),
        (r"Real max sectors:\s*(\d{1,19})", _take_real),
        (r"Issuing SECURITY_ERASE\w* command", _take_security_erase),
        (r"Issuing SANITIZE_(?!STATUS)(\w+) command", _take_sanitize),
        (r"State:\s*SD(\d)\b", _take_sanitize_state),
        (r"Progress: 0x[0-9a-f]+ \((\d{1,3})%\)", _take_progress),
        (r"Last Sanitize Operation Completed Without Error", _take_completed),
        (r"(not)?\s*enabled$", _take_security),
        (_ERRORS, _take_error),
    )
)


def _facts(drive: _Drive, erase: _Erase, end: datetime | None) -> ErasureFacts:
    outcome = _outcome(erase)
    size = drive.size_bytes
    success = outcome == "success"
    return ErasureFacts(
        serial=drive.serial,
        model=drive.model,
        size_bytes=size,
        medium=drive.medium,
        method=erase.method,
        level="purge" if erase.purges else "clear",
        rounds=1,
        # What the firmware erased cannot be read back in the same way: its own status after the command is the check.
        verification="device" if success else "none",
        started_at=None,
        ended_at=end if success else None,
        outcome=outcome,
        errors=erase.errors,
        bytes_erased=size if success else None,
        tool=TOOL,
        tool_version=None,
        hidden_sectors=_hidden(drive),
        warnings=tuple(_reserves(drive, erase, outcome)),
    )


def _outcome(erase: _Erase) -> Outcome:
    if erase.errors:
        return "failed"
    return "success" if erase.completed and erase.running is None else "unknown"


def _hidden(drive: _Drive) -> bool | None:
    if drive.real_sectors and drive.sectors and drive.real_sectors > drive.sectors:
        return True
    return drive.hidden


def _reserves(drive: _Drive, erase: _Erase, outcome: Outcome) -> Iterator[ReportWarning]:
    if drive.serial is None:
        yield warning("erasure.needs_identity", device=drive.path.rpartition("/")[2] or None)
    if erase.running is not None:
        yield warning("erasure.still_running", serial=drive.serial, percent=erase.running)
    elif outcome == "unknown":
        yield warning("erasure.not_confirmed", serial=drive.serial)
    if _hidden(drive):
        yield warning("erasure.hidden_sectors", serial=drive.serial)
