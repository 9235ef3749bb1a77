"""What the worker forgets by itself, told to those whom it concerns: the term stands beside the deed that keeps it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from refurb.kernel.speech.words import _n

MINUTE_SECONDS = 60


@dataclass(frozen=True)
class Forgetting:
    """A deed that forgets what is past its term: `who` it is about, `what` it forgets, after how long or when; as people are told."""

    run: Callable[[], int]
    who: Any
    what: Any
    after: Any

    def __call__(self) -> int:
        """Forget, and say how much it was."""
        return self.run()

    @property
    def term(self) -> str:
        """After how long, in words."""
        if not isinstance(self.after, timedelta):
            return str(self.after)
        if self.after.days:
            return _n("%(num)s jour", "%(num)s jours", self.after.days)
        return _n("%(num)s minute", "%(num)s minutes", self.after.seconds // MINUTE_SECONDS)


def forgets(who: Any, what: Any, after: Any) -> Callable[[Callable[[], int]], Forgetting]:
    """Declare whom a deed that forgets is about, and its term (a span of time, or words); what is about nobody needs no such word."""

    def declare(run: Callable[[], int]) -> Forgetting:
        return Forgetting(run, who, what, after)

    return declare
