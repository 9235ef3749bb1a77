"""What the address of a page of the catalogue asks for: place or stop, days, what to narrow to; and the choices of its fields."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import request

from refurb.directory.rota.models import Passage
from refurb.directory.rota.words import said_hours
from refurb.directory.sites.queries import SiteCard, every_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.lending.catalogue.queries import places_of, stay_at_stop
from refurb.lending.catalogue.road import Nearby, nearby, stops, stops_for
from refurb.lending.catalogue.stays import Stay, lending_places, stay_at, stays_at_stop
from refurb.lending.catalogue.words import Facet
from refurb.lending.models import Product
from refurb.lending.terms import loan_policy

FURTHEST_MONTHS = 18
FURTHEST = timedelta(days=31 * FURTHEST_MONTHS)
_DAY = "EEEE d MMMM"


def place_choices(places: Iterable[SiteCard]) -> list[tuple[str, str]]:
    """Places as a field offers them."""
    return [(str(each.id), said_place(each)) for each in places]


def said_place(place: SiteCard) -> str:
    """What a place is called to whoever comes: « Bus à Charroux, place du Marché »."""
    if place.kind is SiteKind.STOP:
        return _("Bus à %(place)s", place=place.name)
    return f"{place.commune}, {place.name}" if place.commune and place.commune not in place.name else place.name


def passage_choices(passages: Iterable[Passage]) -> list[tuple[str, str]]:
    """Passages as a field offers them: « jeudi 3 décembre, 14 h à 16 h 30 »."""
    return [(each.day.isoformat(), f"{day(each.day, _DAY)}, {said_hours(each.opens, each.closes)}") for each in passages]


def first_days(stop: SiteCard | None = None) -> dict[str, Any]:
    """What is proposed to whoever has told no days: a week, from in two days; at a stop from the next passage to the day before another."""
    stay = next(iter(stays_at_stop(stop, today(), today())), None) if stop else None
    if stay:
        return {"du": stay.from_on, "au": stay.to_on - timedelta(days=1)}
    return {"du": today() + timedelta(days=2), "au": today() + timedelta(days=9)}


def narrowed() -> list[str]:
    """To which categories and facets the list is narrowed."""
    known = {*loan_policy().categories, *Facet}
    return [each for each in dict.fromkeys(request.args.getlist("pour")) if each in known]


@dataclass(frozen=True)
class Wanted:
    """Where somebody wants to fetch things: the place or stop chosen, else the first that is near to what was typed."""

    place: SiteCard | None = None
    near: Nearby | None = None

    @property
    def stop(self) -> SiteCard | None:
        """The stop, where it is one."""
        return self.place if self.place is not None and self.place.kind is SiteKind.STOP else None


def wanted_place() -> Wanted:
    """The place of the address (`lieu`), or by the commune or postcode typed (`ou`)."""
    chosen, typed = number_asked("lieu"), request.args.get("ou", "").strip()[:80]
    near = nearby(typed) if typed else None
    if chosen is not None:
        return Wanted(next((each for each in (*lending_places(), *stops()) if each.id == chosen), None), near)
    return Wanted(near.found[0] if near and near.found else None, near)


def _day_asked(name: str) -> date | None:
    """A day that the address tells, unless it is too far off to be meant; one that has just passed is refused where it is reserved."""
    asked = day_asked(name)
    return asked if asked and abs(asked - today()) <= FURTHEST else None


def asked_stay(product: Product) -> Stay:
    """The stay that the address tells, or the first that is proposed; at a stop, or a place where the product is."""
    from_on, to_on = _day_asked("retrait"), _day_asked("retour")
    if from_on and to_on and from_on >= to_on:
        from_on = to_on = None
    places, asked = places_of(product, number_asked("lieu")), number_asked("lieu")
    if not places:
        raise NotFound
    stop = next((each for each in stops_for(product) if each.id == asked), None) if asked else None
    at_stop = stay_at_stop(product, stop, from_on, to_on) if stop else None
    if at_stop is not None:
        return at_stop
    if from_on and to_on and stop is None:
        return Stay(places[0], from_on, to_on)
    proposed = stay_at(places[0], *((from_on, from_on + timedelta(days=6)) if from_on else first_days().values()))
    if proposed is None:
        raise NotFound
    return Stay(places[0], from_on, proposed.to_on) if from_on else proposed


def place_lost(stay: Stay) -> SiteCard | None:
    """The place that the address names, where the stay is at another: its stop is served no more, or the thing is not fetched there."""
    asked = every_site().get(number_asked("lieu") or stay.place.id)
    return asked if asked is not None and asked.id != stay.place.id else None


def handing_asked(stay: Stay) -> dict[str, Any]:
    """Where it is to change hands: as the address says, even where that is refused; nobody is sent elsewhere without a word."""
    lost = place_lost(stay)
    if lost is None:
        return {"site_id": stay.keeper.id, "handover_id": stay.handing.handover_id}
    if lost.kind is SiteKind.STOP:
        return {"site_id": stay.keeper.id, "handover_id": lost.id}
    return {"site_id": lost.id, "handover_id": None}


def month_asked(stay: Stay) -> date:
    """The month that the address tells, between this one and the furthest."""
    asked = day_in(f"{request.args.get('mois', '')}-01") or stay.from_on
    nearest, furthest = today().replace(day=1), today() + FURTHEST
    return min(max(asked.replace(day=1), nearest), furthest.replace(day=1))
