"""Reading the lists that donors send: spreadsheets of every make to a table, its columns guessed, its rows to facts and reserves."""

from refurb.inventory.lists.columns import COLUMNS, Column, guess, heading_signature
from refurb.inventory.lists.errors import MOST_BYTES, MOST_ROWS, ListUnreadable
from refurb.inventory.lists.rows import Level, Problem, ReadRow, read_rows
from refurb.inventory.lists.table import Table, read_table

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "Column",
    "Level",
    "ListUnreadable",
    "Problem",
    "ReadRow",
    "Table",
    "guess",
    "heading_signature",
    "read_rows",
    "read_table",
]
