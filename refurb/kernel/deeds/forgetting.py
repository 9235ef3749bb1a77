"""What the worker forgets by itself, told to those whom it concerns: the term stands beside the deed that keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any


@dataclass(frozen=True)
class Forgetting:
    """A deed that forgets what is past its term; `who` it is about, `what` is forgotten, and after how long: as people are told."""

    run: Callable[[], int]
    who: Any
    what: Any
    after: timedelta

    def __call__(self) -> int:
        """Forget, and say how much it was."""
        return self.run()


def forgets(who: Any, what: Any, after: timedelta) -> Callable[[Callable[[], int]], Forgetting]:
    """Declare whom a deed that forgets is about, and its term; what is about nobody needs no such word."""

    def declare(run: Callable[[], int]) -> Forgetting:
        return Forgetting(run, who, what, after)

    return declare
