"""How the kinds and the standing of papers are called on screen."""

from typing import Any

from refurb.documents.models import PaperKind, PaperStatus, ReplacedFor, SignatureWay
from refurb.kernel.deeds.machine import Look
from refurb.kernel.speech.words import _l

PAPER_KINDS = {
    PaperKind.DONATION: _l("Attestation de don"),
    PaperKind.ERASURE: _l("Attestation d'effacement"),
    PaperKind.HANDOVER: _l("Bon de remise"),
    PaperKind.LOAN: _l("Convention de prêt"),
    PaperKind.INTAKE: _l("Bordereau de prise en charge"),
    PaperKind.MINUTES: _l("Compte rendu de commission"),
    PaperKind.ENDOWMENT: _l("Bon de dotation"),
    PaperKind.PARTICIPATION: _l("Reçu de participation"),
    PaperKind.CEREMONY: _l("Compte rendu de cérémonie"),
    PaperKind.CONSENT: _l("Reçu d'accord"),
    PaperKind.BILAN: _l("Bilan de don"),
    PaperKind.REUSE: _l("Attestation de réemploi"),
    PaperKind.REEN: _l("Rapport REEN"),
    PaperKind.TAX: _l("Reçu fiscal"),
}

PAPER_ICONS = {
    PaperKind.DONATION: "file-check",
    PaperKind.ERASURE: "shield-check",
    PaperKind.HANDOVER: "hand-heart",
    PaperKind.LOAN: "handshake",
    PaperKind.INTAKE: "truck",
    PaperKind.MINUTES: "stamp",
    PaperKind.ENDOWMENT: "building-2",
    PaperKind.PARTICIPATION: "banknote",
    PaperKind.CEREMONY: "party-popper",
    PaperKind.CONSENT: "user-check",
    PaperKind.BILAN: "leaf",
    PaperKind.REUSE: "repeat",
    PaperKind.REEN: "landmark",
    PaperKind.TAX: "scale",
}

# An attestation and a convention are « émises », a bordereau and a bon « émis ».
_FEMININE = frozenset({PaperKind.DONATION, PaperKind.ERASURE, PaperKind.LOAN, PaperKind.REUSE})
_LOOKS = {
    (PaperStatus.ISSUED, False): Look(_l("Émis"), "badge-check", "ok"),
    (PaperStatus.ISSUED, True): Look(_l("Émise"), "badge-check", "ok"),
    (PaperStatus.REPLACED, False): Look(_l("Annulé et remplacé"), "file-x", "wait"),
    (PaperStatus.REPLACED, True): Look(_l("Annulée et remplacée"), "file-x", "wait"),
}


def paper_look(paper: Any) -> Look:
    """How the standing of a paper, or of a row that bears its kind and status, is shown."""
    return _LOOKS[paper.status, paper.kind in _FEMININE]


REPLACED_FOR = {
    ReplacedFor.FACTS: _l("Ce qui est établi a changé depuis"),
    ReplacedFor.MISTAKE: _l("Une erreur y était écrite"),
    ReplacedFor.ASKED: _l("À la demande de qui l'a reçu"),
}

SIGNATURE_WAYS = {
    SignatureWay.SEEN: _l("J'ai l'exemplaire signé sous les yeux"),
    SignatureWay.DRAWN: _l("Signer à l'écran"),
}
