"""Which uploads, drawings and papers the rows name that are not in the storage."""

from collections.abc import Iterator

from sqlalchemy import select

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import file_columns, still_there
from refurb.kernel.deeds.files import kept_files


def lost_files() -> Iterator[str]:
    """Each file that a row names and that is not there, by the table and the column; what was erased at its term is not lost."""
    kept = {bytes.fromhex(each.digest) for each in kept_files()}  # In one go: a bucket answers a question in some hundredths of a second.
    for column in file_columns():
        for digest in db.session.scalars(select(column).where(column.is_not(None), still_there(column)).distinct()):
            if bytes.fromhex(digest) not in kept:
                yield f"missing_file: {column.table.name}.{column.name} {digest[:12]}"
