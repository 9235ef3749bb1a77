"""What comes in about a loan that goes on: the same for the page and for the API."""

from marshmallow import Schema, fields

from refurb.kernel.web.fields import Date, Number

_MOST = 2**31 - 1


class LineRenewed(Schema):
    """One line by its number, and until when; as long as the rule says where no day is told."""

    line = Number(required=True, min=1, max=_MOST)
    until = Date(future=True)


class RenewalTold(Schema):
    """Which lines go on; all that are out where none is told."""

    lines = fields.List(fields.Nested(LineRenewed), load_default=list)
