"""What comes in about two records of one machine."""

from marshmallow import Schema

from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Text


class Reunion(Schema):
    """Which other record is of the same machine, which of the two remains, and how one can tell."""

    other = Text(_l("Code de l'autre fiche"), required=True, max=200, widget="hidden")
    keep = Text(_l("Quelle fiche reste ?"), required=True, max=200, widget="radio")
    reason = Text(
        _l("À quoi voit-on que c'est la même machine ?"),
        help=_l("Par exemple : deux étiquettes sur le même portable. Pas de nom de personne."),
        required=True,
        max=300,
        private=True,
    )


class Apart(Schema):
    """Which two records are of two machines."""

    one = Text(required=True, max=200)
    other = Text(required=True, max=200)
