"""What is stored of what is used up: how much lies at each place, and every move of it, never rewritten."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.walls import Statements
from refurb.lending.supplies.words import SupplyMoveKind


class Supply(Base):
    """Something that is given away or used up: USB keys, filament, in a unit of its own. `low_at` is at how much of it a place runs low.

    `search` is its name as names are compared (`fold`): two of one name, however it is written, are one.
    """

    __tablename__ = "supplies"
    KIND = "supply"
    __table_args__ = (CheckConstraint("low_at >= 0", name="low_at_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    search: Mapped[str] = mapped_column(String(400), unique=True)
    unit: Mapped[str] = mapped_column(String(24))
    low_at: Mapped[int | None]
    retired_at: Mapped[datetime | None]

    stocks: Mapped[list["SupplyStock"]] = relationship(back_populates="supply", order_by="SupplyStock.site_id")


class SupplyStock(Base):
    """How much of a supply is at a place: the sum of its moves there, and never below nothing."""

    __tablename__ = "supply_stocks"
    __table_args__ = (CheckConstraint("here >= 0", name="not_negative"), UniqueConstraint("supply_id", "site_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    supply_id: Mapped[int] = mapped_column(ForeignKey("supplies.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    here: Mapped[int] = mapped_column(default=0)

    supply: Mapped[Supply] = relationship(back_populates="stocks")


class SupplyMove(Base):
    """So much came to a place or left it: `delta`, and what was there after; a recount says why."""

    __tablename__ = "supply_moves"
    __table_args__ = (
        CheckConstraint("(kind = 'received' AND delta > 0) OR (kind = 'given' AND delta < 0) OR kind = 'counted'", name="goes_its_way"),
        CheckConstraint("kind <> 'counted' OR reason IS NOT NULL", name="a_recount_says_why"),
        CheckConstraint("here_after >= 0", name="leaves_no_less_than_nothing"),
        Index("ix_supply_moves_of", "supply_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    supply_id: Mapped[int] = mapped_column(ForeignKey("supplies.id"))
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"))
    kind: Mapped[SupplyMoveKind] = word_column(SupplyMoveKind)
    delta: Mapped[int]
    here_after: Mapped[int]
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime]
    actor_id: Mapped[int | None]


def _refused(verb: str, of: str = "") -> str:
    refuse = "BEGIN SELECT RAISE(ABORT, 'supply moves are append-only'); END"
    return f"CREATE TRIGGER supply_moves_no_{verb.lower()} BEFORE {verb}{of} ON supply_moves {refuse}"


# What came and went is never written otherwise, on either database; why, which people write, is erased in time.
_COUNTED = " OF id, supply_id, site_id, kind, delta, here_after, at, actor_id"
SUPPLY_MOVES_WALL: Statements = {
    "sqlite": (_refused("UPDATE", _COUNTED), _refused("DELETE")),
    "postgresql": (
        (
            "CREATE FUNCTION supply_moves_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "RAISE EXCEPTION 'supply moves are append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
        ),
        (
            f"CREATE TRIGGER supply_moves_append_only BEFORE UPDATE{_COUNTED} OR DELETE ON supply_moves FOR EACH ROW "
            "EXECUTE FUNCTION supply_moves_refuse()"
        ),
    ),
}
