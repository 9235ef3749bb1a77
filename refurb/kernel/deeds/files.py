"""The files folder: every upload and every paper, kept once under its SHA-256, never changed."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app

from refurb.kernel.speech.errors import NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


def digest_of(content: bytes) -> str:
    """The SHA-256 of some bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _place(digest: str) -> Path:
    if not _DIGEST.match(digest):
        raise NotFound
    return Path(current_app.config["FILES"]) / digest[:2] / digest[2:4] / digest


def keep(content: bytes) -> str:
    """Store some bytes and return their SHA-256. Storing the same twice stores once; a crash leaves no half file."""
    digest = digest_of(content)
    place = _place(digest)
    if place.exists():
        return digest
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(draft).replace(place)
    return digest


def fetch(digest: str) -> bytes:
    """The bytes stored under a SHA-256, as they are on the disk: the caller who must trust them checks `digest_of`."""
    try:
        return _place(digest).read_bytes()
    except FileNotFoundError:
        raise NotFound from None
