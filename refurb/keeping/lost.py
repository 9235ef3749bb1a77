"""Which uploads, drawings and papers the rows name that are not in the storage."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Column, String, select

from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.files import kept_files

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


def file_columns() -> list[Column[str]]:
    """The columns that hold the SHA-256 of a stored file: those of its length, less those that are known to hold something else."""
    columns = (column for table in Base.metadata.sorted_tables for column in table.columns)
    return [each for each in columns if isinstance(each.type, String) and each.type.length == SUM_LENGTH and each.name not in NOT_FILES]


def lost_files() -> Iterator[str]:
    """Each file that a row names and that is not there, by the table and the column."""
    kept = {bytes.fromhex(each.digest) for each in kept_files()}  # In one go: a bucket answers a question in some hundredths of a second.
    for column in file_columns():
        for digest in db.session.scalars(select(column).where(column.is_not(None)).distinct()):
            if bytes.fromhex(digest) not in kept:
                yield f"missing_file: {column.table.name}.{column.name} {digest[:12]}"
