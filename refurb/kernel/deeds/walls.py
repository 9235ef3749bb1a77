"""What the database holds beside the models' tables: the triggers, by dialect, in the order they are made."""

import re
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, text

Statements = dict[str, tuple[str, ...]]


def statements_in(folder: Path, name: str) -> Statements:
    """The statements of NAME.sqlite.sql and NAME.postgresql.sql, each below a line that names it (`-- trigger events_no_update`)."""
    return {dialect: _split((folder / f"{name}.{dialect}.sql").read_text(encoding="utf-8")) for dialect in ("sqlite", "postgresql")}


def _split(script: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in re.split(r"^-- .*$", script, flags=re.MULTILINE) if each.strip())


def install(connection: Connection, parts: Sequence[Statements]) -> None:
    """Run the statements of each part for the connection's dialect."""
    for part in parts:
        for statement in part[connection.dialect.name]:
            connection.execute(text(statement.replace(":", "\\:")))
