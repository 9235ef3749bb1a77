"""Why something was decided so: the rule, its version, the line of it that won, and the lines that were looked at and lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from refurb.kernel.deeds.policy_versions import number_of
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import Refusal


@dataclass(frozen=True)
class RuledLine:
    """A line of a rule as people read it, and why it won or lost."""

    said: str
    why: str


@dataclass(frozen=True)
class Ruling:
    """Of a policy, by its `name` and the `version` that decisions record."""

    name: str
    version: str
    won: RuledLine
    lost: tuple[RuledLine, ...] = ()

    @property
    def title(self) -> str:
        """How the rule is called."""
        return next((str(each.title) for each in wired().policies if each.name == self.name), self.name)

    @property
    def number(self) -> int | None:
        """The number of the version; None for one that nobody kept."""
        return number_of(self.name, self.version)


R = TypeVar("R", bound=Refusal)


def ruled(refusal: R, name: str, version: str, won: RuledLine, lost: Iterable[RuledLine] = ()) -> R:
    """The refusal with the ruling that it rests on, for whoever reads it on a page."""
    refusal.ruling = Ruling(name, version, won, tuple(lost))
    return refusal
