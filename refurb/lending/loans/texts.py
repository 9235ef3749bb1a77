"""The text of the loan agreement (prêt à usage, code civil, art. 1875 to 1891)."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import ISSUER, UNITS, PaperEntry, paper_file
from refurb.kernel.deeds.texts import TextField, together
from refurb.kernel.speech.words import _l

LOAN_TEXT = paper_file(
    PaperKind.LOAN,
    _l("Convention de prêt"),
    {
        "lead": PaperEntry(
            needs=(
                ISSUER,
                TextField("who", "emprunteur", _l("le nom de qui emprunte")),
                UNITS,
                TextField("first", "debut", _l("le premier jour")),
                TextField("last", "fin", _l("le dernier jour")),
            ),
            label=_l("Ce qui est convenu"),
        ),
        "conditions": together(
            _l("Conditions"),
            {
                "loan_for_use": PaperEntry(
                    label=_l("Ce qu'est ce prêt"),
                    law=_l("Un prêt gratuit est un prêt à usage ; la chose reste à qui la prête (code civil, articles 1875 à 1877)."),
                ),
                "care": PaperEntry(label=_l("Le soin à prendre")),
                "loss": PaperEntry(label=_l("Perte, dommage, retard")),
                "back": PaperEntry(label=_l("Le retour")),
                "no_deposit": PaperEntry(label=_l("Ce qui n'est pas demandé")),
            },
        ),
    },
    headings={
        "things": _l("Matériel prêté"),
        "report": _l("État des lieux au départ"),
        "conditions": _l("Conditions"),
    },
)
