"""What comes in at the door."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Text, Tick


class Stranger(Schema):
    """Somebody who is on no list."""

    name = Text(_l("Nom"), required=True, max=160, attrs={"autocomplete": "off"})
    companions = Number(_l("Combien de personnes en plus ?"), load_default=0, max=30)
    no_photo = Tick(_l("Pas de photo"), help=_l("À demander : sans réponse, laissez la case cochée."))


class DoorScan(Schema):
    """What was scanned or typed at the door, or the number of people who come in by an invitation."""

    code = Text(_l("Nom, ou code de l'invitation"), required=True, max=200)


class LetIn(Schema):
    """How many come in by an invitation: all of its places where nothing is said."""

    people = Number(_l("Combien entrent ?"), min=1, max=40)
