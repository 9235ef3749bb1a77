"""The declaration of accessibility, one row a version."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.reachable import email_column, phone_column


class AccessibilityDeclaration(Base):
    """What the territory declares from `saved_at` on; the highest `number` is in force.

    An audit is whole or absent: its day, who did it, how many of the criteria that apply (RGAA 4.1.2 has 106) are met.
    """

    __tablename__ = "accessibility_declarations"
    KIND = "accessibility_declaration"
    __table_args__ = (
        UniqueConstraint("number"),
        CheckConstraint("number > 0", name="numbers_begin_at_one"),
        CheckConstraint("(audited_on IS NULL) = (audited_by IS NULL)", name="audit_is_somebodys"),
        CheckConstraint("(audited_on IS NULL) = (criteria_met IS NULL)", name="audit_counts_what_is_met"),
        CheckConstraint("(criteria_met IS NULL) = (criteria_applicable IS NULL)", name="audit_counts_what_applies"),
        CheckConstraint("criteria_met IS NULL OR criteria_met BETWEEN 0 AND criteria_applicable", name="no_more_met_than_apply"),
        CheckConstraint("criteria_applicable IS NULL OR criteria_applicable BETWEEN 1 AND 106", name="criteria_of_the_rgaa"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    saved_at: Mapped[datetime]
    saved_by: Mapped[int | None]
    declared_on: Mapped[date]
    audited_on: Mapped[date | None]
    audited_by: Mapped[str | None] = mapped_column(String(200))
    criteria_met: Mapped[int | None]
    criteria_applicable: Mapped[int | None]
    shortcomings: Mapped[str | None] = mapped_column(String(4000))
    exemptions: Mapped[str | None] = mapped_column(String(4000))
    out_of_scope: Mapped[str | None] = mapped_column(String(4000))
    environment: Mapped[str | None] = mapped_column(String(2000))
    plan_url: Mapped[str | None] = mapped_column(String(400))
    contact_email: Mapped[str | None] = email_column()
    contact_phone: Mapped[str | None] = phone_column()
