"""One cell as text, whatever the spreadsheet kept it as; and the traces that a spreadsheet leaves on numbers it should not have touched."""

import datetime as dt
import re
from typing import Any

from refurb.spreadsheets.errors import MOST_CELL
from refurb.spreadsheets.grid import CellDoubt

# Excel keeps fifteen digits of a number (IEEE 754 double, as its specification limits it); the rest become noughts.
DIGITS_KEPT = 15
_SCIENTIFIC = re.compile(r"-?\d(?:[.,]\d+)?E[+-]?\d{1,3}", re.IGNORECASE)
_BLANKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u2007\u202f\ufeff\s]+")
_LITERAL = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
# What a formula leaves when it fails, in English and in French.
_FORMULA_FAULTS = frozenset({"#n/a", "#ref!", "#value!", "#valeur!", "#name?", "#nom?", "#div/0!", "#null!", "#nul!", "#num!", "#nombre!"})


def text_of(value: Any) -> str:
    """A cell's value as one line of text: a whole number without its point, a date as ISO 8601, nothing for a formula's fault."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    text = _BLANKS.sub(" ", str(value)[: MOST_CELL * 2]).strip()[:MOST_CELL].strip()
    # A cell that begins with an apostrophe or stands as ="0123" was told to be text.
    quoted = re.fullmatch(r"=\"([^\"]*)\"", text)
    text = quoted.group(1).strip() if quoted else text.removeprefix("'").strip()
    return "" if text.casefold() in _FORMULA_FAULTS else text


def doubt_of(value: Any, shown_as: str = "General") -> CellDoubt | None:
    """What is doubtful about a cell's value, kept with this number format; None for plain text and whole numbers."""
    if isinstance(value, bool):
        return CellDoubt.ANSWER
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return CellDoubt.DATE
    if isinstance(value, str):
        return CellDoubt.FAULT if value.strip().casefold() in _FORMULA_FAULTS else None
    if not isinstance(value, int | float):
        return None
    bare = _LITERAL.sub("", shown_as)
    if "%" in bare or "/" in bare or (abs(value) < 10**DIGITS_KEPT and value != int(value)):
        return CellDoubt.FRACTION
    # Dashes, dots and letters between the noughts are seen and are not in the number: 123456 shown as « 12-34-56 » or « SN-123456 ».
    return CellDoubt.FORMAT if re.search(r"[0#?][^0#?;]*[-/:_][^0#?;]*[0#?]", bare) or re.search(r'"[^"]*\w[^"]*"|\\\w', shown_as) else None


def with_noughts(value: Any, shown_as: str) -> Any:
    """A whole number as it is seen where its format begins with noughts: 12345 shown as « 00012345 »."""
    if isinstance(value, int | float) and not isinstance(value, bool) and re.fullmatch(r"0{2,}", shown_as) and value == int(value) >= 0:
        return str(int(value)).zfill(len(shown_as))
    return value


def _number(value: float) -> str:
    if value != value or abs(value) == float("inf"):  # noqa: PLR0124 - what is not equal to itself is no number
        return ""
    if abs(value) >= 10**DIGITS_KEPT:
        return f"{value:.5E}"
    return str(int(value)) if value.is_integer() else repr(value)


def is_scientific(text: str) -> bool:
    """Whether a number was shortened to 6.37702E+15: its digits are lost."""
    return _SCIENTIFIC.fullmatch(text) is not None


def is_rounded(text: str) -> bool:
    """Whether a number of more than fifteen digits ends in the noughts that a spreadsheet puts there."""
    extra = len(text) - DIGITS_KEPT
    return extra > 0 and text.isdecimal() and text.endswith("0" * extra) and len(text) <= 24
