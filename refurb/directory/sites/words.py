"""What our places are called by kind, and how their hours are said."""

from enum import StrEnum
from typing import Any

from refurb.directory.sites.hours import Span, WeekHours
from refurb.kernel.speech.words import _, _lp, language


class SiteKind(StrEnum):
    """What a place of ours is for."""

    WORKSHOP = "workshop"
    DESK = "desk"
    DEPOT = "depot"
    VAN = "van"
    STOP = "stop"


SITE_KINDS: dict[SiteKind, Any] = {
    SiteKind.WORKSHOP: _lp("place", "Atelier"),
    SiteKind.DESK: _lp("place", "Accueil"),
    SiteKind.DEPOT: _lp("place", "Dépôt"),
    SiteKind.VAN: _lp("place", "Véhicule"),
    SiteKind.STOP: _lp("place", "Arrêt"),
}
SITE_ICONS = {
    SiteKind.WORKSHOP: "wrench",
    SiteKind.DESK: "house",
    SiteKind.DEPOT: "package",
    SiteKind.VAN: "bus",
    SiteKind.STOP: "map-pin",
}
WEEKDAYS: tuple[Any, ...] = (
    _lp("weekday", "Lundi"),
    _lp("weekday", "Mardi"),
    _lp("weekday", "Mercredi"),
    _lp("weekday", "Jeudi"),
    _lp("weekday", "Vendredi"),
    _lp("weekday", "Samedi"),
    _lp("weekday", "Dimanche"),
)
NUMBERED_WEEKDAYS = dict(enumerate(WEEKDAYS, start=1))
"""The days of the week as policies number them, Monday 1."""


def said_hour(minute: int) -> str:
    """An hour of the day: « 9 h 30 »."""
    hour, left = divmod(minute, 60)
    if language() == "en":
        return f"{hour}:{left:02}"
    return f"{hour}\u202fh\u202f{left:02}" if left else f"{hour}\u202fh"


def said_spans(spans: tuple[Span, ...]) -> str:
    """The hours of a day: « 9 h à 12 h 30 · 14 h à 18 h »."""
    return " · ".join(_("%(first)s à %(until)s", first=said_hour(first), until=said_hour(until)) for first, until in spans)


def said_week(hours: WeekHours | None) -> list[tuple[Any, str]]:
    """The days that are open, each with its hours."""
    return [(name, said_spans(spans)) for name, spans in zip(WEEKDAYS, hours.days, strict=True) if spans] if hours else []


def typed_spans(spans: tuple[Span, ...]) -> str:
    """The hours of a day as they are typed: « 9h-12h30, 14h-18h »."""
    return ", ".join(f"{typed_minute(first)}-{typed_minute(until)}" for first, until in spans)


def typed_minute(minute: int) -> str:
    """An hour of the day as it is typed: « 9h30 »."""
    hour, left = divmod(minute, 60)
    return f"{hour}h{left:02}" if left else f"{hour}h"
