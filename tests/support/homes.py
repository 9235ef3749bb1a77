"""Where a run keeps its files: in memory where the machine has room for them there, else where pytest would."""

import os
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
ROOM: Final = 2 * 2**30
"""Bytes; a container that was given 64 MiB of shared memory keeps its files on its disk."""

TEMPROOT: Final = "PYTEST_DEBUG_TEMPROOT"
"""Environment variable of pytest: the folder in which it makes its temporary folders."""


def in_memory() -> Path | None:
    """A folder in memory with room for a run, where there is one."""
    try:
        free = os.statvfs(MEMORY)
    except OSError:
        return None
    roomy = free.f_bavail * free.f_frsize >= ROOM and os.access(MEMORY, os.W_OK | os.X_OK)
    return MEMORY if roomy else None


def pytest_configure() -> None:
    """Make the temporary folders of the run in memory, unless somebody chose another place."""
    place = in_memory()
    if place is not None:
        os.environ.setdefault(TEMPROOT, str(place))
