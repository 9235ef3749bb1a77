"""How the files of an erasure are kept: together where one alone proves nothing, and without passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from refurb.inventory.readers import json_text
from refurb.inventory.readers.detect import is_json
from refurb.inventory.readers.erasure import hdparm, nvme
from refurb.inventory.readers.erasure.detect import is_pdf
from refurb.inventory.readers.erasure.stated import line_of, stated_end
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.text import decode


@dataclass(frozen=True, slots=True)
class NamedFile:
    """One file as it came, or several as they are kept."""

    name: str
    content: bytes


def as_kept(files: Sequence[NamedFile], end: datetime | None = None) -> list[NamedFile]:
    """The files as they are kept and read: what nvme-cli printed becomes one, what hdparm printed another, the rest stays itself.

    `nvme sanitize-log` names neither drive nor day: its text is the same for every drive, so that alone it would be taken for a
    file that is known already. With the drive's identity and the end that a person states (aware; only for tools that write
    none), the kept file says by itself what it proves. Passwords that hdparm prints are taken out.
    """
    kept: list[NamedFile] = []
    groups: dict[str, list[tuple[str, str]]] = {}
    for file in files:
        content = hdparm.without_passwords(file.content) if not is_pdf(file.content) else file.content
        kind, text = _kind(content)
        if kind is None:
            kept.append(NamedFile(file.name, content))
        else:
            groups.setdefault(kind, []).append((text, file.name))
    for texts in groups.values():
        # The order in which they were chosen changes nothing.
        texts.sort()
        whole = "\n".join(text.strip("\n") for text, _ in texts) + "\n"
        line = line_of(end) if end and not stated_end(whole) else ""
        kept.append(NamedFile(" + ".join(name for _, name in texts), (line + whole).encode()))
    return kept


def _kind(content: bytes) -> tuple[str | None, str]:
    """Which of the two tools wrote it, and its text."""
    if is_pdf(content):
        return None, ""
    try:
        text = decode(content)
        if hdparm.is_hdparm(text):
            return hdparm.TOOL, text
        if nvme.is_nvme(text) or (is_json(text) and any(map(nvme.is_nvme_json, json_text.documents(text)))):
            return nvme.TOOL, text
    except (Unreadable, RecursionError):
        pass
    return None, ""
