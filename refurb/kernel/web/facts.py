"""The facts that many moves ask for: nothing, or a reason."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Text


class Reason(Schema):
    """Why something out of the ordinary is done."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, private=True)


class NoFacts(Schema):
    """What a move that needs nothing told takes in: nothing."""
