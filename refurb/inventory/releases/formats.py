"""The file that each console takes, by serial number; pure.

| Console | File | Source |
|---|---|---|
| Windows Autopilot | CSV under the headings of its own device list, « Device Serial Number,Windows Product ID,Hardware Hash »; the last two are not needed to delete, which goes by serial | learn.microsoft.com: « Manually register devices with Windows Autopilot »; Graph `windowsAutopilotDeviceIdentities/deleteDevices`, `serialNumbers` |
| Apple Business or School Manager | CSV of serials, one a line, without a heading: « Upload CSV File », then « Release Devices » | support.apple.com, Apple School Manager guide, « Release devices » |
| Absolute | text of serials, one a line, for a request to remove the agent | Absolute, Customer Center user guide, « Creating a New Agent Removal Request: using a text file » |
| BIOS | no console: a table for whoever goes from machine to machine | – |
"""  # noqa: E501 - a table

import csv
import io
import re
from collections.abc import Iterable, Sequence

from refurb.inventory.words.releases import Lock

_WRITABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]*")

Line = tuple[str, str | None, str | None]
"""Serial, maker, model."""

NAMES = {
    Lock.AUTOPILOT: ("autopilot.csv", "text/csv; charset=utf-8"),
    Lock.APPLE: ("apple.csv", "text/csv; charset=utf-8"),
    Lock.ABSOLUTE: ("absolute.txt", "text/plain; charset=utf-8"),
    Lock.BIOS: ("bios.csv", "text/csv; charset=utf-8"),
}


def is_writable(serial: str) -> bool:
    """Whether a serial can stand in a console's file: plain signs only, so that none is a formula or a second column (CWE-1236)."""
    return _WRITABLE.fullmatch(serial) is not None


def file_for(lock: Lock, lines: Iterable[Line]) -> bytes:
    """The file for one console; serials that are not writable are left out."""
    kept = [line for line in lines if is_writable(line[0])]
    if lock is Lock.AUTOPILOT:
        return _table(
            ("Device Serial Number", "Windows Product ID", "Hardware Hash"), [(serial, "", "") for serial, _maker, _model in kept]
        )
    if lock is Lock.BIOS:
        rows = [(_plain(maker), _plain(model), serial) for serial, maker, model in kept]
        return _table(("Fabricant", "Modèle", "Numéro de série"), rows, ";")
    return "".join(f"{serial}\r\n" for serial, _maker, _model in kept).encode()


def _plain(text: str | None) -> str:
    return (text or "").lstrip("=+-@\t\r")


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], between: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=between, lineterminator="\r\n").writerows([heads, *rows])
    return file.getvalue().encode()
