"""Files whose term is past: noted within the unit that forgets the rows, taken from the storage once no row needs them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, String, delete, select, true
from sqlalchemy.orm import Mapped, mapped_column

from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.files import take_away
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now

SUM_LENGTH: Final = 64
NOT_FILES: Final = frozenset(
    {
        "digest",
        "previous",
        "content_digest",
        "key",
        "asked",
        "source",
        "lane",
        "signature",
        "batch",
        "form",
        "tool",
        "tool_version",
        "binding",
        "picture",
    }
)
"""Columns of that length that name no file: sums of something else, and words (a `picture` is one of the drawings of ours)."""
FORGOTTEN: Final = "forgotten_at"
"""A row in which this is set names a file only by its sum: the file is gone, at its term."""
_AT_ONCE: Final = 50


class FileToErase(Base):
    """A file that some row has let go, still in the storage."""

    __tablename__ = "files_to_erase"

    digest: Mapped[str] = mapped_column(String(SUM_LENGTH), primary_key=True)
    noted_at: Mapped[datetime]


def file_columns() -> list[Column[str]]:
    """The columns that hold the SHA-256 of a stored file: those of its length, less those that are known to hold something else."""
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    sums = (each for each in columns if isinstance(each.type, String) and each.type.length == SUM_LENGTH)
    return [each for each in sums if each.name not in NOT_FILES]


def still_there(column: Column[Any]) -> ColumnElement[bool]:
    """Of the rows that name a file, those whose file is to be in the storage."""
    gone = column.table.columns.get(FORGOTTEN)
    return true() if gone is None else gone.is_(None)


def let_go(digests: Iterable[str | None]) -> None:
    """Note files that a row needs no more, within a unit of work; they go once no other row needs them either."""
    told = {each for each in digests if each}
    for digest in sorted(told - set(db.session.scalars(select(FileToErase.digest).where(FileToErase.digest.in_(told))))):
        db.session.add(FileToErase(digest=digest, noted_at=now()))
    db.session.flush()


def _needed(digests: list[str]) -> Iterator[str]:
    for column in file_columns():
        yield from db.session.scalars(select(column).where(column.in_(digests), still_there(column)).distinct())


def erase_files() -> int:
    """Take some of the files that were let go from the storage, in a unit of its own; how many were looked at, none when none are left.

    The storage first, then the row: what is interrupted is done again, and nothing stays.
    """
    with unit_of_work():
        some = list(db.session.scalars(select(FileToErase.digest).order_by(FileToErase.digest).limit(_AT_ONCE).with_for_update()))
        needed = set(_needed(some)) if some else set()
        for digest in some:
            if digest not in needed:
                take_away(digest)
        db.session.execute(delete(FileToErase).where(FileToErase.digest.in_(some)))
    return len(some)
