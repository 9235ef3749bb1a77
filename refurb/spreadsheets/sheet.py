"""Tables for spreadsheets, as a French one opens them by a double press: semicolons, UTF-8 with its mark."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.web.guards import find_actor
from refurb.kernel.web.pages import download

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def sheet(rows: Iterable[Sequence[Any]], name: str) -> Response:
    """The rows as a file to keep; a text that a spreadsheet would take for a formula is quoted (CWE-1236)."""
    note(SecurityKind.EXPORTED, find_actor(), name)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell for cell in row])
    return download(text.getvalue().encode("utf-8-sig"), name, "text/csv; charset=utf-8", inline=False)
