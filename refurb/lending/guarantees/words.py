"""The enumerations of what is shown or left before things go out."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class CertificateKind(StrEnum):
    """What somebody shows: that the thing is insured, the word of honour that it is, or that somebody was shown how it is used."""

    INSURANCE = "insurance"
    HONOUR = "honour"
    TRAINING = "training"


CERTIFICATE_KINDS = {
    CertificateKind.INSURANCE: _l("Attestation d'assurance"),
    CertificateKind.HONOUR: _l("Engagement sur l'honneur d'être assuré"),
    CertificateKind.TRAINING: _l("Formation suivie"),
}
INSURING = (CertificateKind.INSURANCE, CertificateKind.HONOUR)
"""What says that things are insured."""


class DepositKind(StrEnum):
    """What somebody left, though nobody asks for it."""

    CHEQUE = "cheque"
    CASH = "cash"
    EMPLOYER = "employer"


DEPOSIT_KINDS = {
    DepositKind.CHEQUE: _l("Chèque"),
    DepositKind.CASH: _l("Espèces"),
    DepositKind.EMPLOYER: _l("Lettre de l'employeur"),
}
