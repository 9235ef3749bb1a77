"""The keys that sign the codes on papers: the one in force, and those of before, with which older papers are still checked.

They stand beside the history, whose heads name the one in force: `paper-key` is the private one, read by its owner only; `paper-keys`
has one line for each that ever signed, the day from which it did and the key, the oldest first. A key signs until the next one begins.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from flask import current_app

from refurb.kernel.deeds.signed_notes import BadKey, Key, Signer
from refurb.kernel.speech.clock import today


@dataclass(frozen=True)
class PaperKey:
    """A key that signs, or signed, codes: from its first day to its last, both included; `until` is None of the one in force."""

    key: Key
    since: date
    until: date | None = None


class PaperKeys:
    """The keys in a folder; `name` is the name of a key that is made there, as `Key` has it."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._private, self._public = folder / "paper-key", folder / "paper-keys"

    def all(self) -> list[PaperKey]:
        """Every key that ever signed a paper, the oldest first. Raises `BadKey` for a line that holds none."""
        try:
            lines = self._public.read_text().splitlines()
        except FileNotFoundError:
            return []
        told = [line.partition(" ") for line in lines if line]
        try:
            begun = [(date.fromisoformat(since), Key.read(key)) for since, _, key in told]
        except ValueError as error:
            raise BadKey(str(self._public)) from error
        ends: list[date | None] = [since for since, _key in begun[1:]]
        return [PaperKey(key, since, until) for (since, key), until in zip(begun, [*ends, None], strict=False)]

    def current(self) -> PaperKey | None:
        """The key in force; None before the first paper."""
        known = self.all()
        return known[-1] if known else None

    def signer(self) -> Signer:
        """What signs the code of a paper issued now: made with the first one, and told among the keys before it signs anything."""
        kept = Signer.kept(self._private)
        current = self.current()
        if kept is not None and current is not None and kept.key == current.key:
            return kept
        with self._alone():
            signer = Signer.of(self._private, self._name)
            current = self.current()
            if current is None or current.key != signer.key:
                self._tell(signer.key)
            return signer

    def rotate(self) -> Key:
        """Take a new key from now on; the one of before signs nothing more, and is still known."""
        with self._alone():
            self._private.unlink(missing_ok=True)
            signer = Signer.of(self._private, self._name)
            self._tell(signer.key)
            return signer.key

    def _tell(self, key: Key) -> None:
        with os.fdopen(os.open(self._public, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), "a", encoding="utf-8") as file:
            file.write(f"{today().isoformat()} {key}\n")
            file.flush()
            os.fsync(file.fileno())

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Be the only one who makes a key."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / "paper-key.lock").open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def paper_keys() -> PaperKeys:
    """Those of the running instance; a key is named after its public address."""
    folder = Path(current_app.config["HOME"]) / "history"
    return PaperKeys(folder, f"{urlsplit(current_app.config['BASE_URL']).netloc}/papers")
