"""What a deed asks the database: every statement, prepared reads among them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from refurb.kernel.deeds import reads
from refurb.kernel.deeds.database import db


@contextmanager
def heard(app: Flask) -> Iterator[list[str]]:
    """The statements of a block, in their order."""
    told: list[str] = []
    with app.app_context():
        engine = db.engine

    def hear(*asked: Any) -> None:
        told.append(asked[2])

    real = reads._on

    def prepared(connection: Any, dialect: Any, text: str, *more: Any) -> Any:
        told.append(text)
        return real(connection, dialect, text, *more)

    event.listen(engine, "before_cursor_execute", hear)
    reads._on = prepared
    try:
        yield told
    finally:
        reads._on = real
        event.remove(engine, "before_cursor_execute", hear)
