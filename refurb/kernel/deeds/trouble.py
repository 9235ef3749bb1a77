"""What is wrong with the database or the disk, told from what they say of it: full, read-only, away, or only busy."""

import errno
import sqlite3
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import DBAPIError


class Trouble(StrEnum):
    """What keeps the service from writing, or from reading."""

    BUSY = "busy"
    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    AWAY = "away"
    DISK_FAULT = "disk_fault"


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.DISK_FULL,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: Trouble.AWAY,
    sqlite3.SQLITE_IOERR: Trouble.DISK_FAULT,
}
# SQLSTATE, of PostgreSQL's appendix A; the classes by their first two signs.
_POSTGRESQL = {"53100": Trouble.DISK_FULL, "25006": Trouble.READ_ONLY, "58030": Trouble.DISK_FAULT, "08": Trouble.AWAY, "57": Trouble.AWAY}
_CANCELLED = "57014"
_ERRNO = {
    errno.ENOSPC: Trouble.DISK_FULL,
    errno.EDQUOT: Trouble.DISK_FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EIO: Trouble.DISK_FAULT,
}


def trouble_of(error: DBAPIError | OSError) -> Trouble | None:
    """The trouble behind an error; None for an error of the system or of SQLite that is none of these."""
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0)
    said: Any = error.orig
    if isinstance(said, sqlite3.Error):
        return _SQLITE.get(getattr(said, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(said, "sqlstate", None)
    if state is None:  # The server said nothing at all.
        return Trouble.AWAY
    return Trouble.BUSY if state == _CANCELLED else _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2], Trouble.BUSY)
