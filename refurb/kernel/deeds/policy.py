"""Policy is data: the files of config/policy, read once, validated, each known by a version that decisions record."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[3] / "config" / "policy"


@dataclass(frozen=True)
class Policy:
    """The content of one policy file, and the version it is known by (the first 12 digits of its SHA-256)."""

    name: str
    version: str
    content: dict[str, Any]


@lru_cache
def read(name: str) -> Policy:
    """Read config/policy/NAME.toml."""
    raw = (FOLDER / f"{name}.toml").read_bytes()
    return Policy(name, hashlib.sha256(raw).hexdigest()[:12], tomllib.loads(raw.decode()))
