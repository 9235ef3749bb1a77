"""The keys under which something was done, and what was answered; kept for a day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, String
from refurb.kernel.deeds.terms import Term
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l

KEPT_FOR = timedelta(days=1)


class AnsweredKey(Base):
    """A key under which something was done, and what was answered."""

    __tablename__ = "answered_keys"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)
    status: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


forget_old_keys = Term(
    key="answered_keys",
    who=_l("Personne qui envoie un formulaire"),
    what=_l("réponse à un formulaire envoyé, rendue telle quelle s'il arrive deux fois"),
    lasts=KEPT_FOR,
    model=AnsweredKey,
    past=lambda: AnsweredKey.at < now() - KEPT_FOR,
    hourly=True,
)
