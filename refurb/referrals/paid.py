"""What whoever receives pays towards what one hand-over gives, where a territory asks that; never the number of a card."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.documents.models import Paper
from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.models import Allocation


class Basis(StrEnum):
    """By which right a territory asks for a participation."""

    NONE = "none"
    ASSOCIATION = "association"
    REGIE = "regie"


BASES = {
    Basis.NONE: _l("Rien n'est demandé"),
    Basis.ASSOCIATION: _l("Association reconnue d'utilité publique ou d'intérêt général"),
    Basis.REGIE: _l("Personne publique, par sa régie"),
}


class PaidBy(StrEnum):
    """How it was paid."""

    CASH = "cash"
    CHEQUE = "cheque"
    TRANSFER = "transfer"


PAID_BY = {
    PaidBy.CASH: _lp("payment", "En espèces"),
    PaidBy.CHEQUE: _lp("payment", "Par chèque"),
    PaidBy.TRANSFER: _lp("payment", "Par virement"),
}


class Participation(Base):
    """What goes with one hand-over in money: said while it is prepared, on the slip, and receipted once that is signed (`paper`).

    The basis and the régie are those of the day.
    """

    __tablename__ = "participations"
    __table_args__ = (
        CheckConstraint("cents > 0", name="something"),
        CheckConstraint("basis <> 'none'", name="on_some_basis"),
        CheckConstraint("(basis = 'regie') = (regie IS NOT NULL)", name="public_money_has_a_regie"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), unique=True)
    cents: Mapped[int]
    paid_by: Mapped[PaidBy] = word_column(PaidBy)
    basis: Mapped[Basis] = word_column(Basis)
    regie: Mapped[str | None] = mapped_column(String(120))
    noted_at: Mapped[datetime]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("papers.id"))

    allocation: Mapped[Allocation] = relationship()
    paper: Mapped[Paper | None] = relationship()
