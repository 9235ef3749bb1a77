"""The keys under which something was done, and what was answered; kept for a day."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import LargeBinary, delete
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, String
from refurb.kernel.deeds.forgetting import forgets
from refurb.kernel.deeds.unit_of_work import unit_of_work
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


@forgets(_l("Personne qui envoie un formulaire"), _l("réponse à un formulaire envoyé, rendue telle quelle s'il arrive deux fois"), KEPT_FOR)
def forget_old_keys() -> int:
    """Drop the keys nobody will repeat any more; returns how many."""
    with unit_of_work() as session:
        done: Any = session.execute(delete(AnsweredKey).where(AnsweredKey.at < now() - KEPT_FOR))
        return int(done.rowcount)
