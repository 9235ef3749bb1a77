"""What comes in about tables from elsewhere."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import File
from refurb.spreadsheets.errors import MOST_BYTES


class ExchangeSent(Schema):
    """A table from elsewhere."""

    file = File(
        _l("Fichier à importer"),
        help=_l("Tel quel : .xlsx, .ods ou .csv, avec ses propres colonnes, jusqu'à 5 000 lignes. Snipe-IT et GLPI sont reconnus."),
        required=True,
        attrs={
            "accept": ".xlsx,.xlsm,.ods,.csv,.tsv,.txt",
            "data-max-bytes": str(MOST_BYTES),
            "data-too-big": _l("{name} est trop lourd : une liste pèse moins de 12 Mo."),
        },
    )


class NothingAsked(Schema):
    """What the import of rows asks that need no choice."""
