"""Whose turn it is to write on SQLite, which lets one connection write at a time: first come, first served, among threads and processes.

Without it SQLite sleeps and tries again, ever longer, and whoever comes just when the file is free goes first: a tenth of the deeds then
waits for half a second while nobody else does.
"""

import fcntl
import os
import sqlite3
import stat
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from refurb.kernel.deeds.hands import hands
from refurb.kernel.speech.errors import StrayWrite

# True while a unit of work is open: SQLite then takes the write lock at BEGIN, so that two writers queue instead of failing half-way.
writing: ContextVar[bool] = ContextVar("writing", default=False)

PATIENCE_SECONDS = 10.0
ENDING = "-turn"
"""What the name of the file before which processes queue adds to the database's."""
LOOK_SECONDS = 0.0003

# The bytes of the lock file: who holds the first one writes; who holds the second is next, so that a busy process cannot
# take the turn again before the one that waits.
WRITES, IS_NEXT = 0, 1


class NotMyTurn(sqlite3.OperationalError):
    """Others wrote for longer than anybody waits; SQLite says so in the same way."""

    sqlite_errorcode = sqlite3.SQLITE_BUSY


class Turns:
    """The queue before one database file; the threads of this process wait here, and its first one with those of other processes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._thread: int | None = None
        self._holder: object | None = None
        self._opened: tuple[int, int] | None = None

    def is_held_by(self, holder: object) -> bool:
        """Whether it is this one's turn."""
        return self._holder is holder

    @contextmanager
    def taken(self, holder: object) -> Iterator[None]:
        """Hold the turn; raises `NotMyTurn` after ten seconds, and `StrayWrite` in a thread that holds it already for somebody else."""
        if self._thread == threading.get_ident():
            raise StrayWrite("a unit of work inside another")
        deadline = time.monotonic() + PATIENCE_SECONDS
        self._queue(deadline)
        try:
            self._thread, self._holder = threading.get_ident(), holder
            descriptor = self._among_processes(deadline)
            try:
                yield
            finally:
                fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, WRITES)
        finally:
            self._thread = self._holder = None
            self._call_the_next()

    def _queue(self, deadline: float) -> None:
        mine = threading.Lock()
        mine.acquire()
        with self._guard:
            self._waiting.append(mine)
            if len(self._waiting) == 1:
                return
        hands.let_go()
        if not mine.acquire(timeout=max(0.0, deadline - time.monotonic())):
            with self._guard:
                if self._waiting[0] is not mine:
                    self._waiting.remove(mine)
                    raise NotMyTurn
            # It was called in that very moment.

    def _call_the_next(self) -> None:
        with self._guard:
            self._waiting.popleft()
            if self._waiting:
                self._waiting[0].release()

    def _among_processes(self, deadline: float) -> int:
        descriptor = self._descriptor()
        _wait_for(descriptor, IS_NEXT, deadline)
        try:
            _wait_for(descriptor, WRITES, deadline)
        finally:
            fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, IS_NEXT)
        return descriptor

    def _descriptor(self) -> int:
        # Opened once in each process: the system lets go of a process's locks when any descriptor of the file is closed.
        if self._opened is None or self._opened[0] != os.getpid():
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._share(descriptor)
            self._opened = (os.getpid(), descriptor)
        return self._opened[1]

    def _share(self, descriptor: int) -> None:
        """Like SQLite's own files beside it, this one is for whoever may write the database, also when an administrator came first."""
        database = Path(str(self._file).removesuffix(ENDING))
        if not database.exists() or os.fstat(descriptor).st_uid != os.geteuid():
            return
        like = database.stat()
        os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
        if os.geteuid() == 0:
            os.fchown(descriptor, like.st_uid, like.st_gid)


def _wait_for(descriptor: int, byte: int, deadline: float) -> None:
    while True:
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, byte)
        except (BlockingIOError, PermissionError):  # Held by another, as one system says it and as another does.
            if time.monotonic() > deadline:
                raise NotMyTurn from None
            hands.let_go()
            time.sleep(LOOK_SECONDS)
        else:
            return


_turns: dict[str, Turns] = {}


def turns_of(database: str) -> Turns:
    """The queue before a database file, one for all connections of this process."""
    return _turns.setdefault(database, Turns(Path(f"{database}{ENDING}")))
