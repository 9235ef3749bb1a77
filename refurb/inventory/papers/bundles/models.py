"""A ZIP of papers while it is made, and for some days after."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from refurb.kernel.deeds.database import Base
from refurb.kernel.deeds.progress import Work


class Bundle(Base):
    """The papers about one subject as they stood together; `holds` tells which they are, so that the same ones are packed once.

    `file` is the SHA-256 of what is packed so far, whole once the work is done; it grows, and is written anew each time.
    """

    __tablename__ = "bundles"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_id", "holds"),
        CheckConstraint("size >= 0", name="size_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[int]
    holds: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(80))
    work_id: Mapped[int | None] = mapped_column(ForeignKey("works.id"))
    file: Mapped[str | None] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]

    work: Mapped[Work | None] = relationship()

    @property
    def is_ready(self) -> bool:
        """Whether all of it is packed."""
        return self.file is not None and self.work is not None and self.work.state == "done"
