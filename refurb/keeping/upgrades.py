"""Bring the database to this release's migrations, with a copy of what it was before.

The copy holds database, history and settings; the files are never changed by a migration and stay where they are. Each migration is one
transaction: an upgrade that is killed leaves the database at one of them, and goes on from there when it is called again.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import inspect, text

from refurb.keeping.backups import BackupOrder, forget_old, make_backup, settings_of_instance
from refurb.kernel.deeds.database import db

COPIES = 3
"""Copies of before an upgrade that are kept."""
_TURN = 7_265_667_562
"""By which number PostgreSQL knows whose turn it is to change the tables of a database."""


def revision_now() -> str | None:
    """The migration at which the database is; None when it has no tables."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def revisions_known() -> list[str]:
    """The migrations of this release, the newest first."""
    scripts = ScriptDirectory(current_app.extensions["migrate"].directory)
    return [each.revision for each in scripts.walk_revisions()]


@contextmanager
def alone_with_tables() -> Iterator[None]:
    """Be the only one who changes the tables: nodes that begin at once wait in turn, and for what a killed one still has the server do."""
    if db.engine.dialect.name == "sqlite":
        folder = os.open(settings_of_instance().home, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield
        finally:
            os.close(folder)
        return
    from psycopg import connect  # noqa: PLC0415 - PostgreSQL's driver

    # Not from our engine, which is let go of in between: as long as this connection stands, it is nobody else's turn.
    url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with closing(connect(url, autocommit=True)) as server:
        server.execute("SELECT pg_advisory_lock(%s)", [_TURN])
        yield


def upgrade_with_copy(*, copy: bool = True) -> Path | None:
    """Copy the database where it is not empty and not yet at the newest migration, then migrate it; where the copy is, if one was made.

    Raises the refusals of `make_backup`: without a copy nothing is migrated.
    """
    with alone_with_tables():
        now_at, newest = revision_now(), revisions_known()[0]
        made = None
        if now_at not in (None, newest) and copy:
            order = BackupOrder(settings_of_instance().backups, why=f"upgrade-{now_at}", files="home")
            made = make_backup(order)
            forget_old(order.folder, COPIES, why="upgrade")
        upgrade()
        return made
