"""When receipts are forgotten: the administration may ask for the copies during six years; those of a year go together."""

from collections.abc import Sequence

from sqlalchemy import exists, select

from refurb.documents.erasing import erase_given
from refurb.inventory.papers.receipts.actions import forget_letter
from refurb.inventory.papers.receipts.models import GiftValuation, TaxReceipt
from refurb.inventory.papers.receipts.queries import LASTS, kept_since
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.terms import Term, ago
from refurb.kernel.speech.words import _l


def _forget_receipts(numbers: Sequence[int]) -> None:
    erase_given(numbers)
    for line in db.session.scalars(select(TaxReceipt).where(TaxReceipt.paper_id.in_(numbers))):
        db.session.delete(line)


def _forget_values(numbers: Sequence[int]) -> None:
    for each in db.session.scalars(select(GiftValuation).where(GiftValuation.id.in_(numbers))):
        forget_letter(each)


TERMS = (
    Term(
        key="donations.receipts",
        who=_l("Donateur qui a reçu un reçu fiscal"),
        what=_l("le reçu, son montant, sa ligne au registre"),
        remains=_l("Le numéro, la date et l'empreinte du reçu"),
        lasts=LASTS,
        since=_l("la fin de l'année du reçu (LPF, article L. 102 E)"),
        model=TaxReceipt,
        past=lambda: TaxReceipt.issued_on < kept_since(),
        forget=_forget_receipts,
    ),
    Term(
        key="donations.values",
        who=_l("Donateur dont un don a été évalué"),
        what=_l("la lettre de l'entreprise, la base de la valeur"),
        remains=_l("Le montant, et quand il a été dit"),
        lasts=LASTS,
        since=_l("la valeur notée, une fois le reçu oublié"),
        model=GiftValuation,
        past=lambda: (GiftValuation.noted_at < ago(LASTS)) & ~exists().where(TaxReceipt.valuation_id == GiftValuation.id),
        rest=lambda: GiftValuation.forgotten_at.is_(None),
        forget=_forget_values,
    ),
)
