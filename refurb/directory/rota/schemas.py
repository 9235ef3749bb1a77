"""What comes in about rotas, stops, closures and passages."""

import re
from typing import Any

from marshmallow import Schema

from refurb.directory.rota.queries import adviser_choices, vehicle_choices
from refurb.directory.rota.words import MOST_WEEKS, NTH, letter
from refurb.directory.sites.fields import HourOfDay
from refurb.directory.sites.words import NUMBERED_WEEKDAYS
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.fields import Date, Many, Number, Pick, Text, Wrong

_FEED = re.compile(r"(?:person|(?:site|machine)-[1-9][0-9]{0,8})\Z")


class Rhythm(Text):
    """In which weeks: a turn of the rota (« 0 » is A), every week, or the nth of each month; loaded as (turn, nth)."""

    widget = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        told = str(value)
        if told == "all":
            return None, None
        kind, _sep, number = told.partition(":")
        if kind == "turn" and number in {str(each) for each in range(MOST_WEEKS)}:
            return int(number), None
        if kind == "nth" and number in {str(each) for each in NTH}:
            return None, int(number)
        raise Wrong("field.choice")


def rhythm_of(turn: int | None, nth: int | None) -> str:
    """A rhythm as the field has it."""
    return f"turn:{turn}" if turn is not None else f"nth:{nth}" if nth is not None else "all"


def rhythms(cycle: int) -> list[tuple[str, Any]]:
    """The weeks that can be chosen in a rota of so many."""
    weeks = [(rhythm_of(turn, None), _("Semaine %(letter)s", letter=letter(turn))) for turn in range(cycle)] if cycle > 1 else []
    return [*weeks, ("all", _("Chaque semaine")), *((rhythm_of(None, nth), NTH[nth]) for nth in NTH)]


def _weekdays() -> list[tuple[str, Any]]:
    return [(str(number), name) for number, name in NUMBERED_WEEKDAYS.items()]


class RotaFacts(Schema):
    """A rota: what it is called, from when it counts, who is on the road with what."""

    name = Text(_l("Nom de la tournée"), required=True, max=120, help=_l("Comme on l'appelle : « Bus 1 »."), attrs={"autocomplete": "off"})
    anchor = Date(_l("Premier lundi de la semaine A"), required=True, future=True, help=_l("L'alternance se compte depuis ce lundi."),
                  attrs={"class": "w-mid"})  # fmt: skip
    cycle = Number(_l("Nombre de semaines qui alternent"), min=1, max=MOST_WEEKS, required=True, attrs={"class": "w-short"})
    advisers = Many(Pick(choices=adviser_choices), _l("Qui fait la tournée"), choices=adviser_choices)
    vehicle_id = Pick(_lp("rota", "Véhicule"), choices=vehicle_choices)
    until = Date(_l("Finit le"), future=True, help=_l("Premier jour sans passage. Laissé vide : sans fin."), attrs={"class": "w-mid"})
    seen = Text(max=64, widget="hidden")


class StopFacts(Schema):
    """When a stop is served. Of a new one, where it is, too."""

    weekday = Pick(_lp("rota", "Jour"), choices=_weekdays, required=True)
    rhythm = Rhythm(_lp("rota", "Semaine"), required=True)
    opens = HourOfDay(_lp("rota", "De"), required=True)
    closes = HourOfDay(_lp("rota", "À"), required=True)
    place = Text(
        _lp("rota", "Lieu"), required=True, max=120, help=_l("Mairie, salle des fêtes, place du Marché…"), attrs={"autocomplete": "off"}
    )
    since = Date(_l("À partir du"), required=True, future=True, past=False, help=_l("Les passages d'avant gardent l'ancienne règle."),
                 attrs={"class": "w-mid"})  # fmt: skip
    seen = Text(max=64, widget="hidden")


class NewStop(StopFacts):
    """A stop that is new in its rota."""

    postcode = Text(_l("Code postal"), max=5, required=True, attrs={"inputmode": "numeric", "class": "w-short", "autocomplete": "off"})
    commune = Text(_lp("place", "Commune"), max=120, required=True, attrs={"autocomplete": "off"})


class StopEnd(Schema):
    """From when a stop is not served any more."""

    since = Date(_l("Plus de passage à partir du"), required=True, future=True, past=False, attrs={"class": "w-mid"})
    seen = Text(max=64, widget="hidden")


class NewRotaClosure(Schema):
    """The days on which a rota does not go. `seen` is the sum of what was shown that it changes; `effect` what comes after, if told."""

    why = Text(_lp("closure", "Quoi"), required=True, max=120, attrs={"autocomplete": "off"})
    first = Date(_l("Premier jour"), required=True, future=True, past=False, attrs={"class": "w-mid"})
    last = Date(_l("Dernier jour"), required=True, future=True, past=False, help=_l("Fermé aussi."), attrs={"class": "w-mid"})
    effect = Text(max=8, widget="hidden")
    seen = Text(max=64, widget="hidden")


class Decision(Schema):
    """What comes after a closure."""

    effect = Text(max=8, widget="hidden", required=True)
    seen = Text(max=64, widget="hidden")


class MovedTo(Schema):
    """On which day a passage takes place instead, at which hours where they are others, and why."""

    day = Date(_l("Reporté au"), required=True, future=True, past=False, attrs={"class": "w-mid"})
    opens = HourOfDay(_lp("rota", "De"), help=_l("Laissé vide : aux mêmes heures."))
    closes = HourOfDay(_lp("rota", "À"))
    why = Text(_lp("passage", "Pourquoi"), required=True, max=200, private=True, help=_l("Reste entre nous : ni affiché ni envoyé."))


class CancelledBecause(Schema):
    """Why a passage does not take place."""

    why = Text(_lp("passage", "Pourquoi"), required=True, max=200, private=True, help=_l("Reste entre nous : ni affiché ni envoyé."))


class ExtraPassage(Schema):
    """A passage besides the rule."""

    day = Date(_lp("rota", "Jour"), required=True, future=True, past=False, attrs={"class": "w-mid"})
    opens = HourOfDay(_lp("rota", "De"), required=True)
    closes = HourOfDay(_lp("rota", "À"), required=True)
    why = Text(_lp("passage", "Pourquoi"), max=200)


class OdometerFacts(Schema):
    """What the counter of a vehicle shows, and what was done to it."""

    day = Date(_lp("rota", "Jour"), required=True, attrs={"class": "w-mid"})
    kilometres = Number(_l("Kilomètres au compteur"), min=0, max=2_000_000, required=True, attrs={"class": "w-mid"})
    upkeep = Text(_lp("rota", "Entretien fait"), max=200, help=_l("Vidange, pneus, contrôle technique…"), attrs={"autocomplete": "off"})
    again_on = Date(_l("À refaire le"), future=True, attrs={"class": "w-mid"})


class FeedChoice(Text):
    """One's own agenda, « person », or a place's or a machine's by its number, « site-3 »."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and not _FEED.match(text):
            raise Wrong("field.choice")
        return text


class FeedAsked(Schema):
    """Whose agenda is followed."""

    of = FeedChoice(_l("Quel agenda ?"), widget="select", required=True)
