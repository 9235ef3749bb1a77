"""What comes in about how sensitive the data of a donation are."""

from marshmallow import Schema

from refurb.inventory.words.donations import DATA_IMPACTS, DataImpact
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Word


class SaidImpact(Schema):
    """The level of the data inside, as the donor says it."""

    impact = Word(
        DataImpact, _l("Niveau des données"), labels=DATA_IMPACTS, widget="radio", required=True,
        help=_l("C'est au donateur de le dire : en cas de doute, le niveau au-dessus."),
    )  # fmt: skip
