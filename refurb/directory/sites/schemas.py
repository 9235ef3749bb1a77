"""What comes in about our places."""

import re
from typing import Any

from marshmallow import Schema

from refurb.directory.sites.hours import HoursNotUnderstood, HoursUnclear, WeekHours, read_osm, spans_typed, week_of
from refurb.directory.sites.queries import many_sites, site_choices
from refurb.directory.sites.words import SITE_KINDS, WEEKDAYS, SiteKind, typed_spans
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Phone, Pick, Text, Word, Wrong

DAY_FIELDS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_POSTCODE = re.compile(r"\d{5}\Z", re.ASCII)


class DayHours(Text):
    """The hours of one day as people type them; loaded as spans of minutes."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return spans_typed(super()._deserialize(value, attr, data, **kwargs))
        except HoursUnclear as refusal:
            raise Wrong(refusal.code, **refusal.facts) from refusal


class OsmHours(Text):
    """A week in OpenStreetMap's form; loaded as `WeekHours`, or None where nothing was typed."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return read_osm(text) if text else None
        except (HoursNotUnderstood, HoursUnclear) as refusal:
            raise Wrong(refusal.code, **refusal.facts) from refusal


def _day(number: int) -> DayHours:
    return DayHours(WEEKDAYS[number], max=80, sometimes=True, attrs={"autocomplete": "off", "class": "w-mid"})


class SiteFacts(Schema):
    """What is known of a place: where, for what, and when somebody is there."""

    name = Text(_l("Nom du lieu"), required=True, max=120, help=_l("Comme on l'appelle : « Atelier de Poitiers »."))
    kind = Word(SiteKind, _lp("place", "Usage"), labels=SITE_KINDS, required=True)
    address = Text(_l("Rue et numéro"), max=300, attrs={"autocomplete": "off"})
    postcode = Text(_l("Code postal"), max=5, pattern=_POSTCODE, attrs={"inputmode": "numeric", "class": "w-short", "autocomplete": "off"})
    commune = Text(_lp("place", "Commune"), max=120, attrs={"autocomplete": "off"})
    phone = Phone(_lp("place", "Téléphone"), max=30)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = map(_day, range(7))
    osm = OsmHours(
        _l("Horaires au format OpenStreetMap"),
        max=400,
        help=_l("Par exemple « Mo-Fr 09:00-12:30,14:00-18:00 ». Rempli, il remplace les horaires tapés jour par jour."),
        attrs={"autocomplete": "off", "spellcheck": "false"},
    )


def site_facts(told: dict[str, Any]) -> dict[str, Any]:
    """What `SiteFacts` loaded, as a place keeps it: its week in one form; none where no day has hours."""
    week: WeekHours | None = told.pop("osm")
    days = [told.pop(name) or () for name in DAY_FIELDS]
    week = week or (week_of(days) if any(days) else None)
    return {name: value or None for name, value in told.items()} | {"hours": str(week) if week else None}


def start_of(site: Any) -> dict[str, Any]:
    """The form of a place, filled in with what is known."""
    week = site.week
    typed = {name: typed_spans(spans) for name, spans in zip(DAY_FIELDS, week.days, strict=True)} if week else {}
    return {name: getattr(site, name) for name in ("name", "kind", "address", "postcode", "commune", "phone")} | typed


class SitePick(Pick):
    """One of our places. With a single one there is nothing to choose, and nothing is asked."""

    def __init__(self, label: Any = None, **options: Any) -> None:
        options.setdefault("choices", site_choices)
        super().__init__(label or _lp("place", "Lieu"), asked=many_sites, **options)


class WorkAt(Schema):
    """Where somebody usually works."""

    site_id = SitePick(
        _l("Où vous travaillez d'habitude"), required=True, help=_l("Ce que vous enregistrez y est, sauf si vous dites autre chose.")
    )


class ToSite(Schema):
    """Where a thing is from now on."""

    site_id = SitePick(_l("Où est-ce maintenant ?"), required=True)
