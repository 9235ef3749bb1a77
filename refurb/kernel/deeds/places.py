"""Places where only so many may be at once: a thread that waits for others answers nobody, so not all of them may wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class NoPlaceLeft(Exception):
    """All places are taken, and nobody comes or goes, or as many wait already as may."""


class Places:
    """So many places in this process.

    Whoever finds none waits as long as others come and go: when nobody has for `still` seconds, those inside are stuck themselves. Where
    as many as `waiting` wait, nobody else does.
    """

    def __init__(self, count: int, *, waiting: int, still: float) -> None:
        self._free = count
        self._most_waiting, self._still = waiting, still
        self._waiting = 0
        self._changed = threading.Condition()
        self._moved_at = time.monotonic()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold a place; raises `NoPlaceLeft`."""
        with self._changed:
            if not self._free:
                self._wait()
            self._free -= 1
            self._moved_at = time.monotonic()
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._moved_at = time.monotonic()
                self._changed.notify()

    def _wait(self) -> None:
        if self._waiting >= self._most_waiting:
            raise NoPlaceLeft
        self._waiting += 1
        try:
            while not self._free:
                left = self._moved_at + self._still - time.monotonic()
                if left <= 0:
                    raise NoPlaceLeft
                self._changed.wait(left)
        finally:
            self._waiting -= 1
