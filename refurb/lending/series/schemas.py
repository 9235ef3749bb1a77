"""What comes in about workshops."""

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import LongText, Number, Pick, Text, Word
from refurb.lending.reservations.schemas import ReservedDates
from refurb.lending.series.words import REPEATS, Repeat

MOST_DATES = 26


class NewWorkshop(ReservedDates):
    """When, how often, where, what for."""

    class Meta:
        """Workshops fetch their things at the place that keeps them."""

        exclude = ("handover_id",)

    repeat = Word(Repeat, _l("Se répète"), labels=REPEATS, required=True)
    count = Number(_l("Nombre de séances"), required=True, min=1, max=MOST_DATES)
    site_id = Pick(_l("Retrait et retour"), required=True)
    purpose = Text(_l("L'atelier"), required=True, max=160, help=_l("Par exemple « Robots et histoires, 8 à 11 ans »."))
    word = LongText(_l("Un mot pour l'accueil"), max=500)
