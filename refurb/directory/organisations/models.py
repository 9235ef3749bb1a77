"""Conventions with organisations; mergers with what they moved, and the wall that keeps merged records from leading in a circle."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.directory.models import Organisation
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.database import Base, word_column


class Convention(Base):
    """What was agreed with an organisation, for how long: in preparation until it is signed; both days belong to it.

    One that was entered by mistake is voided and counts for nothing; one that ends early has an earlier last day.
    """

    __tablename__ = "conventions"
    KIND = "convention"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("signed_on IS NULL OR starts_on IS NOT NULL", name="signed_has_a_first_day"),
        CheckConstraint("signed_copy IS NULL OR signed_on IS NOT NULL", name="signed_copy_is_signed"),
        CheckConstraint("(signed_copy IS NULL) = (signed_copy_pages IS NULL)", name="signed_copy_is_measured"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[ConventionKind] = word_column(ConventionKind)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None] = mapped_column(index=True)
    signed_on: Mapped[date | None]
    # The PDF of what was signed, as it was sent: its SHA-256, and how many pages it has.
    signed_copy: Mapped[str | None] = mapped_column(String(64))
    signed_copy_pages: Mapped[int | None]
    voided_at: Mapped[datetime | None]
    # At how many days before the end the coordination was last reminded.
    reminded_at_days: Mapped[int | None]
    created_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()

    def is_in_force(self, day: date) -> bool:
        """Whether it is signed, and the day lies in it."""
        return (
            self.voided_at is None
            and self.signed_on is not None
            and self.starts_on is not None
            and self.starts_on <= day
            and (self.ends_on is None or day <= self.ends_on)
        )


class Merger(Base):
    """One record that was merged into another: what it was before, and when the two were parted again. It holds numbers, and no name."""

    __tablename__ = "mergers"
    __table_args__ = (
        CheckConstraint("gone_id <> into_id", name="two_records"),
        Index(
            "uq_mergers_gone",
            "gone_id",
            unique=True,
            sqlite_where=text("parted_at IS NULL"),
            postgresql_where=text("parted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    into_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    merged_at: Mapped[datetime]
    # What the one that went had, and has no longer.
    archived_at: Mapped[datetime | None]
    siren: Mapped[str | None] = mapped_column(String(9))
    rna: Mapped[str | None] = mapped_column(String(10))
    # The columns that the one that stands took over; the values are those of the other record, which nobody corrects.
    taken: Mapped[list[Any]]
    parted_at: Mapped[datetime | None]

    gone: Mapped[Organisation] = relationship(foreign_keys=gone_id)
    into: Mapped[Organisation] = relationship(foreign_keys=into_id)


class MergerRow(Base):
    """A row that a merger moved; or, where both records had one of the same, that of the one that stands (`is_twin`)."""

    __tablename__ = "merger_rows"
    __table_args__ = (UniqueConstraint("merger_id", "table_name", "column_name", "row_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    merger_id: Mapped[int] = mapped_column(ForeignKey("mergers.id"))
    table_name: Mapped[str] = mapped_column(String(48))
    column_name: Mapped[str] = mapped_column(String(48))
    row_id: Mapped[int]
    # What says that a row of this number is still that row: a number that was freed may be given again.
    mark: Mapped[str] = mapped_column(String(56))
    is_twin: Mapped[bool] = mapped_column(default=False)


# A record is merged into one that stands, and none that was merged into this one stays behind: so every chain has one link.
_CROOKED = (
    "NEW.merged_into_id IS NOT NULL AND ("
    "EXISTS (SELECT 1 FROM organisations AS target WHERE target.id = NEW.merged_into_id AND target.merged_into_id IS NOT NULL) "
    "OR EXISTS (SELECT 1 FROM organisations AS earlier WHERE earlier.merged_into_id = NEW.id))"
)
MERGE_WALL: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            f"CREATE TRIGGER organisations_merge BEFORE UPDATE OF merged_into_id ON organisations WHEN {_CROOKED} "
            "BEGIN SELECT RAISE(ABORT, 'organisations_merge'); END"
        ),
    ),
    "postgresql": (
        (
            f"CREATE FUNCTION organisations_merge() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {_CROOKED} THEN "
            "RAISE EXCEPTION 'organisations_merge' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$"
        ),
        (
            "CREATE TRIGGER organisations_merge BEFORE UPDATE OF merged_into_id ON organisations FOR EACH ROW "
            "EXECUTE FUNCTION organisations_merge()"
        ),
    ),
}
