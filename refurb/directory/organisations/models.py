"""Conventions with organisations, and the wall that keeps merged records from leading in a circle."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
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
