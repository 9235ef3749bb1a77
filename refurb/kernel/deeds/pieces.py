"""Finding rows by any part of the words they are known by, however many rows there are: by an index of the words' pieces.

A column holds each thing's words *squeezed* (`squeeze`): without case, accents, dashes, blanks or any other sign, words apart by one space.
What is typed is squeezed too, so that `TX42-ZC`, `think-pad` and `sn 0000 0012` find what is written otherwise. On SQLite an FTS5 table
holds the pieces of three and of five letters of every word, written by triggers in the transaction that writes the row; a part of five
letters is rare even among serial numbers that all begin alike, which one of three is not. On PostgreSQL `pg_trgm` does the same where
the server has it. Without either, rows are read until enough are found. The column itself is always asked too: pieces only say where
to look.
"""

# ruff: noqa: S608 - names of our own tables and columns are put into the statements; no value from outside is.

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, false, text

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.folding import fold, squeeze

SIZES = (3, 5)
# Words beyond these narrow nothing any more.
MOST_WORDS = 8
LONGEST = 800


def squeezed_words(typed: str) -> list[str]:
    """The words of what somebody typed, squeezed; signs that stand alone say nothing."""
    return [word for word in map(squeeze, fold(typed).split()[:MOST_WORDS]) if word]


def holds(column: Any, words: Iterable[str]) -> ColumnElement[bool]:
    """Rows whose squeezed words hold every one of these; none where there is no word.

    There is nothing to escape in a squeezed word, and an ESCAPE would keep PostgreSQL from its index.
    """
    conditions = [column.like(f"%{word}%") for word in words]
    return and_(*conditions) if conditions else false()


def pieces_of(word: str) -> list[str]:
    """The pieces by which a word is looked up, each once; none of a word of one or two letters, which only narrows what others find."""
    size = next((size for size in sorted(SIZES, reverse=True) if len(word) >= size), 0)
    return list(dict.fromkeys(word[at : at + size] for at in range(len(word) - size + 1))) if size else []


def match_of(words: Iterable[str]) -> str:
    """The words as an FTS5 query: every piece of each; empty where no word has any."""
    return " ".join(f'"{piece}"' for word in words for piece in pieces_of(word))


