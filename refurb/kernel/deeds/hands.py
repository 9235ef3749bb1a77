"""How many threads of a process work at once: memory is meant for so many, and more of them only take the processor from each other.

There are more threads than hands, because a thread that waits for its turn to write, or for what is read apart, does not work: it
lets its hand go for good, and another thread answers meanwhile.
Measured with ten threads a process (docs/bench.md): 160 MiB with one process, 147 with three hands.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

AT_ONCE = 3
"""Threads of a process that work; on SQLite, where whoever waits long is known to."""
PATIENCE_SECONDS = 0.25
"""After so long without a free hand a thread works with its own: three long papers must not stop whoever only looks."""


class Hand:
    """What one thread after the other works with, and what it keeps for the next: a connection to read on."""

    def __init__(self) -> None:
        self.pool: Any = None
        self.connection: Any = None


class _Thread(threading.local):
    """The hand that a thread holds of those of its process, and the one of its own with which it works where it holds none."""

    def __init__(self) -> None:
        self.held: Hand | None = None
        self.own = Hand()


class Hands:
    """So many hands in this process, each held by the thread that works with it."""

    def __init__(self, count: int) -> None:
        self._places = threading.Semaphore(count)
        # The last one that was let go is the first one taken: what it keeps was used just now.
        self._free = [Hand() for _ in range(count)]
        self._thread = _Thread()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Work with a hand of this process, or with the thread's own where none is free for long."""
        if self._places.acquire(timeout=PATIENCE_SECONDS):
            self._thread.held = self._free.pop()
        try:
            yield
        finally:
            self.let_go()

    def let_go(self) -> None:
        """Leave this thread's hand to another, if it holds one."""
        hand, self._thread.held = self._thread.held, None
        if hand is not None:
            self._free.append(hand)
            self._places.release()

    def mine(self) -> Hand:
        """The hand that this thread works with."""
        return self._thread.held or self._thread.own

    def own(self) -> Hand:
        """The one that nobody else ever holds."""
        return self._thread.own


hands = Hands(AT_ONCE)
"""Those of this process."""
