"""What is taken on which days: pools to be held, claims, and the wall that no two live claims of one thing overlap behind."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, word_column
from refurb.kernel.deeds.walls import Statements
from refurb.lending.claims.words import LONGEST, ClaimKind


class Pool(Base):
    """The things of one product at one place. It is there to be held: whoever changes what is taken of it raises its version first."""

    __tablename__ = "pools"

    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=0)


PLANNED = text("began_at IS NULL AND ended_at IS NULL")
OPEN = text("began_at IS NOT NULL AND ended_at IS NULL")
LIVE = text("ended_at IS NULL")


class ItemClaim(Base):
    """One thing that is taken from one day to another, half-open: reserved, lent, in repair, to be checked.

    `item_id` is None for a reservation that is short: nothing is left for it. `until_on` is `words.FOR_EVER` where nobody knows the end;
    `due_on` is the day agreed on, None where there is none. It is *open* once begun and not ended, *live* while not ended.
    A `pinned` one keeps its thing; the others may be moved to another thing of their pool until they begin.
    """

    __tablename__ = "claims"
    __table_args__ = (
        ForeignKeyConstraint(["product_id", "site_id"], ["pools.product_id", "pools.site_id"], name="fk_claims_pool"),
        CheckConstraint("until_on > starts_on OR ended_at IS NOT NULL", name="ends_after_it_starts"),
        CheckConstraint("began_at IS NULL OR (item_id IS NOT NULL AND pinned)", name="begun_holds_a_thing"),
        CheckConstraint("(kind = 'loan') = (loan_line_id IS NOT NULL)", name="loan_has_its_line"),
        CheckConstraint("kind <> 'reservation' OR line_id IS NOT NULL", name="reservation_has_its_line"),
        Index("uq_claims_open", "item_id", unique=True, sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_claims_planned", "product_id", "site_id", "until_on", "starts_on", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index("ix_claims_planned_at", "site_id", "until_on", "starts_on", "product_id", sqlite_where=PLANNED, postgresql_where=PLANNED),
        Index("ix_claims_open", "site_id", "product_id", "until_on", "starts_on", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_claims_live", "item_id", "until_on", sqlite_where=LIVE, postgresql_where=LIVE),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"))
    product_id: Mapped[int]
    site_id: Mapped[int]
    starts_on: Mapped[date]
    until_on: Mapped[date]
    due_on: Mapped[date | None]
    kind: Mapped[ClaimKind] = word_column(ClaimKind)
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    pinned: Mapped[bool] = mapped_column(default=False)
    loan_line_id: Mapped[int | None] = mapped_column(ForeignKey("loan_lines.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("reservation_lines.id"), index=True)
    """The line of the reservation that it is of; kept when it becomes a loan."""


_OVERLAPS = """
    SELECT RAISE(ABORT, 'ex_claims_no_overlap') WHERE NEW.ended_at IS NULL AND NEW.item_id IS NOT NULL AND EXISTS (
        SELECT 1 FROM claims WHERE item_id = NEW.item_id AND ended_at IS NULL{others}
        AND until_on > NEW.starts_on AND starts_on < NEW.until_on);
    SELECT RAISE(ABORT, 'ck_claims_not_too_long') WHERE NEW.kind = 'reservation' AND NEW.began_at IS NULL
        AND julianday(NEW.until_on) - julianday(NEW.starts_on) > {longest};
"""
_TOO_LONG = f"kind <> 'reservation' OR began_at IS NOT NULL OR until_on - starts_on <= {LONGEST}"

# The range of one thing must not be asked of none: `int4range(NULL, NULL)` is every thing there is.
_NO_OVERLAP = (
    "ALTER TABLE claims ADD CONSTRAINT ex_claims_no_overlap EXCLUDE USING gist (int4range(item_id, item_id, '[]') WITH &&, "
    "daterange(starts_on, until_on, '[)') WITH &&) WHERE (ended_at IS NULL AND item_id IS NOT NULL)"
)
_AT_INSERT = f"CREATE TRIGGER claims_insert BEFORE INSERT ON claims BEGIN{_OVERLAPS.format(others='', longest=LONGEST)}END"
_OTHERS = _OVERLAPS.format(others=" AND id <> OLD.id", longest=LONGEST)
_AT_UPDATE = f"CREATE TRIGGER claims_update BEFORE UPDATE ON claims BEGIN{_OTHERS}END"

CLAIMS_WALL: Statements = {
    "sqlite": (_AT_INSERT, _AT_UPDATE),
    "postgresql": (_NO_OVERLAP, f"ALTER TABLE claims ADD CONSTRAINT ck_claims_not_too_long CHECK ({_TOO_LONG})"),
}
