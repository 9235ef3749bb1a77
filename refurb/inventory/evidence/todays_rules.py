"""By which readers and rules a report was judged: a mark that changes with them, so that what older ones accepted is judged again."""

import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache
def rules_today() -> str:
    """The readers of this release, and its rules of what proves an erasure, in eight signs."""
    inventory = Path(__file__).parents[1]
    judging = [*inventory.glob("readers/**/*.py"), *(inventory / "evidence" / name for name in ("erasure_rules.py", "verdicts.py"))]
    return hashlib.sha256(b"".join(each.read_bytes() for each in sorted(judging))).hexdigest()[:8]
