"""What `make run` does once there is an environment: settings, database, demonstration, then the server in its place.

Each of the commands that prepare an installation loads the whole application. Where a glance at the database shows that
they would find nothing to do, they are not called, and a warm start is answered within two seconds.
"""

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Final

from config.first_start import prepare_demo, remember
from config.settings import CHECKOUT, SettingError, Settings, home_of, keep_private, refuse_unfinished

BIN: Final = Path(sys.executable).parent
SQLITE: Final = "sqlite:///"
TOLD: Final = "demo.txt"


def head_of(revisions: Iterable[str]) -> str | None:
    """The newest revision among the texts of migration files; None when they do not end in exactly one."""
    found = set[str]()
    followed = set[str]()
    for text in revisions:
        found.update(re.findall(r"^revision\b[^=]*= *[\"'](\w+)", text, re.MULTILINE))
        followed.update(re.findall(r"^down_revision\b[^=]*= *[\"'](\w+)", text, re.MULTILINE))
    heads = found - followed
    return heads.pop() if len(heads) == 1 else None


def is_migrated(settings: Settings, migrations: Path) -> bool:
    """Whether the database is certainly at the newest migration; of PostgreSQL nothing is certain from here."""
    database = Path(settings.database_url.removeprefix(SQLITE).partition("?")[0])
    if not settings.database_url.startswith(SQLITE) or not database.is_file():
        return False
    head = head_of(each.read_text(encoding="utf-8") for each in (migrations / "versions").glob("*.py"))
    try:
        with closing(sqlite3.connect(database)) as connection:
            return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(head,)]
    except sqlite3.DatabaseError:
        return False


def told_before(settings: Settings) -> str | None:
    """What the demonstration said when it was filled, if it said it for the same address."""
    told = settings.home / TOLD
    text = told.read_text(encoding="utf-8") if told.is_file() else ""
    return text if re.search(rf"{re.escape(settings.base_url)}(?![\w.:-])", text) else None


def prepare(settings: Settings) -> None:
    """Bring the database up to date and, in a demonstration, fill it and say who may sign in."""
    migrated = is_migrated(settings, CHECKOUT / "migrations")
    if not migrated:
        subprocess.run([BIN / "refurb", "upgrade"], check=True)
    if settings.demo:
        text = told_before(settings) if migrated else None
        if text is None:
            text = subprocess.run([BIN / "refurb", "demo"], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
            (settings.home / TOLD).write_text(text, encoding="utf-8")
        sys.stdout.write(text)
        sys.stdout.flush()


def main() -> None:
    """Prepare, then become the server; a wrong setting or a failed command ends here with status 2."""
    try:
        refuse_unfinished(home_of(os.environ))
        prepare_demo(os.environ)
        settings = Settings.read(os.environ)
        keep_private(settings.home, settings.database_url)
        remember(settings.home, is_real=not settings.demo)
        prepare(settings)
    except (SettingError, OSError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"refurb: {error}\n")
        sys.exit(2)
    gunicorn = str(BIN / "gunicorn")
    os.execv(gunicorn, [gunicorn, "--config", str(CHECKOUT / "config" / "gunicorn.conf.py")])  # noqa: S606 - no shell


if __name__ == "__main__":
    main()
