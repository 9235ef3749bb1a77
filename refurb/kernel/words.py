"""The words on screen: translated, then typeset as French wants it, then filled with facts (which are left as they were typed)."""

from functools import lru_cache
from typing import Any

from flask_babel import LazyString, format_date, get_locale, get_translations, lazy_gettext
from flask_babel import gettext as translate

from refurb.kernel.clock import local, today
from refurb.kernel.typography import french

_l = lazy_gettext


@lru_cache(maxsize=8192)
def _typeset(text: str, language: str) -> str:
    return french(text) if language == "fr" else text


def language() -> str:
    """The language of this answer: fr or en."""
    locale = get_locale()
    return str(locale.language) if locale else "fr"


def _(message: str, /, **facts: Any) -> str:
    """The message in the reader's language, with its facts."""
    text = _typeset(translate(message), language())
    return text % facts if facts else text


def _n(singular: str, plural: str, num: int, **facts: Any) -> str:
    """The message in its right number; in French, nought is singular."""
    text = (singular if num < 2 else plural) if language() == "fr" else get_translations().ungettext(singular, plural, num)
    return _typeset(text, language()) % {"num": num, **facts}


def typeset(value: Any) -> Any:
    """What templates do to each value on output: labels kept lazily are translated and typeset, all else is left alone."""
    return _typeset(str(value), language()) if isinstance(value, LazyString) else value


def day(value: Any, style: str = "long") -> str:
    """A date as people write it: « mardi 3 mars 2026 » (full), « 3 mars 2026 » (long), « 03/03/2026 » (short)."""
    if value is None:
        return "–"
    if hasattr(value, "tzinfo"):
        value = local(value).date()
    return str(format_date(value, style))


def moment(value: Any, *, near: bool = False) -> str:
    """An instant as people say it: « mardi 3 mars 2026 à 14 h 07 »; with `near`, « aujourd'hui à 14 h 07 » on the day itself."""
    if value is None:
        return "–"
    there = local(value)
    if language() == "en":
        clock = there.strftime("%H:%M")
        return f"today at {clock}" if near and there.date() == today() else f"{format_date(there.date(), 'full')}, {clock}"
    clock = f"{there.hour}\u202fh\u202f{there.minute:02d}" if there.minute else f"{there.hour}\u202fh"
    date = "aujourd’hui" if near and there.date() == today() else format_date(there.date(), "EEEE d MMMM y")
    return f"{date} à {clock}"


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


__all__ = ["_", "_l", "_n", "day", "language", "memory", "moment", "size", "typeset"]
