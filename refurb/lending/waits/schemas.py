"""What comes in about waiting lists."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Number, Text
from refurb.lending.reservations.schemas import CARD_OR_NAME, MOST, ReservedDates

_MOST_ID = 2**31 - 1


class NewWait(ReservedDates):
    """Who waits, for which days, for how many."""

    borrower = Text(_l("Pour qui ?"), required=True, max=160, help=CARD_OR_NAME, attrs={"autocomplete": "off"})
    quantity = Number(_lp("reservation", "Combien"), required=True, min=1, max=MOST)


class AskedWait(Schema):
    """A wait by the JSON door: the borrower's code, the product, the days half-open, how many."""

    borrower = Text(required=True, max=160)
    product_id = Number(required=True, max=_MOST_ID)
    site_id = Number(max=_MOST_ID)
    handover_id = Number(max=_MOST_ID)
    from_on = Date(required=True, future=True)
    to_on = Date(required=True, future=True)
    quantity = Number(required=True, min=1, max=MOST)
