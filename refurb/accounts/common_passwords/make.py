"""Makes the list of common passwords anew: `python -m refurb.accounts.common_passwords.make frequency_lists.py`."""

import ast
import lzma
import sys
from pathlib import Path

from refurb.accounts.common_passwords import LIST, SHORTEST
from refurb.kernel.speech.folding import fold

WORDS = 5_000
"""How many of each list of words and names, the commonest first: the source keeps a word that is also a password in one list only."""


def passwords_of(source: str) -> list[str]:
    """The source's passwords, then its commonest words and names, folded as what somebody chooses is; in order of the alphabet."""
    chosen = [each for name, listed in _lists(source) for each in (listed if name == "passwords" else listed[:WORDS])]
    folded = {fold(each).replace(" ", "") for each in chosen}
    return sorted(each for each in folded if len(each) >= SHORTEST)


def _lists(source: str) -> list[tuple[str, list[str]]]:
    """Each list of the source: its name, and what it holds, the commonest first."""
    [lists] = [each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.Dict)]
    return [(ast.literal_eval(name), _longest_text(held).split(",")) for name, held in zip(lists.keys, lists.values, strict=True) if name]


def _longest_text(node: ast.AST) -> str:
    texts = (each.value for each in ast.walk(node) if isinstance(each, ast.Constant))
    return max((each for each in texts if isinstance(each, str)), key=len)


def make(source: Path) -> None:
    """Write the list; the same source gives the same bytes."""
    LIST.write_bytes(lzma.compress("\n".join(passwords_of(source.read_text(encoding="utf-8"))).encode(), preset=9))


if __name__ == "__main__":
    make(Path(sys.argv[1]))
