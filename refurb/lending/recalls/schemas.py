"""What comes in about what is asked back: the same for the page and for the API."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, Text


class RecallTold(Schema):
    """By when, and why."""

    due_on = Date(_l("À rapporter le"), required=True, future=True)
    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)
