"""What comes in about a donor's year."""

from enum import StrEnum

from marshmallow import Schema

from refurb.documents.models import PaperKind
from refurb.documents.words import PAPER_KINDS
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Number, Word

MOST = 1_000_000


class Stock(Schema):
    """B of décret 2023-266, as the donor tells it."""

    screens = Number(
        _l("2° Écrans, et équipements à écran de plus de 100 cm²"), max=MOST, required=True,
        help=_l("Réformés et en stock au 1er janvier : écrans, portables, tablettes."),
    )  # fmt: skip
    small = Number(
        _l("6° Petits équipements informatiques et de télécommunication"), max=MOST, required=True,
        help=_l("Réformés et en stock au 1er janvier : unités centrales, téléphones, imprimantes."),
    )  # fmt: skip
    too_old = Number(_l("Exclus : plus de dix ans à la réforme"), max=MOST, required=True)
    is_protected = Number(_l("Exclus : informations classifiées ou protégées"), max=MOST, required=True)


class YearlyKind(StrEnum):
    """The papers of a donor's year."""

    BILAN = PaperKind.BILAN.value
    REUSE = PaperKind.REUSE.value
    REEN = PaperKind.REEN.value


class NewYearly(Schema):
    """Which paper of a donor's year to issue."""

    kind = Word(YearlyKind, _l("Document"), required=True, labels={each: PAPER_KINDS[PaperKind(each.value)] for each in YearlyKind})
