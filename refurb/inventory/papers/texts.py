"""The texts of the attestations of a donation."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import (
    DATE,
    DONOR,
    FIRST,
    ISSUER,
    NUMBER,
    REFERENCE,
    UNITS,
    WHEN,
    PaperEntry,
    counted_in_paper,
    paper_file,
)
from refurb.kernel.deeds.texts import TextField, together
from refurb.kernel.speech.words import _l

REPLACES = PaperEntry(needs=(REFERENCE, DATE), label=_l("Quand elle en remplace une autre"))
OF_DONOR = TextField("of_donor", "du_donateur", _l("« de » et le nom du donateur"))
_TRUE = _l("Cette phrase dit ce qui est enregistré, et rien de plus : une attestation qui en dirait davantage tromperait le donateur.")
_UNEXAMINED = counted_in_paper(_l("Machines pas encore examinées"), NUMBER)
_UNPROVEN = counted_in_paper(_l("Machines sans effacement établi"), NUMBER)

DONATION_TEXT = paper_file(
    PaperKind.DONATION,
    _l("Attestation de don"),
    {
        "lead": PaperEntry(needs=(ISSUER, DATE, OF_DONOR, UNITS), label=_l("Ce qui est attesté")),
        "replaces": REPLACES,
        "announced_first": PaperEntry(needs=(FIRST,), label=_l("Quand la liste du donateur dit autre chose que son annonce")),
        "see_erasure": PaperEntry(needs=(REFERENCE, DATE), label=_l("Renvoi à l'attestation d'effacement")),
        "no_tax_receipt": PaperEntry(
            label=_l("Ce qu'elle n'est pas"),
            law=_l("Délivrer sans droit un reçu fiscal est puni d'une amende (CGI, article 1740 A) : elle dit qu'elle n'en est pas un."),
        ),
        "refused": counted_in_paper(_l("Appareils refusés à l'arrivée"), NUMBER),
        "data": together(
            _l("Données"),
            {
                "all_done": counted_in_paper(_l("Tout est effacé ou détruit"), WHEN, few=(NUMBER,)),
                "done": counted_in_paper(_l("Une partie est effacée ou détruite"), NUMBER, WHEN),
                "waiting": counted_in_paper(_l("Supports qui restent à traiter"), NUMBER),
                "reset": counted_in_paper(_l("Mémoires remises à zéro"), NUMBER, WHEN),
                "unexamined": _UNEXAMINED,
                "unproven": _UNPROVEN,
                "none": together(
                    _l("Aucun support"),
                    {
                        "any": PaperEntry(label=_l("Aucun support relevé")),
                        "other": PaperEntry(label=_l("Aucun autre support que la mémoire remise à zéro")),
                    },
                ),
            },
        ),
    },
    headings={
        "quantities": _l("Quantités annoncées, reçues et refusées"),
        "devices": _l("Matériels reçus"),
        "data": _l("Données"),
    },
)
ERASURE_TEXT = paper_file(
    PaperKind.ERASURE,
    _l("Attestation d'effacement"),
    {
        "lead": counted_in_paper(_l("Ce qui est attesté"), ISSUER, UNITS, DONOR, DATE, law=_TRUE),
        "without": together(
            _l("Ce qui est attesté, sans support traité"),
            {
                "drives": PaperEntry(needs=(ISSUER, DONOR, DATE), label=_l("Aucun support trouvé"), law=_TRUE),
                "reset": PaperEntry(needs=(ISSUER, DONOR, DATE), label=_l("Mémoires remises à zéro"), law=_TRUE),
                "either": PaperEntry(needs=(ISSUER, DONOR, DATE), label=_l("L'un ou l'autre"), law=_TRUE),
            },
        ),
        "replaces": REPLACES,
        "left": together(
            _l("Ce qui n'est pas attesté"),
            {
                "waiting": counted_in_paper(_l("Supports qui restent à traiter"), NUMBER),
                "unexamined": _UNEXAMINED,
                "unproven": _UNPROVEN,
            },
        ),
        "stated": counted_in_paper(_l("Effacements sur déclaration"), NUMBER),
        "levels": PaperEntry(
            label=_l("Comment lire les niveaux"),
            law=_l("Les niveaux sont ceux des publications citées : les nommer autrement, ou dire plus, serait faux."),
        ),
        "no_certificate": PaperEntry(
            label=_l("Ce qu'elle n'est pas"),
            law=_l(
                "Aucun organisme n'a certifié ces effacements : le laisser croire serait une pratique trompeuse (code de la consommation)."
            ),
        ),
    },
    headings={
        "drives": _l("Supports traités"),
        "without": _l("Appareils arrivés sans support de stockage"),
        "reports": _l("Rapports d'effacement conservés"),
        "reading": _l("Comment lire cette attestation"),
    },
)
