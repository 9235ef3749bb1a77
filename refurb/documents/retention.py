"""The papers that outlive the terms of people: those that prove a gift, an erasure, a reception."""

from refurb.kernel.deeds.terms import Kept
from refurb.kernel.speech.words import _l

KEPT = (
    Kept(
        key="documents.papers",
        who=_l("Donateur nommé sur une attestation"),
        what=_l("les attestations de don et d'effacement, les bons de prise en charge, et leurs signatures"),
        until=_l(
            "tant que la preuve peut servir ; un bon de remise et une convention de prêt sont vidés avec la personne : numéro, date et "
            "empreinte restent"
        ),
        covers=("papers", "signings"),
    ),
    Kept(
        key="documents.certificate",
        who=_l("Personne qui a choisi d'émettre avec ou sans certificat"),
        what=_l("son compte, le jour et la raison"),
        until=_l("pour toujours : c'est ce qui dit pourquoi un document ne porte pas de certificat"),
        covers=("certificate_choices",),
    ),
)
