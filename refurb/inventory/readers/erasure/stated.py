"""The end of an erasure as a person stated it, for the tools that write no date: one line at the head of the kept file."""

import re
from datetime import datetime

from refurb.inventory.readers.erasure.times import moment

_LINE = re.compile(r"^# Erasure ended at (\S{10,40}) \(stated by the person who sent these files\)$", re.MULTILINE)
_BYTES = re.compile(_LINE.pattern.encode(), re.MULTILINE)
_HEAD = 4096


def line_of(end: datetime) -> str:
    """The line that states an end, to the second; `end` is aware."""
    return f"# Erasure ended at {end.isoformat(timespec='seconds')} (stated by the person who sent these files)\n"


def without_stated_end(content: bytes) -> bytes:
    """A kept file without the line that states its end: what the tools themselves said. Of any other file, the file."""
    head, found = content[:_HEAD], _BYTES.search(content[:_HEAD])
    return head[: found.start()] + content[found.end() :].lstrip(b"\n") if found else content


def stated_end(text: str) -> datetime | None:
    """The end that the head of a kept file states, if it does."""
    found = _LINE.search(text[:_HEAD])
    return moment(found.group(1)) if found else None
