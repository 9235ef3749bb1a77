"""What the database holds beside the models' tables: the triggers, by dialect, in the order they are made."""

from collections.abc import Sequence

from sqlalchemy import Connection, text

Statements = dict[str, tuple[str, ...]]


def install(connection: Connection, parts: Sequence[Statements]) -> None:
    """Run the statements of each part for the connection's dialect."""
    for part in parts:
        for statement in part[connection.dialect.name]:
            connection.execute(text(statement.replace(":", "\\:")))
