"""How the kinds and the standing of papers are called on screen."""

from refurb.documents.models import PaperKind, PaperStatus, SignatureWay
from refurb.kernel.deeds.machine import Look
from refurb.kernel.speech.words import _l

PAPER_KINDS = {
    PaperKind.DONATION: _l("Attestation de don"),
    PaperKind.ERASURE: _l("Attestation d'effacement"),
    PaperKind.HANDOVER: _l("Bon de remise"),
    PaperKind.LOAN: _l("Convention de prêt"),
    PaperKind.INTAKE: _l("Bordereau de prise en charge"),
}

PAPER_ICONS = {
    PaperKind.DONATION: "file-check",
    PaperKind.ERASURE: "shield-check",
    PaperKind.HANDOVER: "hand-heart",
    PaperKind.LOAN: "handshake",
    PaperKind.INTAKE: "truck",
}

PAPER_STATUSES = {
    PaperStatus.ISSUED: Look(_l("Document émis"), "badge-check", "ok"),
    PaperStatus.REPLACED: Look(_l("Document annulé et remplacé"), "file-x", "wait"),
}

SIGNATURE_WAYS = {
    SignatureWay.SEEN: _l("J'ai l'exemplaire signé sous les yeux"),
    SignatureWay.DRAWN: _l("Signer à l'écran"),
}
