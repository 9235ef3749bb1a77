"""What comes in from the public catalogue."""

from datetime import timedelta
from typing import Any

from marshmallow import Schema, ValidationError, validates_schema

from refurb.documents.fields import PersonName
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Email, Number, Phone, Pick, Text, Tick
from refurb.lending.reservations.schemas import MOST

LONGEST_NEED = timedelta(days=366)


class NeededDays(Schema):
    """On which days somebody needs a thing, both among them, and near which of our places."""

    du = Date(_l("J'en ai besoin du"), required=True, future=True, past=False)
    au = Date(_l("jusqu'au"), required=True, future=True, past=False)
    lieu = Pick(_l("Où le retirer"), required=False)
    ou = Text(_l("Commune ou code postal"), max=80, attrs={"autocomplete": "postal-code"})

    @validates_schema
    def in_order(self, facts: dict[str, Any], **_: Any) -> None:
        """The last day is not before the first, nor a year after it."""
        if facts["au"] < facts["du"]:
            raise ValidationError({"au": [Fault("catalogue.days_reversed")]})
        if facts["au"] - facts["du"] > LONGEST_NEED:
            raise ValidationError({"au": [Fault("catalogue.needed_too_long")]})


class StayDays(Schema):
    """The day a thing is fetched, the day it is brought back, and where."""

    retrait = Date(_l("Retrait le"), required=True, future=True)
    retour = Date(_l("Retour le"), required=True, future=True)
    lieu = Pick(_l("Retrait et retour"), required=True)


class StopDays(Schema):
    """The passage at which a thing is fetched, the later one at which it is brought back, and where."""

    retrait = Date(_l("Retrait le"), required=True, future=True, widget="select")
    retour = Date(_l("Retour le"), required=True, future=True, widget="select")
    lieu = Pick(_l("Retrait et retour"), required=True)


class AskedOnline(Schema):
    """Who reserves, without an account. `website` is a field that people do not see, and that machines fill in."""

    name = PersonName(_l("Votre nom et prénom"), required=True, max=160, attrs={"autocomplete": "name"})
    email = Email(_l("Votre adresse de courriel"), help=_l("Vous y recevez un lien pour confirmer, changer ou annuler."))
    phone = Phone(_lp("catalogue", "Votre téléphone"), help=_l("Sans adresse de courriel, nous vous appelons pour confirmer."))
    quantity = Number(_lp("reservation", "Combien"), required=True, min=1, max=MOST, attrs={"inputmode": "numeric"})
    is_adult = Tick(_l("Je suis majeur. Pour un enfant, c'est le parent ou le responsable légal qui emprunte."), must=True)
    website = Text(_l("Laissez ce champ vide"), max=200, attrs={"autocomplete": "off", "tabindex": "-1"})

    @validates_schema
    def is_reachable(self, facts: dict[str, Any], **_: Any) -> None:
        """Somebody must be reachable."""
        if not facts.get("email") and not facts.get("phone"):
            raise ValidationError({"email": [Fault("borrower.unreachable")]})


class OtherDays(Schema):
    """The days a reservation is changed to."""

    retrait = Date(_l("Retrait le"), required=True, future=True)
    retour = Date(_l("Retour le"), required=True, future=True)


class OtherPassages(Schema):
    """The passages to which a reservation at a stop is changed: any day is read, the deed says which are none."""

    retrait = Date(_l("Retrait le"), required=True, future=True, widget="select")
    retour = Date(_l("Retour le"), required=True, future=True, widget="select")


MOST_DAYS = 93


class _FreeDays(Schema):
    """From which day to which, half-open, three months at most."""

    @validates_schema
    def in_order(self, facts: dict[str, Any], **_: Any) -> None:
        """The days are in order, and not too many."""
        if facts["to"] <= facts["from"] or (facts["to"] - facts["from"]).days > MOST_DAYS:
            raise ValidationError({"to": [Fault("catalogue.days_too_many", most=MOST_DAYS)]})


FreeDays = _FreeDays.from_dict({"from": Date(required=True, future=True), "to": Date(required=True, future=True)}, name="FreeDays")
