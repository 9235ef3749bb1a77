"""What is stored of a workshop that is still being written: one draft for each account, until it is sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base


class WorkshopDraft(Base):
    """What somebody has typed so far, field by field."""

    __tablename__ = "workshop_drafts"
    KIND = "workshop_draft"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), primary_key=True, autoincrement=False)
    typed: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
