"""What comes in about testimonies."""

from marshmallow import Schema

from refurb.ceremonies.testimonies.models import MOST_SIGNS
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, LongText, Text, Tick


class TestimonyTold(Schema):
    """Words as they were said."""

    words = LongText(_l("Ses mots"), required=True, max=MOST_SIGNS, help=_l("Comme ils ont été dits, sans nom de famille ni adresse."))
    said_on = Date(_l("Dits le"), required=True)


class TestimonyAnswered(Schema):
    """The answer of its author: yes to the words as they were shown, yes to other words, or no."""

    answer = Text(_l("Votre réponse"), required=True, max=8)
    read = Text(max=64, widget="hidden", sometimes=True)
    words = LongText(_l("Vos mots"), max=MOST_SIGNS, sometimes=True)


class ReportTold(Schema):
    """What the report of a ceremony says besides its numbers."""

    next_steps = LongText(
        _l("Pour les familles absentes"),
        max=600,
        sometimes=True,
        help=_l("Sans rien écrire : l'ordinateur reste attribué, un rendez-vous suit."),
    )


class Picked(Schema):
    """Whether a testimony is in the report."""

    is_picked = Tick(_l("Dans le compte rendu"))
