"""A day or a moment as people write it, in French order or in the machine's: « 20/11/2026 », « 20-11-26 », « 20 nov. 2026 à 14 h 30 »."""

import datetime as dt
import re
import unicodedata

from refurb.kernel.speech.clock import today

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january", "fevrier fevr fev february feb", "mars mar march", "avril avr april apr", "mai may",
            "juin june jun", "juillet juil july jul", "aout aou august aug", "septembre sept sep september", "octobre oct october",
            "novembre nov november", "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(
    r"^(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday),? "
)
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/. ](?P<m>\d{1,2})[-/. ](?P<d>\d{1,2})\Z")
_DAY_FIRST = re.compile(r"(?P<d>\d{1,2})(?:er|st|nd|rd|th)? ?[-/. ] ?(?P<m>\d{1,2}|[a-z]+)\.? ?[-/. ] ?(?P<y>\d{4}|\d\d)\Z")
_TIME = re.compile(r"(?:[t ]|,|\ba\b|\bat\b)+(?P<h>\d{1,2})(?: ?[h:] ?(?P<min>\d\d)?)(?::\d\d(?:\.\d+)?)? ?(?:min)?\Z")


def _folded(typed: str) -> str:
    text = unicodedata.normalize("NFKD", typed[:60].casefold())
    return " ".join("".join(sign for sign in text if not unicodedata.combining(sign)).split())


def _year(digits: str) -> int:
    """The year; of two digits, the century that lies nearest, since nobody plans or remembers further."""
    if len(digits) == 4:
        return int(digits)
    year = today().year // 100 * 100 + int(digits)
    return year - 100 if year > today().year + 20 else year


def day_in(typed: str) -> dt.date | None:
    """The day that somebody wrote, or None. The day comes before the month: 11/12/2026 is in December, and 11/20/2026 is no day."""
    text = _WEEKDAY.sub("", _folded(typed))
    found = _YEAR_FIRST.match(text) or _DAY_FIRST.match(text)
    if found is None:
        return None
    month = int(found["m"]) if found["m"].isdecimal() else _MONTHS.get(found["m"], 0)
    try:
        return dt.date(_year(found["y"]), month, int(found["d"]))
    except ValueError:
        return None


def moment_in(typed: str) -> dt.datetime | None:
    """The day and time of the wall clock that somebody wrote, or None."""
    text = _folded(typed)
    found = _TIME.search(text)
    day = day_in(text[: found.start()]) if found else None
    if found is None or day is None:
        return None
    try:
        return dt.datetime.combine(day, dt.time(int(found["h"]), int(found["min"] or 0)))
    except ValueError:
        return None
