"""Why a donor's list cannot be read, and how much of one is read at all."""

from refurb.kernel.speech.errors import Refusal

MOST_BYTES = 12 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
"""Bytes; what a packed spreadsheet may hold. A list of 5,000 machines holds five."""
MOST_ROWS = 5_000
MOST_CELLS = 400_000
"""Cells of a workbook, the blank ones with a format too. A list of 5,000 machines in forty columns holds 200,000."""
MOST_DEPTH = 100
"""Elements inside one another; a cell stands ten deep."""
MOST_COLUMNS = 200
MOST_CELL = 500
"""Characters of one cell that are read."""


class ListUnreadable(Refusal):
    """The file is no list that we can read; its code says which way."""

    code = "list.unreadable"
    status = 422
