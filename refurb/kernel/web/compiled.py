"""Where compiled templates are kept between two starts: beside the code, as Python keeps its own modules."""

import hashlib
import sys
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import jinja2
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket

from refurb.kernel.speech.words import language

CODE: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = CODE / "__pycache__" / "templates"
PUT_IN: Final = ("static/**/*", "translations/*/*/*.mo", "kernel/speech/*.py", "kernel/web/*.py", "templates/ui.html")
"""What is put into a template when it is compiled (sentences, icons, addresses of static files, cells), and what puts it there."""
WITH: Final = (jinja2.__version__, version("markupsafe"))
"""What compiles them; Jinja's own mark in a file tells its format and Python's version."""


class Compiled(FileSystemBytecodeCache):
    """Templates as they were compiled for a reader's language; where nobody may write there, each process compiles its own.

    One is compiled anew when its text has changed or anything of `PUT_IN`, which is seen by names, sizes and times as Python
    sees it of a module. The file of before is written over, so that they do not grow in number.
    """

    def __init__(self, constant: frozenset[str]) -> None:
        super().__init__(str(FOLDER), "%s.jinja")
        self._made_of = _made_of(constant)

    def get_bucket(self, environment: Any, name: str, filename: str | None, source: str) -> Bucket:
        """The place of a template in the language of `environment`; the key of one that is no file of ours is empty."""
        spoken = f"{environment.language}/{name}"
        key = self.get_cache_key(spoken, filename) if filename else ""
        bucket = Bucket(environment, key, self.get_source_checksum(f"{self._made_of} {spoken} {source}"))
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read it, if it is there and whole."""
        try:
            if bucket.key:
                super().load_bytecode(bucket)
        except Exception:  # noqa: BLE001 - what a damaged file makes of the reader is not foreseen; it is compiled and written anew
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it, unless its sentences were not put in: it was compiled for one language while another was spoken."""
        compiled_for = bucket.environment.language  # type: ignore[attr-defined]  # of ours: SpokenEnvironment
        if not bucket.key or sys.dont_write_bytecode or compiled_for != language():
            return
        with suppress(OSError):
            FOLDER.mkdir(parents=True, exist_ok=True)
            super().dump_bytecode(bucket)


def _made_of(constant: frozenset[str]) -> str:
    told = hashlib.sha256(repr((WITH, sorted(constant))).encode())
    for file in sorted(each for pattern in PUT_IN for each in CODE.glob(pattern)):
        seen = file.stat()
        told.update(f"{file} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    return told.hexdigest()
