"""What a scan makes of a thing at the counter."""

from enum import StrEnum


class PileLineKind(StrEnum):
    """What is out comes back, what is free leaves, what was lost is found."""

    LEAVES = "leaves"
    RETURNS = "returns"
    FOUND = "found"
