"""The workers' sign of life: when any of them was last seen at work, in the database, where every process of the service reads it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, String, db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now

WORKER: Final = "worker"
EVERY: Final = timedelta(seconds=30)
"""However many workers there are, they write no more often than this."""


class Heartbeat(Base):
    """When something that goes on by itself was last seen at work; None before its first time. The migrations write its one row."""

    __tablename__ = "heartbeats"
    KIND = "heartbeat"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime | None]


def last_beat() -> datetime | None:
    """When a worker was last seen at work; None when none ever was."""
    return db.session.scalar(select(Heartbeat.at).where(Heartbeat.name == WORKER))


def beat() -> None:
    """Note that a worker is at work, unless one was seen just now."""
    last = last_beat()
    db.session.rollback()
    if last is None or not timedelta(0) <= now() - last < EVERY:
        with unit_of_work() as session:
            session.execute(update(Heartbeat).where(Heartbeat.name == WORKER).values(at=now()))
