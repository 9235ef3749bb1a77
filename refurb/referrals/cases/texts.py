"""The letters about referrals and partners, and the hand-over slip, as a territory may word them."""

from refurb.directory.letters import letter_file
from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, ISSUER, PaperEntry, counted_in_paper, paper_file
from refurb.kernel.deeds.texts import TextField, together
from refurb.kernel.speech.words import _l

REFERRAL_NEWS = letter_file(
    "letter_referral_news",
    _l("Nouvelle d'une orientation à sa structure"),
    (TextField("reference", "reference", _l("la référence de l'orientation")), TextField("state", "etat", _l("où elle en est"))),
)
CONVENTION_REMINDER = letter_file(
    "letter_convention",
    _l("Rappel d'une convention qui finit bientôt"),
    (
        TextField("partner", "structure", _l("la structure")),
        TextField("last", "date", _l("le dernier jour de la convention")),
        TextField("left", "delai", _l("dans combien de jours")),
    ),
)

_PERSON = TextField("person", "personne", _l("le nom de qui reçoit"))
_SUM = TextField("sum", "montant", _l("la participation, comment et à qui elle est payée"))
_REGULATED = _l(
    "« Reconditionné » est un mot réglementé (décret n° 2022-190) : il n'est écrit que si les contrôles et l'effacement sont enregistrés."
)
HANDOVER_TEXT = paper_file(
    PaperKind.HANDOVER,
    _l("Bon de remise"),
    {
        "lead": PaperEntry(needs=(DATE, ISSUER, _PERSON), label=_l("Ce qui est remis")),
        "lead_several": PaperEntry(needs=(DATE, ISSUER, _PERSON), label=_l("Ce qui est remis, plusieurs appareils"), load_default=None),
        "device": together(
            _l("Ce qui est dit de l'appareil"),
            {
                "used": PaperEntry(label=_l("Sans contrôles ni effacement enregistrés")),
                "erased": PaperEntry(label=_l("Données effacées"), law=_REGULATED),
                "partly": PaperEntry(label=_l("Une partie des supports détruite"), law=_REGULATED),
                "reset": PaperEntry(needs=(DATE,), label=_l("Mémoire remise à zéro"), law=_REGULATED),
                "empty": PaperEntry(label=_l("Sans support"), law=_REGULATED),
                "destroyed": counted_in_paper(_l("Supports d'origine détruits"), law=_REGULATED),
            },
        ),
        "theirs": PaperEntry(label=_l("À qui il est désormais, et en cas de panne")),
        "theirs_several": PaperEntry(label=_l("À qui ils sont désormais, plusieurs appareils"), load_default=None),
        "free": PaperEntry(label=_l("Ce qui n'est pas demandé")),
        "paid": PaperEntry(needs=(_SUM,), label=_l("Ce qui est demandé, avec une participation"), load_default=None),
        "lead_paid": PaperEntry(needs=(DATE, ISSUER, _PERSON), label=_l("Ce qui est remis, avec une participation"), load_default=None),
    },
)
PARTICIPATION_TEXT = paper_file(
    PaperKind.PARTICIPATION,
    _l("Reçu de participation"),
    {
        "lead": PaperEntry(needs=(DATE, ISSUER, _PERSON), label=_l("Ce qui est reçu")),
        "note": PaperEntry(label=_l("Ce que ce reçu n'est pas")),
    },
)
