"""Making the words by which devices are found anew, and comparing them with what the devices say."""

from collections.abc import Iterator

from sqlalchemy import select, text, update

from refurb.inventory.devices.actions.devices import words_of
from refurb.inventory.devices.queries.found import DEVICE_PIECES
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import PieceIndex, can_index, match_of
from refurb.kernel.deeds.walls import install
from refurb.kernel.speech.codes import spell

AT_ONCE = 5_000
_READ = (Device.id, Device.code, Device.manufacturer, Device.model, Device.serial, Device.search)


def rebuild_words(after: int) -> tuple[int | None, int]:
    """Write the words of the next devices after this id, where they are not what the device says.

    Answers the last id looked at, None when there are no more, and how many were written.
    """
    rows = db.session.execute(select(*_READ).where(Device.id > after).order_by(Device.id).limit(AT_ONCE)).all()
    stale = [{"id": row.id, "search": words_of(row)} for row in rows if row.search != words_of(row)]
    if stale:
        db.session.execute(update(Device), stale)
    return (rows[-1].id if rows else None), len(stale)


def rebuild_index(index: PieceIndex = DEVICE_PIECES) -> bool:
    """Make an index of the pieces of words anew; False where the database can hold none."""
    connection = db.session.connection()
    if not can_index(connection):
        return False
    install(connection, (index.unmade, index.made, index.filled))
    return True


def stale_words() -> Iterator[str]:
    """The codes of the devices that are not found by what they say: the words are others, or their pieces are not in the index."""
    indexed = DEVICE_PIECES.is_there(db.session.connection())
    after: int | None = 0
    while after is not None:
        rows = db.session.execute(select(*_READ).where(Device.id > after).order_by(Device.id).limit(AT_ONCE)).all()
        yield from (spell(row.code) for row in rows if row.search != words_of(row) or (indexed and not _is_indexed(row.id, row.search)))
        after = rows[-1].id if rows else None


def _is_indexed(device_id: int, words: str) -> bool:
    query = text("SELECT 1 FROM device_pieces WHERE device_pieces MATCH :match AND rowid = :id")
    return db.session.execute(query, {"match": match_of(words.split()), "id": device_id}).first() is not None
