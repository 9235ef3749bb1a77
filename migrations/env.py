"""How Alembic reaches the database: the application's engine, and every model's table."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from refurb.kernel.deeds.database import CACHE_KIB, Base, Instant, db
from refurb.kernel.deeds.pieces import is_of_an_index

config = context.config

# A migration walks through whole tables: with the little memory of a connection that serves pages it would read them again and again.
ROOMY_KIB = 262_144


def _plain(kind: str, item: object, _context: object) -> str | bool:
    """Our column types as SQLAlchemy's own, so that a migration stays true when ours change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Instant) else False


def _is_described(_item: object, name: str | None, _kind: str, _reflected: bool, _other: object) -> bool:  # noqa: FBT001 - Alembic's own order
    return not is_of_an_index(name)


@contextmanager
def _remaking(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew, which its foreign keys would take for a deletion: off meanwhile, then checked.

    Said to the driver, since the pragma does nothing inside a transaction.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    driver.execute(f"PRAGMA cache_size = -{ROOMY_KIB}")
    yield
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise SystemExit("the migration leaves rows that point nowhere")
    connection.commit()
    driver.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    driver.execute("PRAGMA foreign_keys = ON")


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=_plain,
        include_object=_is_described,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with _remaking(connection), context.begin_transaction():
        context.run_migrations()


def _online() -> None:
    given = config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    with current_app.app_context(), db.engine.connect() as connection:
        _run(connection)
        connection.commit()


if context.is_offline_mode():
    raise SystemExit("migrations run against a database, not into a script")
_online()
