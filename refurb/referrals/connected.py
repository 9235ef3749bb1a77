"""The connection that a hand-over gives with its devices: a box, a card or an operator's social tariff, who pays for it and until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.models import Allocation
from refurb.referrals.words import Accessory


class ConnectedBy(StrEnum):
    """By what a home gets online."""

    BOX = "box"
    SIM = "sim"
    TARIFF = "tariff"


CONNECTED_BY = {
    ConnectedBy.BOX: _l("Box 4G"),
    ConnectedBy.SIM: _l("Carte SIM"),
    ConnectedBy.TARIFF: _l("Tarif social d'un opérateur"),
}

CARRIED = {ConnectedBy.BOX: Accessory.INTERNET_BOX, ConnectedBy.SIM: Accessory.SIM}
"""What is put into the bag for it."""


class Payer(StrEnum):
    """Who pays for it."""

    US = "us"
    PARTNER = "partner"
    FAMILY = "family"


PAYERS = {
    Payer.US: _lp("payer", "Nous"),
    Payer.PARTNER: _lp("payer", "La structure qui l'oriente"),
    Payer.FAMILY: _lp("payer", "La famille"),
}


class HomeConnection(Base):
    """The connection that goes with one hand-over. Of what somebody else pays the last day is known, and told before it comes.

    `brought`: whether its box or card was put into the bag for it, and goes out of the bag with it.
    """

    __tablename__ = "home_connections"
    __table_args__ = (
        CheckConstraint("payer = 'family' OR paid_until IS NOT NULL", name="paid_until_some_day"),
        CheckConstraint("length(operator) > 0", name="operator_has_a_name"),
        Index("ix_home_connections_paid_until", "paid_until", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    allocation_id: Mapped[int] = mapped_column(ForeignKey("allocations.id"), unique=True)
    connected_by: Mapped[ConnectedBy] = word_column(ConnectedBy)
    operator: Mapped[str] = mapped_column(String(50))
    payer: Mapped[Payer] = word_column(Payer)
    paid_until: Mapped[date | None]
    put_at: Mapped[datetime]
    brought: Mapped[bool] = mapped_column(default=False)

    allocation: Mapped[Allocation] = relationship()
