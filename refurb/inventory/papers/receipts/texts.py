"""The text of the tax receipt; what the forms 11580 and 16216 of the administration say word for word stays as they say it."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, ISSUER, UNITS, PaperEntry, paper_file
from refurb.inventory.papers.texts import OF_DONOR, REPLACES
from refurb.kernel.deeds.texts import TextField, together
from refurb.kernel.speech.words import _l, _lp

_FORM = _l("Mention du modèle de l'administration (formulaires 11580 et 16216) : sans elle, le reçu ne vaut rien.")
_VALUED = _l("Qui répond de la valeur : l'organisme ne l'invente pas (CGI, articles 200 et 238 bis).")
SUM = TextField("sum", "montant", _l("le montant, en euros"))
WHO = TextField("who", "qui", _l("qui a vérifié la valeur"))
BASIS = TextField("basis", "base", _l("sur quelle base"))
METHOD = TextField("method", "methode", _l("la méthode que l'entreprise déclare"))

RECEIPT_TEXT = paper_file(
    PaperKind.TAX,
    _lp("receipt", "Reçu fiscal"),
    {
        "lead": PaperEntry(needs=(ISSUER, OF_DONOR, DATE, UNITS, SUM), label=_l("Ce qui est reconnu"), law=_FORM),
        "form": together(
            _l("De quel reçu il s'agit"),
            {
                "individuals": PaperEntry(label=_l("D'un particulier"), law=_FORM),
                "companies": PaperEntry(label=_l("D'une entreprise"), law=_FORM),
            },
        ),
        "certifies": together(
            _l("La certification"),
            {
                "individuals": PaperEntry(label=_l("D'un particulier"), law=_FORM),
                "companies": PaperEntry(label=_l("D'une entreprise"), law=_FORM),
            },
        ),
        "valued": together(
            _l("D'où vient la valeur"),
            {
                "individuals": PaperEntry(needs=(WHO, DATE, BASIS), label=_l("D'un particulier"), law=_VALUED),
                "companies": PaperEntry(needs=(METHOD, DATE), label=_l("D'une entreprise"), law=_VALUED),
            },
        ),
        "replaces": REPLACES,
    },
    headings={
        "receiver": _l("Bénéficiaire du don"),
        "donor": _l("Donateur"),
        "gift": _l("Don"),
        "devices": _l("Description du don en nature"),
    },
)
