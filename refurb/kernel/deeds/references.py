"""The references people say on the telephone: DN-2026-0001, counted by kind and year."""

from functools import cache
from typing import Any

from sqlalchemy import String, bindparam
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, db, insert_into
from refurb.kernel.speech.clock import today


class ReferenceCounter(Base):
    """The last number given in a series; its row is held until the unit of work that took a number ends."""

    __tablename__ = "reference_counters"

    series: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int]


def next_reference(prefix: str) -> str:
    """The next reference of a kind in this year, such as DN-2026-0001 for DN.

    Whoever asks at the same moment waits for the unit of work that asked first; a unit that is rolled back gives its number back, so that
    none is missing.
    """
    series = f"{prefix}-{today().year}"
    taken = db.session.scalar(_taking(db.engine.dialect.name), {"series": series})
    return f"{series}-{taken:04d}"


@cache
def _taking(_dialect: str) -> Any:
    """The statement that takes a number, worked out once for each database in use."""
    first = insert_into(ReferenceCounter).values(series=bindparam("series"), last=1)
    again = first.on_conflict_do_update(index_elements=["series"], set_={"last": ReferenceCounter.last + 1})
    return again.returning(ReferenceCounter.last)
