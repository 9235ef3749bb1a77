"""Whether the history is what it was: every chain, the register beside the database, and every head that was given out."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.heads import Head, Register, RegisterLine, Tree, register_of_instance
from refurb.kernel.deeds.history import Event, broken_links, digest_of_event
from refurb.kernel.deeds.signed_notes import Key, notes_in

_NAMED = (Event.id, Event.subject_kind, Event.subject_id, Event.position, Event.digest)
_SAID = (Event.move, Event.at, Event.actor_id, Event.facts, Event.previous, Event.as_role)


@dataclass(frozen=True)
class Tampering:
    """What is not as the register or a head says."""

    what: str
    """`rewritten`, `edited`, `cut` or `added` of an event; `doubted` of one whose line is no longer what a head says; else a sentence."""
    subject_kind: str = ""
    subject_id: int = 0
    position: int = 0


class _Heads:
    """The heads to hold the register against, the smallest first; names what lies between the last right and the first wrong one."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self._left = sorted(set(heads), key=lambda head: head.size)
        self._tree = Tree()
        self._since: list[RegisterLine] = []
        self._is_wrong = False

    def after(self, line: str, read: RegisterLine | None) -> Iterator[Tampering]:
        if self._is_wrong or not self._left:
            return
        self._tree.add(line.encode())
        if read:
            self._since.append(read)
        yield from self._compared()

    def _compared(self) -> Iterator[Tampering]:
        while self._left and self._left[0].size == self._tree.size and not self._is_wrong:
            head = self._left.pop(0)
            if head.root != self._tree.root():
                self._is_wrong = True
                yield Tampering(f"the register is not what the head of {head.at} over {head.size} events says")
                for each in self._since:
                    yield Tampering("doubted", each.subject_kind, each.subject_id, each.position)
            elif not self._left or self._left[0].size > head.size:
                self._since = []

    def at_the_end(self) -> Iterator[Tampering]:
        if self._left and not self._is_wrong:
            head = self._left[-1]
            yield Tampering(f"the register ends after {self._tree.size} events; the head of {head.at} counts {head.size}")
            for each in self._since:
                yield Tampering("doubted", each.subject_kind, each.subject_id, each.position)


def differences(session: Session, lines: Iterable[str], heads: Iterable[Head]) -> Iterator[Tampering]:
    """Hold the register against the heads, and every event of the database against its line: all that is not the same.

    Events that came after the last line are nobody's fault. Reads both once, side by side; keeps no more than a batch.
    """
    compared = _Heads(heads)
    query = select(*_NAMED, *_SAID).order_by(Event.id).execution_options(yield_per=2000)
    with session.execute(query) as result:
        rows = iter(result)
        row: Any = next(rows, None)
        for number, text_of_line in enumerate(lines, start=1):
            line = RegisterLine.read(text_of_line)
            yield from compared.after(text_of_line, line)
            if line is None:
                yield Tampering(f"line {number} of the register is none")
                continue
            while row is not None and row.id < line.event:
                yield Tampering("added", row.subject_kind, row.subject_id, row.position)
                row = next(rows, None)
            if row is None or row.id != line.event:
                yield Tampering("cut", line.subject_kind, line.subject_id, line.position)
                continue
            yield from _compared(row, line)
            row = next(rows, None)
    yield from compared.at_the_end()


def _compared(row: Any, line: RegisterLine) -> Iterator[Tampering]:
    if (row.subject_kind, row.subject_id, row.position) != line[1:4]:
        yield Tampering("cut", line.subject_kind, line.subject_id, line.position)
        yield Tampering("added", row.subject_kind, row.subject_id, row.position)
    elif row.digest != line.digest:
        yield Tampering("rewritten", *line[1:4])
    elif digest_of_event(row) != line.digest:
        yield Tampering("edited", *line[1:4])


def lines_of_database(session: Session) -> Iterator[str]:
    """The register as the database would have it today: what heads are held against where the file is missing."""
    for row in session.execute(select(*_NAMED).order_by(Event.id).execution_options(yield_per=2000)):
        yield str(RegisterLine(*row))


def heads_in(content: str, key: Key | None, refuse: Callable[[str], None]) -> Iterator[Head]:
    """The heads in a text that this key signed; `refuse` is told of each note that is no head, another key's, or without any key."""
    for note in notes_in(content):
        head = Head.read(note)
        if head is None:
            refuse(f"a note of {note.name} is no head")
        elif key is None:
            refuse(f"the head of {head.at} over {head.size} events cannot be checked: there is no key")
        elif not note.is_by(key):
            refuse(f"the head of {head.at} over {head.size} events is not signed by {key}")
        else:
            yield head


def findings(
    session: Session, register: Register, *, key: Key | None, given: Mapping[str, str] | None = None, copy: Iterable[str] | None = None
) -> Iterator[str]:
    """All that is wrong, a line each: what a head or the register says first, then each broken chain once. Nothing when all is whole.

    `given` are texts that hold heads, by the names of their files; `copy` is a register to be believed instead of the one at home.
    """
    faults: list[str] = []
    texts = dict(given or {})
    faults += (f"{name} holds no head" for name, content in texts.items() if not any(notes_in(content)))
    with register.still():
        if register.heads.exists():
            texts[str(register.heads)] = register.heads.read_text(encoding="utf-8")
        at_home = register.read()
    known = {head for content in texts.values() for head in heads_in(content, key, faults.append)}
    lines = copy if copy is not None else at_home
    if lines is None and known:
        faults.append("there is no register: what the database says now is held against the heads")
        lines = lines_of_database(session)
    named: dict[tuple[str, int], str] = {}
    for each in differences(session, lines, known) if lines is not None else ():
        if each.subject_kind:
            named.setdefault((each.subject_kind, each.subject_id), f", event {each.position} ({each.what})")
        else:
            faults.append(each.what)
    for link in broken_links(session):
        named.setdefault((link.subject_kind, link.subject_id), f", event {link.position}")
    yield from (f"wrong: {fault}" for fault in faults)
    yield from (f"broken: {kind} {number}{where}" for (kind, number), where in named.items())


def findings_at_home() -> Iterator[str]:
    """All that is wrong with the history of the running instance, held against its own register, heads and key."""
    register = register_of_instance()
    return findings(db.session(), register, key=register.key())
