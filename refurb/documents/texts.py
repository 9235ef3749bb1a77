"""The texts of papers, as a territory may word them, in French, the language of the act: what no paper may claim is refused in each."""

import re
from collections.abc import Iterable, Mapping

from refurb.documents.models import PaperKind
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, Wrongly
from refurb.kernel.deeds.policy_entries import PartEntry, PolicyEntry
from refurb.kernel.deeds.texts import PassageEntry, TextField, Wording, counted, text_file, together
from refurb.kernel.speech.words import _l

ISSUER = TextField("issuer", "organisation", _l("le nom de votre organisation, en entier"))
DATE = TextField("date", "date", _l("la date"))
DONOR = TextField("donor", "donateur", _l("le nom du donateur"))
UNITS = TextField("units", "quantite", _l("combien"))
NUMBER = TextField("number", "nombre", _l("combien"))
REFERENCE = TextField("reference", "reference", _l("le numéro du document"))
FIRST = TextField("first", "annonce", _l("ce qui était annoncé, par type"))
WHEN = TextField("when", "quand", _l("le jour, ou entre quels jours"))

# What a paper may not claim, unless what is on record bears it out: the pattern, and the refusal that says why.
CLAIMS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile(r"recondition", re.IGNORECASE), "may not say that a device is reconditioned", "policy.claim_reconditioned"),
    (re.compile(r"(état|comme|à) neuf", re.IGNORECASE), "may not say that anything is as new", "policy.claim_new"),
    (re.compile(r"certifi|DoD\b|\bANSSI\b|\bCNIL\b", re.IGNORECASE), "may not speak of a certification", "policy.claim_certified"),
    (re.compile(r"réduction d.impôt|déductible|crédit d.impôt", re.IGNORECASE), "may not promise a tax cut", "policy.claim_tax"),
)


class PaperEntry(PassageEntry):
    """A passage of a paper: one line, which claims nothing that a territory may not claim; what the law fixes says what it has to."""

    def _wrong(self, text: str) -> Iterable[Wrongly]:
        yield from super()._wrong(text)
        if not self.law:
            yield from (Wrongly(english, code) for pattern, english, code in CLAIMS if pattern.search(text))


def paper_file(
    kind: PaperKind, title: object, entries: dict[str, PolicyEntry], headings: Mapping[str, object] | None = None
) -> PolicyFile[Wording]:
    """The text of a kind of paper, its title and what stands over its parts among it."""
    over: dict[str, PolicyEntry] = {"title": PaperEntry(label=_l("Titre du document"), longest=80, later=True)}
    if headings:
        named: dict[str, PolicyEntry] = {key: PaperEntry(label=each, longest=80, later=True) for key, each in headings.items()}
        over["headings"] = together(_l("Intertitres"), named, load_default=dict)
    return text_file(TEXT_NAMES[kind], title, PolicyGroup.PAPERS, entries | over)


TEXT_NAMES = {
    PaperKind.DONATION: "paper_donation",
    PaperKind.ERASURE: "paper_erasure",
    PaperKind.INTAKE: "paper_intake",
    PaperKind.HANDOVER: "paper_handover",
    PaperKind.LOAN: "paper_loan",
    PaperKind.MINUTES: "paper_minutes",
    PaperKind.ENDOWMENT: "paper_endowment",
    PaperKind.PARTICIPATION: "paper_participation",
    PaperKind.CEREMONY: "paper_ceremony",
    PaperKind.CONSENT: "paper_consent",
    PaperKind.BILAN: "paper_bilan",
    PaperKind.REUSE: "paper_reuse",
    PaperKind.REEN: "paper_reen",
    PaperKind.TAX: "paper_tax_receipt",
}
"""The policy that holds the text of each kind of paper."""


def counted_in_paper(label: object, *needs: TextField, law: object = None, few: tuple[TextField, ...] = ()) -> PartEntry:
    """A passage of a paper that has a plural; `few` are the fields that its singular may do without."""
    return counted(few, needs, label=label, of=PaperEntry, law=law)
