"""What a processor's name says: its family, the year it came out, about how fast it is, and whether Windows 11 takes it."""

import re
from dataclasses import dataclass

from refurb.inventory.targets.policy import ProcessorFamily, targets
from refurb.inventory.targets.words import Verdict

_NOISE = re.compile(r"\((?:R|TM|C)\)|[®™]|\bCPU\b|\bprocessor\b|\bwith radeon.*| w/ radeon.*|@.*", re.IGNORECASE)


@dataclass(frozen=True)
class Processor:
    """A processor as far as its name tells; `mark` is an estimate on PassMark's scale."""

    family: str | None
    year: int | None
    mark: int | None
    windows_11: Verdict


UNKNOWN = Processor(None, None, None, Verdict.UNKNOWN)


def processor_of(name: str | None) -> Processor:
    """What the policy knows of a processor by its name; everything unknown for a name that no family claims."""
    plain = " ".join(_NOISE.sub(" ", name or "").split())
    family = next((each for each in targets().families if each.pattern.search(plain)), None) if plain else None
    if family is None:
        return UNKNOWN
    return Processor(family.name, family.year, _mark(family, plain), family.windows_11)


def _mark(family: ProcessorFamily, plain: str) -> int | None:
    return next((mark for pattern, mark in family.marks if pattern.search(plain)), None)
