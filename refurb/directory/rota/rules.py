"""What must hold of rotas, their stops, their closures and their passages."""

from datetime import date

from sqlalchemy import select

from refurb.directory.agenda.queries import closures_at
from refurb.directory.rota.models import Passage, Rota, RotaClosure
from refurb.directory.rota.turns import CallRule, monday_of
from refurb.directory.rota.words import PassageState
from refurb.directory.sites.queries import every_site, site_name
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class RotaTaken(Conflict):
    """Another rota has this name."""

    code = "rota.name_taken"


class NotWhatWasSeen(Conflict):
    """What the change does is not what was shown: somebody was quicker, or nothing was shown."""

    code = "rota.not_what_was_seen"


class AtTwoStops(Conflict):
    """The vehicle would be at two stops at the same hours."""

    code = "rota.at_two_stops"


class TwiceThatDay(Conflict):
    """Another rule of the stop has some of the same days, and a day has one passage."""

    code = "rota.twice_that_day"


class StopOfAnother(Conflict):
    """Another rota serves the stop."""

    code = "rota.stop_of_another"


class ClosuresOverlap(Conflict):
    """Some of the days are closed already."""

    code = "rota.closures_overlap"


class NothingToDecide(Conflict):
    """Both ways give the same dates, or it is decided: nothing is asked."""

    code = "rota.nothing_to_decide"


class ComesThatDay(Conflict):
    """The vehicle comes there on that day already."""

    code = "passage.that_day"


class NobodyThatDay(Conflict):
    """The day is closed: nobody is on the road."""

    code = "passage.closed_day"


class NotYetThere(Conflict):
    """A passage takes place on its day, not before."""

    code = "passage.not_yet"


class BeenSince(Conflict):
    """The day has passed."""

    code = "passage.day_passed"


class ReplacementTaken(Conflict):
    """The passage that replaces it took place, or was moved on: it is not taken back any more."""

    code = "passage.replacement_taken"


def anchor_is_monday(anchor: date) -> None:
    """A rota is counted from a Monday. Raises `Invalid`."""
    if anchor.weekday() != 0:
        raise Invalid({"anchor": [Fault("rota.anchor_monday", day=monday_of(anchor))]})


def is_a_vehicle(site_id: int | None) -> None:
    """What is on the road is a vehicle of ours. Raises `Invalid`."""
    found = every_site().get(site_id) if site_id is not None else None
    if site_id is not None and (found is None or found.archived_at is not None or found.kind is not SiteKind.VAN):
        raise Invalid({"vehicle_id": [Fault("field.choice")]})


def rule_fits(rota: Rota, rule: CallRule) -> None:
    """The week is one of the rota's, and the vehicle is nowhere else then. Raises `Invalid`, `TwiceThatDay`, `AtTwoStops`."""
    if rule.turn is not None and rule.turn >= rota.cycle:
        raise Invalid({"rhythm": [Fault("field.choice")]})
    if rule.closes <= rule.opens:
        raise Invalid({"closes": [Fault("rota.hours_reversed")]})
    others = [each for each in rota.stops if each.id != rule.id]
    if any(each.site_id == rule.site_id and rule.shares_days(each.rule, rota.cycle) for each in others):
        raise TwiceThatDay
    other = next((each for each in others if rule.meets(each.rule, rota.cycle)), None)
    if other is not None:
        raise AtTwoStops(name=site_name(other.site_id))


def is_apart(rota: Rota, first: date, until: date, but: int = 0) -> None:
    """No closure of the rota has one of these days. Raises `ClosuresOverlap`."""
    for each in rota.closures:
        if each.withdrawn_at is None and each.id != but and each.first < until and first < each.until:
            raise ClosuresOverlap(name=each.why)


def is_to_decide(closure: RotaClosure) -> None:
    """It makes a difference what comes after. Raises `NothingToDecide`."""
    if closure.withdrawn_at is not None or closure.weeks % closure.rota.cycle == 0:
        raise NothingToDecide


def nobody_comes_yet(site_id: int, day: date) -> None:
    """No passage is planned there on that day, and it is no closed day. Raises `ComesThatDay`, `NobodyThatDay`."""
    if not closures_at(site_id).is_spared(day):
        raise NobodyThatDay(day=day)
    row = passage_on(site_id, day)
    if row is not None and row.state is not PassageState.CANCELLED:
        raise ComesThatDay(day=day)


def nobody_waits_elsewhere(rota_id: int, site_id: int, day: date, opens: int, closes: int) -> None:
    """The vehicle is at no other stop of its round at these hours of a day. Raises `AtTwoStops`."""
    query = select(Passage.site_id).where(Passage.rota_id == rota_id, Passage.day == day, Passage.state == PassageState.PLANNED)
    other = db.session.scalar(query.where(Passage.site_id != site_id, Passage.opens < closes, Passage.closes > opens).limit(1))
    if other is not None:
        raise AtTwoStops(name=site_name(other))


def passage_on(site_id: int, day: date) -> Passage | None:
    """The row of a stop and a day."""
    return db.session.scalar(select(Passage).where(Passage.site_id == site_id, Passage.day == day))


def its_day_has_come(passage: Passage) -> None:
    """It is today, or was. Raises `NotYetThere`."""
    if passage.day > today():
        raise NotYetThere(day=passage.day)


def its_day_is_to_come(passage: Passage) -> None:
    """It is today, or later. Raises `BeenSince`."""
    if passage.day < today():
        raise BeenSince(day=passage.day)
