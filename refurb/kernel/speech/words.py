"""The words on screen: translated, then typeset as French wants it, then filled with facts (which are left as they were typed)."""

import re
from datetime import date
from functools import lru_cache
from typing import Any

from flask import g
from flask_babel import format_date, get_locale, get_translations
from markupsafe import escape

from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.typography import french

FIRST_OF_MONTH = re.compile(r"\b1 (?=[^\W\d])")


def language() -> str:
    """The language of this answer: fr or en."""
    try:
        kept = g.get("_flask_babel")  # Where Flask-Babel keeps its choice: a page asks a hundred times.
    except RuntimeError:
        return "fr"
    locale = getattr(kept, "babel_locale", None) or get_locale()
    return str(locale.language) if locale else "fr"


@lru_cache(maxsize=16_384)
def _say(message: str, spoken: str, context: str | None = None) -> str:
    # The catalogues do not change while the service runs, and `spoken` is the language of the reader.
    if spoken == "fr":
        return french(message)
    catalogue = get_translations()
    return str(catalogue.ugettext(message) if context is None else catalogue.upgettext(context, message))


def _(message: str, /, **facts: Any) -> str:
    """The message in the reader's language, with its facts."""
    text = _say(message, language())
    return text % facts if facts else text


def _p(context: str, message: str, /, **facts: Any) -> str:
    """A bare word in the reader's language; `context` tells its translator who bears it: a machine can be *prêt*, and lent by a *prêt*."""
    text = _say(message, language(), context)
    return text % facts if facts else text


def _n(singular: str, plural: str, num: int, **facts: Any) -> str:
    """The message in its right number; in French, nought is singular."""
    if language() == "fr":
        return _say(singular if num < 2 else plural, "fr") % {"num": num, **facts}
    return str(get_translations().ungettext(singular, plural, num)) % {"num": num, **facts}


class Phrase:
    """A message said when it is shown, in the language of whoever reads it; made by `_l` or `_lp` where a table is written."""

    __slots__ = ("_context", "_message")

    def __init__(self, message: str, context: str | None = None) -> None:
        self._message = message
        self._context = context

    @property
    def french(self) -> str:
        """The message as it stands in the code, in whatever language the reader is."""
        return self._message

    def __str__(self) -> str:
        return _say(self._message, language(), self._context)

    def __html__(self) -> str:
        return str(escape(str(self)))

    def __repr__(self) -> str:
        return f"_l({self._message!r})" if self._context is None else f"_lp({self._context!r}, {self._message!r})"

    def __eq__(self, other: object) -> bool:
        # Never its text, which is another in another language: what is equal must have one hash.
        return self._message == other._message if isinstance(other, Phrase) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._message)

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)


def _l(message: str) -> Any:
    """The message, to be said later."""
    return Phrase(message)


def _lp(context: str, message: str) -> Any:
    """The bare word, to be said later, with what tells a translator who bears it."""
    return Phrase(message, context)


def day(value: Any, style: str = "long") -> str:
    """A date as people write it: « mardi 3 mars 2026 » (full), « 3 mars 2026 » (long), « 03/03/2026 » (short)."""
    if value is None:
        return "–"
    if hasattr(value, "tzinfo"):
        value = local(value).date()
    return _dated(value, style, language())


@lru_cache(maxsize=16_384)
def _dated(value: date, style: str, spoken: str) -> str:
    """The date as CLDR has it for the reader, whose language `spoken` is; French says « 1er mars », then « 2 mars »: CLDR does not."""
    said = str(format_date(value, style))
    return FIRST_OF_MONTH.sub("1er ", said) if spoken == "fr" else said


def moment(value: Any, *, near: bool = False) -> str:
    """An instant as people say it: « mardi 3 mars 2026 à 14 h 07 »; with `near`, « aujourd'hui à 14 h 07 » on the day itself."""
    if value is None:
        return "–"
    there = local(value)
    if language() == "en":
        clock = there.strftime("%H:%M")
        return f"today at {clock}" if near and there.date() == today() else f"{_dated(there.date(), 'full', 'en')}, {clock}"
    clock = f"{there.hour}\u202fh\u202f{there.minute:02d}" if there.minute else f"{there.hour}\u202fh"
    said = "aujourd’hui" if near and there.date() == today() else _dated(there.date(), "EEEE d MMMM y", "fr")
    return f"{said} à {clock}"


def size(count: int | None) -> str:
    """A number of bytes as people read it, in powers of ten, as on the label of a disk."""
    if not count:
        return "–"
    for unit, factor in (("To", 10**12), ("Go", 10**9), ("Mo", 10**6), ("ko", 10**3)):
        if count >= factor * 0.95:
            figure = count / factor
            text = f"{figure:.0f}" if figure >= 10 or abs(figure - round(figure)) < 0.05 else f"{figure:.1f}".replace(".", ",")
            return f"{text}\u202f{unit}" if language() == "fr" else f"{text.replace(',', '.')} {unit.replace('o', 'B')}"
    return f"{count}\u202fo" if language() == "fr" else f"{count} B"


def memory(mebibytes: int | None) -> str:
    """An amount of memory, in powers of two: « 8 Go »."""
    if not mebibytes:
        return "–"
    unit, gap = ("Go", "\u202f") if language() == "fr" else ("GB", " ")
    return f"{mebibytes / 1024:g}{gap}{unit}".replace(".", "," if language() == "fr" else ".")


__all__ = ["_", "_l", "_lp", "_n", "_p", "day", "language", "memory", "moment", "size"]
