"""The texts of the papers of a donor's year."""

from refurb.documents.models import PaperKind
from refurb.documents.texts import DATE, DONOR, ISSUER, REFERENCE, UNITS, PaperEntry, counted_in_paper, paper_file
from refurb.inventory.papers.texts import OF_DONOR, REPLACES
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.speech.words import _l

_YEAR = TextField("year", "annee", _l("l'année"))
_DONATIONS = TextField("donations", "dons", _l("les numéros des dons"))
_LAW = _l("Un donateur qui s'en servirait comme d'une preuve de conformité serait trompé : il en donne le calcul, et rien de plus.")
_PROTECTED = _l("Un nombre plus fin dirait quand une machine a été remise : ce qui protège les familles ne se règle pas.")

BILAN_TEXT = paper_file(
    PaperKind.BILAN,
    _l("Bilan de don"),
    {
        "lead": PaperEntry(needs=(ISSUER, OF_DONOR, _YEAR, UNITS, _DONATIONS), label=_l("Ce qui est dit")),
        "replaces": REPLACES,
        "fates": PaperEntry(needs=(DATE,), label=_l("Comment les nombres sont comptés"), law=_PROTECTED),
        "no_fates": PaperEntry(label=_l("Quand aucun nombre ne peut être dit")),
        "carbon": PaperEntry(
            needs=(
                TextField("laptops", "portables", _l("combien de portables")),
                TextField("kg", "kg", _l("kg CO₂e par portable et par an")),
                TextField("years", "ans", _l("années de seconde vie supposées")),
                TextField("total", "total", _l("kg CO₂e en tout")),
                TextField("source", "source", _l("la source du facteur")),
                DATE,
            ),
            label=_l("Estimation carbone"),
        ),
        "no_promise": PaperEntry(label=_l("Ce qu'il n'est pas"), law=_LAW),
    },
    headings={
        "quantities": _l("Quantités annoncées, reçues et refusées"),
        "data": _l("Données"),
        "fates": _l("Ce que sont devenues les machines"),
        "months": _l("Remises, mois par mois"),
        "carbon": _l("Carbone, estimation"),
    },
)
REUSE_TEXT = paper_file(
    PaperKind.REUSE,
    _l("Attestation de réemploi"),
    {
        "lead": counted_in_paper(_l("Ce qui est attesté"), ISSUER, UNITS, OF_DONOR, _YEAR),
        "replaces": REPLACES,
        "groups": PaperEntry(label=_l("Comment lire les mois"), law=_PROTECTED),
        "no_person": PaperEntry(
            label=_l("Ce qu'elle ne dit pas"), law=_l("À qui une machine est allée n'est dit à aucun donateur (RGPD, article 5).")
        ),
    },
    headings={"devices": _l("Machines réemployées")},
)
REEN_TEXT = paper_file(
    PaperKind.REEN,
    _l("Rapport REEN d'un donateur public"),
    {
        "lead": PaperEntry(
            needs=(ISSUER, DONOR, TextField("siren", "siren", _l("son SIREN")), _YEAR, _DONATIONS), label=_l("Ce qui est calculé")
        ),
        "replaces": REPLACES,
        "stock": PaperEntry(
            needs=(
                _YEAR, DATE,
                TextField("too_old", "anciens", _l("combien de plus de dix ans")),
                TextField("is_protected", "proteges", _l("combien à informations protégées")),
            ),
            label=_l("D'où vient B"),
            law=_l("B vient du donateur, et personne ici ne l'a vérifié : le taire donnerait au calcul une autorité qu'il n'a pas."),
        ),
        "reused": PaperEntry(label=_l("Comment A est compté"), law=_PROTECTED),
        "proof": PaperEntry(needs=(REFERENCE,), label=_l("Renvoi à l'attestation de réemploi")),
        "no_proof": PaperEntry(label=_l("Sans attestation de réemploi")),
        "no_promise": PaperEntry(label=_l("Ce qu'il n'est pas"), law=_LAW),
    },
    headings={"share": _l("Part orientée vers le réemploi"), "devices": _l("Équipements reçus")},
)  # fmt: skip
