"""Give everything openly, so that a territory can leave: tables as CSV and JSON, files under names, a text that explains them."""

import csv
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Connection, Select, Table, select

from refurb.directory.queries import home
from refurb.keeping.explained import LEFT_OUT, README, SECRET_WORDS, TABLES, heading
from refurb.keeping.restores import PlaceNotEmpty
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.erased_files import file_columns, still_there
from refurb.kernel.deeds.file_stores import FileLost
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.history import plain
from refurb.kernel.speech.clock import local, now

_ENDINGS: Final = ((b"%PDF", "pdf"), (b"\x89PNG", "png"), (b"\xff\xd8\xff", "jpg"), (b"PK\x03\x04", "zip"), (b"RIFF", "webp"))
_AT_ONCE: Final = 500
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a cell (OWASP, *CSV injection*)."""


def export_all(folder: Path) -> dict[str, int]:
    """Write all of it into a folder that is not there, or empty; how many rows of each table. Whole or not there.

    The database is read as of one instant. Raises `PlaceNotEmpty`.
    """
    if folder.exists() and any(folder.iterdir()):
        raise PlaceNotEmpty(held=", ".join(sorted(each.name for each in folder.iterdir())[:3]))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.with_name(f".{folder.name}.draft")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        for each in (draft, draft / "tableaux", draft / "json", draft / "fichiers"):
            each.mkdir(mode=0o700)
        counted = _write(draft)
        _explain(draft, counted)
        if folder.exists():
            folder.rmdir()
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return counted


def tables_to_give() -> list[Table]:
    """The tables that leave, each with what leaves of it (`columns_to_give`)."""
    return [each for each in Base.metadata.sorted_tables if each.name not in LEFT_OUT]


def columns_to_give(table: Table) -> list[Column[Any]]:
    """The columns that leave: no secret does, and nothing that is only the index of another column."""
    return [each for each in table.columns if each.name != "search" and not any(word in each.name for word in SECRET_WORDS)]


def _write(draft: Path) -> dict[str, int]:
    postgresql = db.engine.dialect.name == "postgresql"
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True} if postgresql else {}
    with db.engine.connect().execution_options(**options) as connection:
        counted = {table.name: _write_table(connection, table, draft) for table in tables_to_give()}
        with (draft / "fichiers.csv").open("w", encoding="utf-8-sig", newline="") as index:
            sheet = csv.writer(index, delimiter=";")
            sheet.writerow(["Fichier", "Tableau", "Numéro", "Colonne", "Empreinte SHA-256"])
            for column in file_columns():
                if column.table.name not in LEFT_OUT:
                    sheet.writerows(_write_files(connection, column, draft / "fichiers"))
    return counted


def _rows(connection: Connection, columns: Sequence[Column[Any]]) -> Iterator[Sequence[Any]]:
    table = columns[0].table
    query = select(*columns).order_by(*table.primary_key.columns)
    yield from connection.execution_options(yield_per=_AT_ONCE).execute(query)


def _write_table(connection: Connection, table: Table, draft: Path) -> int:
    columns = columns_to_give(table)
    names, count = [each.name for each in columns], 0
    with (
        (draft / "tableaux" / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as sheet,
        (draft / "json" / f"{table.name}.jsonl").open("w", encoding="utf-8") as lines,
    ):
        cells = csv.writer(sheet, delimiter=";")
        cells.writerow([heading(each) for each in names])
        for row in _rows(connection, columns):
            values = [plain(each) for each in row]
            cells.writerow([_cell(each) for each in values])
            lines.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False) + "\n")
            count += 1
    return count


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "oui" if value else "non"
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def _write_files(connection: Connection, column: Column[str], folder: Path) -> Iterator[list[Any]]:
    """Write the files that a column names; a line for each, with an empty name where the file is lost."""
    key = next(iter(column.table.primary_key.columns))
    named = column.table.columns.get("reference", key)
    place = folder / column.table.name
    for number, reference, digest in connection.execute(_naming(key, named, column)):
        try:
            content = fetch(digest)
        except FileLost:
            yield ["", column.table.name, number, column.name, digest]
            continue
        place.mkdir(mode=0o700, exist_ok=True)
        path = place / f"{str(reference).replace('/', '-')}-{column.name}.{_ending(content)}"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
        yield [f"fichiers/{column.table.name}/{path.name}", column.table.name, number, column.name, digest]


def _naming(key: Column[Any], named: Column[Any], column: Column[str]) -> Select[tuple[Any, Any, str]]:
    """The rows that name a file, without those whose file was erased at its term."""
    return select(key, named, column).where(column.is_not(None), still_there(column)).order_by(key)


def _ending(content: bytes) -> str:
    return next((ending for begins, ending in _ENDINGS if content.startswith(begins)), "txt" if content.isascii() else "bin")


def _explain(draft: Path, counted: dict[str, int]) -> None:
    tables = "\n".join(f"- **{name}** ({count}) : {TABLES.get(name, 'sans description.')}" for name, count in sorted(counted.items()))
    left_out = "".join(f"- {name} : {why}.\n" for name, why in sorted(LEFT_OUT.items()))
    house = home().name
    text = README.format(date=_day(local(now())), house=house, tables=tables, left_out=left_out)
    (draft / "LISEZ-MOI.md").write_text(text, encoding="utf-8")


def _day(at: datetime) -> str:
    return f"{at:%d/%m/%Y à %H:%M}"
