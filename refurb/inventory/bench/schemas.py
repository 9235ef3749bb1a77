"""What comes in about the work in hand: to whom a machine passes, what is noted of it."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import LongText, Pick, Text


class PassOn(Schema):
    """To which colleague a machine passes, and what they should know."""

    to = Pick(_l("À qui ?"), required=True)
    note = Text(_l("Ce qu'il faut savoir"), help=_l("Lu à l'atelier seulement. N'y nommez personne d'autre."), max=300, private=True)


class NewNote(Schema):
    """What somebody at the bench writes about a machine."""

    text = LongText(
        _l("Note"),
        help=_l("Lue à l'atelier et à la coordination seulement, jamais sur un document. N'y nommez personne."),
        required=True,
        max=1000,
        attrs={"rows": 3},
        private=True,
    )
