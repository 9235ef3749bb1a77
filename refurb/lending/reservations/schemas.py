"""What comes in about reservations: the same for the pages and for the API."""

from marshmallow import Schema, fields

from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.fields import Date, Number, Pick, Text, Tick
from refurb.lending.handing import stop_choices

MOST = 1000
_MOST_ID = 2**31 - 1
CARD_OR_NAME = _l("Scannez la carte, ou tapez le nom comme il est écrit sur la carte.")
_LEAVES = _l("Retrait le")
_COMES_BACK = _l("Retour le")


def _handed_over_at() -> list[tuple[str, str]]:
    return [("", _("Au lieu qui le garde")), *stop_choices()]


class ReservedDates(Schema):
    """From which day to which."""

    from_on = Date(_LEAVES, required=True, future=True)
    to_on = Date(_COMES_BACK, required=True, future=True, help=_l("Rendu ce jour-là, il peut repartir le lendemain."))
    handover_id = Pick(
        _lp("reservation", "Où"),
        choices=_handed_over_at,
        asked=lambda: bool(stop_choices()),
        help=_l("À un arrêt, les deux jours sont des jours de passage."),
    )


class ReservedFor(Schema):
    """For whom, and whether somebody is still to say yes."""

    borrower = Text(
        _l("Pour qui ?"),
        required=True,
        max=160,
        help=CARD_OR_NAME,
        attrs={"autocomplete": "off"},
    )
    to_confirm = Tick(_l("La personne doit encore confirmer : garder le matériel en attendant sa réponse"))


class ReservedLine(Schema):
    """So many of one product."""

    product_id = Number(required=True, max=_MOST_ID)
    quantity = Number(_lp("reservation", "Combien"), required=True, min=1, max=MOST)


class NewReservation(Schema):
    """A reservation by the JSON door: the borrower's code, the days half-open, and how many of each product."""

    borrower = Text(required=True, max=160)
    from_on = Date(required=True, future=True)
    to_on = Date(required=True, future=True)
    site_id = Number(max=_MOST_ID)
    handover_id = Number(max=_MOST_ID)
    to_confirm = Tick()
    lines = fields.List(fields.Nested(ReservedLine), required=True)


class ChangedReservation(Schema):
    """Other days, and how many of each product from now on."""

    from_on = Date(required=True, future=True)
    to_on = Date(required=True, future=True)
    lines = fields.List(fields.Nested(ReservedLine), required=True)


class ThingOfBag(Schema):
    """A thing that is packed or taken out of its bag, by the JSON door: the code on its label."""

    code = Text(required=True, max=200)
