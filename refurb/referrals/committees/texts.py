"""The text of the minutes, as a territory may word it."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, ISSUER, PaperEntry, paper_file
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l

_PLACE = TextField("place", "lieu", _l("le lieu de la séance"))

MINUTES_TEXT = paper_file(
    PaperKind.MINUTES,
    _l("Compte rendu de commission"),
    {
        "lead": PaperEntry(needs=(DATE, _PLACE, ISSUER), label=_l("La séance")),
        "reserve": PaperEntry(label=_l("À quoi sert la liste de réserve")),
        "nobody": PaperEntry(
            label=_l("Ce qu'il ne contient pas"),
            law=_l("Qui siège décide sur des dossiers sans nom : le compte rendu n'en contient aucun (RGPD, article 5, minimisation)."),
        ),
    },
    headings={
        "reserve": _l("Liste de réserve"),
    },
)
