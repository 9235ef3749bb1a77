"""The slip by which an organisation receives machines, and the letters to whoever asked, as a territory may word them."""

from refurb.directory.letters import ALWAYS, BODY, LINK, SUBJECT
from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, ISSUER, PaperEntry, paper_file
from refurb.kernel.deeds.policy import PolicyGroup
from refurb.kernel.deeds.texts import TextField, both, text_file
from refurb.kernel.speech.words import _l

_RECEIVES = TextField("organisation_named", "structure", _l("la structure qui reçoit"))
_REFERENCE = TextField("reference", "reference", _l("la référence de la demande"))
_STATE = TextField("state", "etat", _l("où elle en est"))
_UNTIL = TextField("until", "date", _l("le dernier jour de la réservation"))

ENDOWMENT_TEXT = paper_file(
    PaperKind.ENDOWMENT,
    _l("Bon de dotation"),
    {
        "lead": PaperEntry(needs=(DATE, ISSUER, _RECEIVES), label=_l("Ce qui est remis")),
        "theirs": PaperEntry(label=_l("À qui ils sont désormais, et pour quel usage")),
        "resale": PaperEntry(
            label=_l("Ce que la structure n'en fait pas"),
            help=_l("Ce qu'une personne publique cède gratuitement ne se revend pas, sauf exception fixée par la loi (CG3P, L.3212-2)."),
        ),
        "data": PaperEntry(label=_l("Ce que la structure efface")),
        "free": PaperEntry(label=_l("Ce qui n'est pas demandé")),
    },
)
ENDOWMENT_NEWS = text_file(
    "letter_endowment",
    _l("Nouvelle d'une demande d'appareils à sa structure"),
    PolicyGroup.LETTERS,
    {
        "subject": both((_REFERENCE, _STATE), label=SUBJECT),
        "body": both((_REFERENCE, _RECEIVES, *ALWAYS), (_STATE, LINK), label=BODY, lines=True),
        "end_subject": both((_REFERENCE, _UNTIL), label=_l("Objet, quand la réservation finit bientôt")),
        "end": both((_REFERENCE, _RECEIVES, *ALWAYS), (_UNTIL, LINK), label=_l("Lettre, quand la réservation finit bientôt"), lines=True),
    },
)
