"""Passwords that everybody tries first: the list, read only when somebody chooses a password, and what counts as being on it."""

import lzma
from functools import cache
from pathlib import Path
from string import digits, punctuation

from refurb.kernel.speech.folding import fold

LIST = Path(__file__).parent / "passwords.xz"
SHORTEST = 6
"""Shorter ones say nothing of a password of twelve signs."""


@cache
def common_passwords() -> frozenset[str]:
    """Every password of the list, folded; read once in the life of a process."""
    return frozenset(lzma.decompress(LIST.read_bytes()).decode().split("\n"))


def is_common(password: str) -> bool:
    """Whether a password is one of the list: as it is, repeated (« dragondragon »), or amid digits and signs (« Sunshine2026! »)."""
    bare = fold(password).replace(" ", "")
    core = bare.strip(digits + punctuation)
    return not common_passwords().isdisjoint({bare, core, _repeated(bare), _repeated(core)})


def _repeated(text: str) -> str:
    """What a text says again and again; the text itself where nothing is."""
    return text[: (text + text).find(text, 1)] if text else text