@dataclass(frozen=True)
class PieceIndex:
    """The index of one column of squeezed words, and how each database makes it."""

    table: str
    column: str
    singular: str

    @property
    def name(self) -> str:
        """What its table on SQLite is called."""
        return f"{self.singular}_pieces"

    @property
    def trigram(self) -> str:
        """What its index on PostgreSQL is called."""
        return f"ix_{self.table}_{self.column}_pieces"

    def _cut(self, words: str) -> str:
        """The pieces of some words, in SQL."""
        piece = f"substr({words}, place, size)"
        return (
            f"coalesce((SELECT group_concat({piece}, ' ') FROM {self.name}_places "
            f"WHERE place <= length({words}) AND place + size <= length({words}) + 1 AND instr({piece}, ' ') = 0), '')"
        )

    def _take_out(self) -> str:
        return f"INSERT INTO {self.name} ({self.name}, rowid, pieces) VALUES ('delete', OLD.id, {self._cut(f'OLD.{self.column}')})"

    def _put_in(self) -> str:
        return f"INSERT INTO {self.name} (rowid, pieces) VALUES (NEW.id, {self._cut(f'NEW.{self.column}')})"

    @property
    def made(self) -> dict[str, tuple[str, ...]]:
        """The statements that make it, empty, by dialect."""
        name, table, column = self.name, self.table, self.column
        return {
            "sqlite": (
                f"CREATE TABLE {name}_places (size INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (place, size)) WITHOUT ROWID",
                (
                    f"INSERT INTO {name}_places (size, place) WITH RECURSIVE places (place) AS "
                    f"(VALUES (1) UNION ALL SELECT place + 1 FROM places WHERE place < {LONGEST}) "
                    f"SELECT size, place FROM places, (SELECT {SIZES[0]} AS size UNION ALL SELECT {SIZES[1]})"
                ),
                f"CREATE VIRTUAL TABLE {name} USING fts5 (pieces, content = '', tokenize = 'ascii', detail = none)",
                f"CREATE TRIGGER {name}_insert AFTER INSERT ON {table} BEGIN {self._put_in()}; END",
                (
                    f"CREATE TRIGGER {name}_update AFTER UPDATE OF {column} ON {table} WHEN NEW.{column} <> OLD.{column} "
                    f"BEGIN {self._take_out()}; {self._put_in()}; END"
                ),
                f"CREATE TRIGGER {name}_delete AFTER DELETE ON {table} BEGIN {self._take_out()}; END",
            ),
            # Whoever may not create the extension, or has a server without it, searches without.
            "postgresql": (
                (
                    "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; "
                    f"CREATE INDEX IF NOT EXISTS {self.trigram} ON {table} USING gin ({column} gin_trgm_ops); "
                    "EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'no index for searching: %', SQLERRM; END $$"
                ),
            ),
        }

    @property
    def unmade(self) -> dict[str, tuple[str, ...]]:
        """The statements that take it away."""
        triggers = (f"DROP TRIGGER IF EXISTS {self.name}_{deed}" for deed in ("insert", "update", "delete"))
        return {
            "sqlite": (*triggers, f"DROP TABLE IF EXISTS {self.name}", f"DROP TABLE IF EXISTS {self.name}_places"),
            "postgresql": (f"DROP INDEX IF EXISTS {self.trigram}",),
        }

    @property
    def filled(self) -> dict[str, tuple[str, ...]]:
        """The statements that write into it what the rows say; PostgreSQL does so by itself."""
        fill = f"INSERT INTO {self.name} (rowid, pieces) SELECT id, {self._cut(self.column)} FROM {self.table}"
        return {"sqlite": (fill,), "postgresql": ()}

    def is_there(self, connection: Connection) -> bool:
        """Whether this database has it; on PostgreSQL that is the planner's business."""
        if connection.dialect.name != "sqlite":
            return False
        return connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = :name"), {"name": self.name}).first() is not None


# Looking for the table at each search would cost as much as some searches; it never goes away under a running service.
_indexed: set[tuple[Engine, str]] = set()


def has_pieces(index: PieceIndex) -> bool:
    """Whether the database at work has this index to ask."""
    here = (db.engine, index.name)
    if here not in _indexed and index.is_there(db.session.connection()):
        _indexed.add(here)
    return here in _indexed


def ids_holding(index: PieceIndex, words: list[str], most: int) -> list[int]:
    """The ids of rows whose words hold every one of these, as many as asked for at most; by the pieces, where there is an index of them."""
    told = {f"word_{number}": f"%{word}%" for number, word in enumerate(words)}
    if not told:
        return []
    match = match_of(words)
    conditions, tables = [f"own.{index.column} LIKE :{name}" for name in told], f"{index.table} AS own"
    if match and has_pieces(index):
        conditions.insert(0, f"{index.name} MATCH :match")
        tables = f"{index.name} CROSS JOIN {index.table} AS own ON own.id = {index.name}.rowid"
    query = f"SELECT own.id FROM {tables} WHERE {' AND '.join(conditions)} LIMIT :most"
    return list(db.session.scalars(text(query), {**told, "match": match, "most": most} if match else {**told, "most": most}))


def sweep_pieces(index: PieceIndex) -> None:
    """Have an index hold nothing any more of the words that were taken out of it: FTS5 keeps them until it merges its parts."""
    if db.engine.dialect.name == "sqlite" and has_pieces(index):
        with unit_of_work() as session:
            session.execute(text(f"INSERT INTO {index.name} ({index.name}) VALUES ('optimize')"))


def is_of_an_index(name: str | None) -> bool:
    """Whether a table or an index of the database is a part of such an index: no model describes it."""
    return name is not None and (name.endswith("_pieces") or "_pieces_" in name)


def can_index(connection: Connection) -> bool:
    """Whether the database can hold such an index; a SQLite that was built without FTS5 cannot."""
    if connection.dialect.name != "sqlite":
        return True
    return connection.execute(text("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'")).first() is not None
