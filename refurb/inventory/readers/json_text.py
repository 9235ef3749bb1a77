"""JSON as the tools really write it: valid, several documents in a row, or lshw's own invalid dialects."""

import json
import re
from collections.abc import Iterator
from typing import Any

from refurb.inventory.readers.errors import Unreadable

_MAX_DOCUMENTS = 200
_MAX_MENDED = 2**19
_MAX_CONTAINERS = 30_000
_MAX_DEPTH = 200
_BETWEEN = re.compile(r"[\s,]*")
_SPACE = re.compile(r"\s*")
_TOKEN = re.compile(r'[\s]*([{}\[\],:]|"(?:[^"\\]|\\.)*"|[-+.\w]+)', re.DOTALL)
# A line that opens an object or a list, and not the prompt of a shell nor the date of a log.
_BEGINS = re.compile(r"^[ \t]*[{[](?=\s*[\"{\[}\]]|[ \t]*$)", re.MULTILINE)
_OPENS = re.compile(r"[{\[](?=\s*[\"{\[}\]]|[ \t]*$)", re.MULTILINE)
_DECODER = json.JSONDecoder()


def documents(text: str) -> list[Any]:
    """Every JSON document of the text, in order.

    Valid JSON is one document. `smartctl` called once per drive into one file, and `lshw -C` up to B.02.18, give
    several with or without commas. lshw B.02.19 leaves out the commas and the key before the children of a node.
    Raises Unreadable when the text stops early (`report.truncated`) or breaks in the middle (`report.damaged`).
    """
    if text.count("{") + text.count("[") > _MAX_CONTAINERS:
        raise Unreadable("report.damaged")  # fifteen times the largest inventory; objects cost memory, not bytes
    try:
        return list(_in_a_row(text))
    except RecursionError:
        raise Unreadable("report.damaged") from None
    except ValueError as error:
        position = error.pos if isinstance(error, json.JSONDecodeError) else None
    if len(text) <= _MAX_MENDED:
        return _mended(text)
    if position is None or position < len(text.rstrip()) - 1:
        raise Unreadable("report.damaged")
    raise Unreadable("report.truncated")


def beginning(text: str) -> int | None:
    """Where JSON begins on a line of its own, behind whatever a terminal showed before; None when nowhere."""
    found = _BEGINS.search(text)
    return found.start() if found else None


def part(value: Any, *names: str) -> Any:
    """The value found by following the names into objects; None as soon as one is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _in_a_row(text: str) -> Iterator[Any]:
    position = _start(text, _SPACE, 0)
    count = 0
    while position < len(text):
        count += 1
        if count > _MAX_DOCUMENTS:
            raise ValueError
        document, position = _DECODER.raw_decode(text, position)
        yield document
        position = _start(text, _BETWEEN, position)
        if not _OPENS.match(text, position):
            # Between two documents, and after the last, a terminal may have shown its prompt or a warning.
            again = _BEGINS.search(text, position)
            position = again.start() if again else len(text)
            position = _start(text, _SPACE, position)


def _start(text: str, blank: re.Pattern[str], position: int) -> int:
    found = blank.match(text, position)
    return found.end() if found else position


class _Mender:
    """A reader of objects and lists that forgives missing and dangling commas, and children without their key."""

    def __init__(self) -> None:
        self.roots: list[Any] = []
        self._open: list[Any] = []
        self._keys: list[str | None] = []
        self._waits_for_value = False

    @property
    def is_whole(self) -> bool:
        """Whether a document has ended, and none has begun since."""
        return bool(self.roots) and not self._open

    def take(self, piece: str) -> None:
        if piece in "{[":
            self._open_one({} if piece == "{" else [])
        elif piece in "}]":
            self._close(dict if piece == "}" else list)
        elif piece == ":":
            self._colon()
        elif piece == ",":
            self._comma()
        else:
            self._scalar(piece)

    def finish(self) -> list[Any]:
        if self._open:
            raise Unreadable("report.truncated")
        return self.roots

    def _open_one(self, container: Any) -> None:
        if len(self._open) >= _MAX_DEPTH:
            raise Unreadable("report.damaged")
        self._put(container)
        self._open.append(container)
        self._keys.append(None)

    def _close(self, kind: type) -> None:
        if kind is list and self._is_unclosed_root():
            self._close(dict)
        if not self._open or not isinstance(self._open[-1], kind) or self._waits_for_value:
            raise Unreadable("report.damaged")
        self._open.pop()
        self._keys.pop()

    def _is_unclosed_root(self) -> bool:
        """Whether a bracket ends the list around an object too: lshw B.02.19 never closes that of the whole machine."""
        if len(self._open) != 2 or not isinstance(self._open[0], list) or not isinstance(self._open[1], dict):
            return False
        return self._keys[-1] is None and not self._waits_for_value and {"id", "class"} <= self._open[1].keys() and len(self._open[0]) == 1

    def _colon(self) -> None:
        if not self._keys or self._keys[-1] is None or self._waits_for_value:
            raise Unreadable("report.damaged")
        self._waits_for_value = True

    def _comma(self) -> None:
        if self._waits_for_value or (self._keys and self._keys[-1] is not None):
            raise Unreadable("report.damaged")

    def _scalar(self, piece: str) -> None:
        try:
            value = json.loads(piece)
        except (ValueError, RecursionError):
            raise Unreadable("report.damaged") from None
        if not self._open:
            raise Unreadable("report.damaged")
        if isinstance(self._open[-1], dict) and not self._waits_for_value:
            if not isinstance(value, str) or self._keys[-1] is not None:
                raise Unreadable("report.damaged")
            self._keys[-1] = value
        else:
            self._put(value)

    def _put(self, value: Any) -> None:
        if not self._open:
            self.roots.append(value)
            return
        parent = self._open[-1]
        if isinstance(parent, list):
            parent.append(value)
        elif self._waits_for_value:
            parent[self._keys[-1]] = value
            self._keys[-1] = None
            self._waits_for_value = False
        elif isinstance(value, dict) and self._keys[-1] is None:
            # lshw B.02.19: a node's child stands where the next key should be.
            children = parent.setdefault("children", [])
            if not isinstance(children, list):
                raise Unreadable("report.damaged")
            children.append(value)
        else:
            raise Unreadable("report.damaged")


def _mended(text: str) -> list[Any]:
    mender = _Mender()
    position, end = 0, len(text.rstrip())
    while position < end:
        if mender.is_whole and not _OPENS.match(text, _start(text, _BETWEEN, position)):
            break  # a prompt, or what else a terminal showed afterwards
        found = _TOKEN.match(text, position)
        if found is None:
            # An opened quote that never closes is the mark of a file cut short.
            blank = _start(text, _SPACE, position)
            raise Unreadable("report.truncated" if text[blank] == '"' else "report.damaged")
        mender.take(found.group(1))
        position = found.end()
    return mender.finish()
