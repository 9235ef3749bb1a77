"""The text of the bordereau de prise en charge."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, DONOR, FIRST, ISSUER, REFERENCE, UNITS, PaperEntry, paper_file
from refurb.kernel.deeds.texts import TextField, together
from refurb.kernel.speech.words import _l

_TO_ISSUER = TextField("to_issuer", "a_organisation", _l("« à » et le nom de votre organisation"))
_REFUSED = TextField("what", "refus", _l("ce qui est refusé, avec le motif"))

INTAKE_TEXT = paper_file(
    PaperKind.INTAKE,
    _l("Bordereau de prise en charge"),
    {
        "lead": PaperEntry(needs=(DATE, ISSUER, DONOR, UNITS), label=_l("Ce qui est pris en charge")),
        "replaces": PaperEntry(needs=(REFERENCE, DATE), label=_l("Quand il en remplace un autre")),
        "announced_first": PaperEntry(needs=(FIRST,), label=_l("Quand la liste du donateur dit autre chose que son annonce")),
        "refused": PaperEntry(needs=(_REFUSED,), label=_l("Appareils refusés à l'arrivée")),
        "unsigned": PaperEntry(label=_l("Quand personne n'a signé")),
        "no_certificate": PaperEntry(
            label=_l("Ce qu'il n'est pas"),
            law=_l("Il n'atteste ni don ni effacement ; délivrer sans droit un reçu fiscal est puni d'une amende (CGI, article 1740 A)."),
        ),
        "ownership": together(
            _l("Propriété et garde"),
            {
                "given": PaperEntry(needs=(_TO_ISSUER,), label=_l("Pour un don")),
                "provisional": PaperEntry(
                    label=_l("Tant que la décision manque"),
                    law=_l(
                        "Une collectivité accepte un don par une décision ; avant elle, à titre conservatoire (CGCT, article L. 2242-4)."
                    ),
                ),
                "custody": PaperEntry(needs=(_TO_ISSUER,), label=_l("Pour ce qui n'est pas un don")),
            },
        ),
        "data": together(
            _l("Données"),
            {
                "inside": PaperEntry(label=_l("Supports à l'intérieur, ou peut-être")),
                "removed": PaperEntry(label=_l("Supports retirés par le donateur")),
            },
        ),
    },
    headings={
        "quantities": _l("Quantités annoncées, reçues et refusées"),
        "ownership": _l("Propriété, garde et données"),
    },
)
