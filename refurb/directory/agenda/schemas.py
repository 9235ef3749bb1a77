"""What comes in about closures."""

from typing import Any

from marshmallow import Schema

from refurb.directory.sites.fields import HourOfDay
from refurb.directory.sites.hours import WHOLE_DAY, Span
from refurb.directory.sites.queries import many_sites, site_choices
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.fields import Date, Pick, Text, Tick


def closed_choices() -> list[tuple[str, str]]:
    """Where it is closed: everywhere, or one of our places."""
    return [("", _("Tous les lieux")), *site_choices()]


class NewClosure(Schema):
    """The days to close. `seen` is the sum of what was shown that it moves: nothing is closed that was not looked at."""

    reason = Text(_lp("closure", "Quoi"), required=True, max=120, attrs={"autocomplete": "off"})
    site_id = Pick(_lp("closure", "Où"), choices=closed_choices, asked=many_sites, sometimes=True)
    first = Date(_l("Premier jour"), required=True, future=True, past=False, attrs={"class": "w-mid"})
    last = Date(_l("Dernier jour"), future=True, past=False, help=_l("Fermé aussi. Laissé vide : un seul jour."), attrs={"class": "w-mid"})
    from_hour = HourOfDay(
        _l("Fermé à partir de (heure)"), help=_l("Pour ne fermer qu'une partie de ces jours. Laissé vide : depuis le matin.")
    )
    until_hour = HourOfDay(_l("Fermé jusqu'à (heure)"), help=_l("Laissé vide : jusqu'au soir. Le véhicule passe quand même."))
    yearly = Tick(_l("Chaque année aux mêmes dates"))
    seen = Text(max=64, widget="hidden")


def hours_closed(facts: dict[str, Any]) -> Span | None:
    """Takes the two hours out of what a form says, and gives the minutes that are closed; None: the whole day."""
    first, until = facts.pop("from_hour"), facts.pop("until_hour")
    return None if first is None and until is None else (first or 0, WHOLE_DAY if until is None else until)


class OtherClosure(NewClosure):
    """Other days instead of those that are closed, which may have begun, or come every year since one that has passed."""

    first = Date(_l("Premier jour"), required=True, future=True, attrs={"class": "w-mid"})
    last = Date(_l("Dernier jour"), future=True, help=_l("Fermé aussi. Laissé vide : un seul jour."), attrs={"class": "w-mid"})
