"""Whether a machine in which no tool sees a drive may well have one soldered in: the small netbooks and tablets with eMMC."""

import re
from dataclasses import replace

from refurb.inventory.readers.facts import HardwareFacts, warning

# The chips of those machines: Atom, and the Celeron, Pentium and Processor of its line, whose names begin with N, J or Z; AMD's and
# ARM's cousins.
_SMALL = re.compile(
    r"\bAtom\b|\b(?:Celeron|Pentium)\b[^@]{0,24}\b[NJZ]\d{3,4}\b|\bProcessor N\d{2,3}\b|\bN\d{3}\b|\bx[57]-[EZ]\d{4}"
    r"|\bE[12]-\d{4}|\bA4-\d{4}e?\b|\bMediaTek\b|\bMT8\d{3}|\bSnapdragon\b|\bKompanio\b",
    re.IGNORECASE,
)
_MOVES = frozenset({"laptop", "tablet", "mini", None})


def may_be_soldered(cpu: str | None) -> bool:
    """Whether machines with this processor often keep their data in a memory on the board."""
    return bool(cpu and _SMALL.search(cpu))


def with_doubt(facts: HardwareFacts) -> HardwareFacts:
    """The facts of a report that lists drives and lists none, with the remark where that may be an oversight."""
    if facts.drives or facts.chassis not in _MOVES or not may_be_soldered(facts.cpu):
        return facts
    return replace(facts, warnings=(*facts.warnings, warning("hardware.memory_soldered", cpu=facts.cpu)))
