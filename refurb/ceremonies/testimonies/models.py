"""What is stored of testimonies: the words, whether their author has approved them, and where they are picked for."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.ceremonies.consents.models import Consent
from refurb.kernel.deeds.database import Base

MOST_SIGNS = 1200


class Testimony(Base):
    """The words of one person. `typed_by` is the account that typed them for her, None where she wrote them herself.

    They are hers once she has approved them as they stand; a changed word asks her again. `is_picked`: chosen for the ceremony's report.
    """

    __tablename__ = "ceremony_testimonies"
    KIND = "ceremony_testimony"
    STANDS_WITH = "consent"
    __table_args__ = (CheckConstraint("approved_at IS NULL OR refused_at IS NULL", name="yes_or_no"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("ceremony_consents.id"), index=True)
    words: Mapped[str] = mapped_column(String(MOST_SIGNS))
    said_on: Mapped[date]
    typed_by: Mapped[int | None]
    approved_at: Mapped[datetime | None]
    by_link: Mapped[bool] = mapped_column(default=False, server_default=false())
    refused_at: Mapped[datetime | None]
    is_picked: Mapped[bool] = mapped_column(default=False, server_default=false())
    forgotten_at: Mapped[datetime | None]

    consent: Mapped[Consent] = relationship()

    @property
    def awaits_answer(self) -> bool:
        """Whether its author has said neither yes nor no to it as it stands."""
        return self.approved_at is None and self.refused_at is None and self.forgotten_at is None
