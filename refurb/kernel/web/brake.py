"""A brake on guessing: a stranger's address that asked for too much that is not there waits, whatever it asks for then."""

import threading
import time
from collections import OrderedDict
from ipaddress import ip_address

from refurb.kernel.speech.errors import Refusal

MOST_PLACES = 10_000
"""Addresses that one process remembers; the oldest is forgotten for a new one."""


class TooManyGuesses(Refusal):
    """This address asked for too many codes that do not exist."""

    code = "guesses.too_many"
    status = 429


class Brake:
    """So many misses in so many seconds, per address and process. It is kept in memory: readings write nothing, and a start forgets."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._misses: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: str) -> None:
        """Raise `TooManyGuesses` while the address has to wait; a right guess is not answered then either."""
        began, count = self._misses.get(neighbourhood(address), (0.0, 0))
        if count >= self.most and (left := began + self.seconds - time.monotonic()) > 0:
            raise TooManyGuesses(seconds=int(left) + 1)

    def miss(self, address: str) -> None:
        """Count a guess that was wrong."""
        place, instant = neighbourhood(address), time.monotonic()
        with self._lock:
            began, count = self._misses.pop(place, (instant, 0))
            self._misses[place] = (instant, 1) if began + self.seconds <= instant else (began, count + 1)
            if len(self._misses) > MOST_PLACES:
                self._misses.popitem(last=False)


def neighbourhood(address: str) -> str:
    """An address; of the sixth version its /64, which one subscriber has for himself."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return address if known.version == 4 else known.exploded[:19]


code_guesses = Brake(30, 60.0)
"""Codes of labels and papers: with a million papers, a hit takes one address and process nine hours."""
