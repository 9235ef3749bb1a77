"""What comes in about hand-over appointments."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema

from refurb.directory.sites.queries import SiteCard, open_sites
from refurb.directory.sites.schemas import DayHours
from refurb.directory.sites.words import SiteKind
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Many, Number, Pick, Text, Tick, Word, Wrong
from refurb.referrals.handovers.words import DECLINED_BECAUSE, INVITED_BY, DeclinedBecause, InvitedBy

FURTHEST = timedelta(days=366)
"""How far ahead slots are opened."""


def slot_sites() -> list[SiteCard]:
    """The places at which devices are handed over, stops of the vehicle among them."""
    return [each for each in open_sites() if each.kind is not SiteKind.VAN]


class SlotDay(Date):
    """A day to come, no more than a year ahead."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        day = super()._deserialize(value, attr, data, **kwargs)
        if day > today() + FURTHEST:
            raise Wrong("field.date_too_far", year=day.year)
        return day


class SlotsOpened(Schema):
    """When and where devices are handed over, once or every week."""

    site_id = Pick(
        _lp("handover", "Lieu"),
        choices=lambda: [(str(each.id), each.name) for each in slot_sites()],
        asked=lambda: len(slot_sites()) > 1,
    )
    day = SlotDay(_lp("handover", "Jour"), required=True, future=True, past=False)
    hours = DayHours(
        _lp("handover", "Heures"),
        required=True,
        max=80,
        help=_l("Par exemple « 14h-17h », ou « 9h30-12h, 14h-16h »."),
        attrs={"autocomplete": "off", "class": "w-mid"},
    )
    minutes = Number(_l("Un rendez-vous dure, en minutes"), required=True, min=10, max=240)
    places = Number(_l("Familles à la même heure"), required=True, min=1, max=30)
    weeks = Number(
        _l("Semaines de suite"), required=True, min=1, max=26, help=_l("1 : ce jour-là seulement. Les jours fermés sont laissés de côté.")
    )
    at_home = Tick(_l("Ce sont des visites à domicile, au départ de ce lieu"))


class Invited(Schema):
    """How a family is invited, and until when it may choose."""

    invited_by = Word(InvitedBy, _l("Comment l'inviter ?"), labels=INVITED_BY, required=True, widget="radio")
    answer_by = SlotDay(_l("Réponse attendue jusqu'au"), required=True, future=True, past=False)


class LiftAsked(Schema):
    """What a family needs to come."""

    lift = Tick(_l("Il faut un transport pour venir"))
    lift_words = Text(
        _l("Précisions sur le transport"), max=200, private=True, help=_l("D'où, pour combien de personnes, un fauteuil, une poussette.")
    )


class HourChosen(LiftAsked):
    """The slot that is chosen by its number; an address where we come to the home."""

    slot = Number(_l("Jour et heure"), required=True, min=1, max=2**31 - 1, widget="radio")
    address = Text(
        _l("Adresse de la visite"),
        max=200,
        private=True,
        help=_l("Pour une visite à domicile seulement. Effacée une fois la visite faite."),
        attrs={"autocomplete": "off"},
    )


class VisitTogether(Schema):
    """Which residents of one structure are handed their devices at one hour, and where."""

    organisation_id = Pick(_l("Structure"), required=True, widget="hidden")
    allocations = Many(Number(min=1, max=2**31 - 1), _l("Pour qui ?"), sometimes=True)
    slot = Number(_l("Jour et heure"), required=True, min=1, max=2**31 - 1, widget="radio")
    address = Text(
        _l("Adresse de la visite"),
        max=200,
        sometimes=True,
        private=True,
        help=_l("Pour une visite sur place seulement. Effacée une fois la visite faite."),
        attrs={"autocomplete": "off"},
    )


class Declined(Schema):
    """Why nobody comes."""

    because = Word(DeclinedBecause, _lp("handover", "Pourquoi ?"), labels=DECLINED_BECAUSE, required=True, widget="radio")


class AnswerByLink(LiftAsked):
    """What a family answers by its link: the number of a slot, or why none fits."""

    answer = Text(_l("Jour et heure"), required=True, max=32, widget="radio")
