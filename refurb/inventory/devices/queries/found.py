"""Finding devices by what somebody typed: a whole serial number, or parts of code, maker, model and serial number in any order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select, text

from refurb.inventory.models.devices import Device
from refurb.inventory.readers.serials import spellings_of
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import PieceIndex, has_pieces, holds, match_of, squeezed_words
from refurb.kernel.speech.folding import squeeze
from refurb.kernel.web.search import PER_PAGE, Page

DEVICE_PIECES = PieceIndex("devices", "search", "device")
# Beyond so many a search is not counted further: nobody reads them, and whoever typed it types one more word.
COUNTED = 1000
# A serial number is taken for a whole one from so many signs on; shorter ones are parts of too many things.
SHORTEST_SERIAL = 7


def few_found(typed: str, *, with_joined: bool = False) -> list[int] | None:
    """The ids of the devices that were meant, the newest first; None where there are more than `COUNTED`.

    A whole serial number means its device, even where it is a part of another's.
    """
    ids = _with_serial(typed) or _holding(squeezed_words(typed), COUNTED + 1, with_joined=with_joined)
    return sorted(ids, reverse=True) if len(ids) <= COUNTED else None


def page_found(typed: str, few: list[int] | None, filters: Sequence[ColumnElement[bool]], number: int) -> Page:
    """One page of the ids of the devices that were meant and that the filters leave, the newest first; `few` is what `few_found` says."""
    if few is None:
        return _page_of_many(squeezed_words(typed), filters, number)
    if filters and few:
        few = sorted(db.session.scalars(select(Device.id).where(Device.id.in_(few), *filters)), reverse=True)
    number = min(number, max(1, -(-len(few) // PER_PAGE)))
    return Page(few[(number - 1) * PER_PAGE : number * PER_PAGE], number, len(few))


def _page_of_many(words: list[str], filters: Sequence[ColumnElement[bool]], number: int) -> Page:
    counted = _count_some(words, filters) if filters else COUNTED + 1
    if counted <= COUNTED:
        number = min(number, max(1, -(-counted // PER_PAGE)))
        return Page(_newest(words, filters, PER_PAGE, number), number, counted)
    ids = _newest(words, filters, PER_PAGE + 1, number)
    if not ids:
        number = COUNTED // PER_PAGE
        ids = _newest(words, filters, PER_PAGE + 1, number)
    if len(ids) > PER_PAGE:
        return Page(ids[:PER_PAGE], number, max(COUNTED, number * PER_PAGE), more=True)
    return Page(ids, number, (number - 1) * PER_PAGE + len(ids))


def newest_found(typed: str, most: int, *, with_joined: bool = False) -> Sequence[int]:
    """The ids of the newest devices that were meant."""
    few = few_found(typed, with_joined=with_joined)
    return few[:most] if few is not None else _holding(squeezed_words(typed), most, newest=True, with_joined=with_joined)


def _with_serial(typed: str) -> Sequence[int]:
    word = typed.strip()
    bare = squeeze(word)
    if len(bare) < SHORTEST_SERIAL or bare.isalpha():
        return ()
    return db.session.scalars(select(Device.id).where(Device.serial.in_(spellings_of(word)))).all()


def _count_some(words: list[str], filters: Sequence[ColumnElement[bool]]) -> int:
    some = select(Device.id).where(Device.merged_into_id.is_(None), holds(Device.search, words), *filters).limit(COUNTED + 1)
    return db.session.scalar(select(func.count()).select_from(some.subquery())) or 0


def _newest(words: list[str], filters: Sequence[ColumnElement[bool]], most: int, number: int) -> Sequence[int]:
    first = (number - 1) * PER_PAGE
    if not filters:
        return _holding(words, most, first, newest=True)
    query = select(Device.id).where(Device.merged_into_id.is_(None), holds(Device.search, words), *filters)
    return db.session.scalars(query.order_by(Device.id.desc()).limit(most).offset(first)).all()


def _holding(words: list[str], most: int, first: int = 0, *, newest: bool = False, with_joined: bool = False) -> Sequence[int]:
    """The ids of devices that hold all the words, as many as asked for; where the pieces say to look, if there is an index of them."""
    match = match_of(words)
    if match and has_pieces(DEVICE_PIECES):
        return _by_pieces(words, match, most, first, newest=newest, with_joined=with_joined)
    query = select(Device.id).where(holds(Device.search, words)).limit(most).offset(first)
    query = query if with_joined else query.where(Device.merged_into_id.is_(None))
    return db.session.scalars(query.order_by(Device.id.desc()) if newest else query).all()


def _by_pieces(words: list[str], match: str, most: int, first: int, *, newest: bool, with_joined: bool) -> Sequence[int]:
    # In this order of the tables, whatever SQLite thinks of it: the rows come by number already, so that it can stop at the last asked
    # for. Backwards costs more where one piece is common and another rare, so only where the newest of many are wanted.
    told = {f"word_{number}": f"%{word}%" for number, word in enumerate(words)}
    conditions = ["device_pieces MATCH :match", *(f"device.search LIKE :{name}" for name in told)]
    conditions += [] if with_joined else ["device.merged_into_id IS NULL"]
    order = " ORDER BY device_pieces.rowid DESC" if newest else ""
    tables = "device_pieces CROSS JOIN devices AS device ON device.id = device_pieces.rowid"
    query = f"SELECT device.id FROM {tables} WHERE {' AND '.join(conditions)}{order} LIMIT :most OFFSET :first"  # noqa: S608 - no value from outside
    values: dict[str, Any] = {**told, "match": match, "most": most, "first": first}
    # As one text: a thousand rows brought one by one cost more than finding them.
    told_ids = db.session.scalar(text(f"SELECT group_concat(id) FROM ({query})"), values)  # noqa: S608 - as above
    return [int(each) for each in told_ids.split(",")] if told_ids else []
