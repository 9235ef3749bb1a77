"""The words of the report of a ceremony, as a territory may word them."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, ISSUER, PaperEntry, paper_file
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l, _lp

_PLACE = TextField("place", "lieu", _l("le lieu de la cérémonie"))

REPORT_TEXT = paper_file(
    PaperKind.CEREMONY,
    _l("Compte rendu de cérémonie"),
    {
        "lead": PaperEntry(needs=(DATE, _PLACE, ISSUER), label=_l("La cérémonie")),
        "absent": PaperEntry(label=_l("Pour les familles absentes")),
        "thanks": PaperEntry(fields=(ISSUER,), label=_l("Remerciement")),
        "quotes": PaperEntry(label=_l("Comment les mots ont été recueillis")),
        "nobody": PaperEntry(
            label=_l("Ce qu'il ne contient pas"),
            law=_l("Qui donne et qui reçoit ne se rencontrent dans aucun document (RGPD, article 5, minimisation)."),
        ),
    },
    headings={
        "came": _l("Qui est venu"),
        "quotes": _l("Ce que des personnes en disent"),
        "absent": _lp("ceremony", "La suite"),
    },
)
