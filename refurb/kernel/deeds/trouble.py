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
# SQLSTATE, of PostgreSQL's appendix A; the classes by their first two signs. What is not here is a fault, and is logged as one.
_POSTGRESQL = {
    "40001": Trouble.BUSY,  # two serialised transactions met
    "40P01": Trouble.BUSY,  # a deadlock
    "53300": Trouble.BUSY,  # too many connections
    "55P03": Trouble.BUSY,  # a lock not had in time
    "57014": Trouble.BUSY,  # a statement stopped after its time
    "53100": Trouble.DISK_FULL,
    "25006": Trouble.READ_ONLY,
    "58030": Trouble.DISK_FAULT,
    "08": Trouble.AWAY,
    "57": Trouble.AWAY,
}
_ERRNO = {
    errno.ENOSPC: Trouble.DISK_FULL,
    errno.EDQUOT: Trouble.DISK_FULL,
    errno.EROFS: Trouble.READ_ONLY,
    errno.EIO: Trouble.DISK_FAULT,
}


def trouble_of(error: DBAPIError | OSError) -> Trouble | None:
    """The trouble behind an error; None for one that is none of these: a fault of ours, which waiting does not mend."""
    if isinstance(error, OSError):
        return _ERRNO.get(error.errno or 0)
    said: Any = error.orig
    if isinstance(said, sqlite3.Error):
        return _SQLITE.get(getattr(said, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(said, "sqlstate", None)
    if state is None:  # The server said nothing at all.
        return Trouble.AWAY
    return _POSTGRESQL.get(state) or _POSTGRESQL.get(state[:2])
