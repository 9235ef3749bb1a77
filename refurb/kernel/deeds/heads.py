"""What proves the history to somebody who does not trust the database: a register beside it, and signed heads that are given out.

Whoever holds the database can drop its triggers, and cut or write anew a whole chain with right sums: the chain alone cannot tell. So
each event gets a line in the register, an append-only text file outside the database, and each round of the worker that saw events signs
a head: how many lines there are, and the root of the Merkle tree over them (RFC 6962 §2.1). A head is a checkpoint as transparency logs
have them (c2sp.org/tlog-checkpoint). Only the right edge of the tree is kept: a head costs the same at ten events and at ten million.

Against the database the register tells exactly which events are not what they were. Against somebody who can write the register too, the
heads tell: those that went out by mail or download are out of reach.
"""

import base64
import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.paper_keys import PaperKeys
from refurb.kernel.deeds.signed_notes import Key, SignedNote, Signer, notes_in
from refurb.kernel.speech.clock import now

MOST_LINES = 20_000
"""Lines that one round writes: a long history enters its register by and by, and no mail waits for it meanwhile."""

_LOCK_MS = 500


class RegisterLine(NamedTuple):
    """One line of the register: an event, by its number, its subject, its place in the subject's chain, and its sum."""

    event: int
    subject_kind: str
    subject_id: int
    position: int
    digest: str

    def __str__(self) -> str:
        return f"{self.event} {self.subject_kind} {self.subject_id} {self.position} {self.digest}"

    @classmethod
    def read(cls, line: str) -> Self | None:
        """The line that a text is; None when it is none."""
        match line.split(" "):
            case [event, kind, subject, position, digest] if event.isdecimal() and subject.isdecimal() and position.isdecimal():
                return cls(int(event), kind, int(subject), int(position), digest)
        return None


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass
class Tree:
    """The right edge of a Merkle tree as RFC 6962 §2.1 builds it: enough to add leaves and to say the root."""

    size: int = 0
    edge: list[bytes] = field(default_factory=list)
    """Roots of the whole subtrees, the largest first: as many as `size` has ones in base two."""

    def add(self, leaf: bytes) -> None:
        """Add one leaf at the end."""
        self.edge.append(hashlib.sha256(b"\x00" + leaf).digest())
        rest = self.size
        while rest & 1:
            right = self.edge.pop()
            self.edge.append(_joined(self.edge.pop(), right))
            rest >>= 1
        self.size += 1

    def root(self) -> bytes:
        """32 bytes; the sum of nothing for a tree without leaves."""
        if not self.edge:
            return hashlib.sha256(b"").digest()
        *others, root = self.edge
        for each in reversed(others):
            root = _joined(each, root)
        return root


@dataclass(frozen=True)
class Head:
    """How much history there was at an instant, and the root over all of it."""

    origin: str
    size: int
    root: bytes
    at: str
    """ISO 8601, UTC. An extension line of the checkpoint: signed, and not part of the tree."""
    papers: str = ""
    """The key of the codes on papers in force then, "" where there was none: a second extension line."""

    def __str__(self) -> str:
        lines = [self.origin, str(self.size), base64.b64encode(self.root).decode(), self.at, *filter(None, [self.papers])]
        return "".join(f"{each}\n" for each in lines)

    @classmethod
    def read(cls, note: SignedNote) -> Self | None:
        """The head that a note is; None when it is another text."""
        lines = note.text.splitlines()
        if len(lines) < 3 or not lines[1].isdecimal():
            return None
        try:
            root = base64.b64decode(lines[2], validate=True)
        except ValueError:
            return None
        return cls(lines[0], int(lines[1]), root, *lines[3:5]) if len(lines) > 3 else cls(lines[0], int(lines[1]), root, "")


@dataclass(frozen=True)
class RegisterEdge:
    """Where the register stands, as the file beside it says: what is kept between two rounds."""

    tree: Tree
    length: int = 0
    """Bytes of the register."""
    event: int = 0
    """Number of the last event that is in it."""

    @classmethod
    def kept_at(cls, place: Path) -> Self:
        """The standing kept at a place, that of an empty register when there is none."""
        try:
            kept = json.loads(place.read_text())
        except FileNotFoundError:
            return cls(Tree())
        return cls(Tree(kept["size"], [bytes.fromhex(each) for each in kept["edge"]]), kept["length"], kept["event"])

    def keep_at(self, place: Path) -> None:
        """Replace what is kept at a place, whole or not at all."""
        edge = [each.hex() for each in self.tree.edge]
        draft = place.with_suffix(".draft")
        with draft.open("w") as file:
            json.dump({"size": self.tree.size, "edge": edge, "length": self.length, "event": self.event}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)


class RegisterCut(Exception):
    """The register is shorter than it was: somebody took lines away, or the disk did."""


class Register:
    """The folder `history` of the home: the register, the heads that were signed, the key that signed them."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder
        self._origin = origin
        self.lines, self.heads = folder / "register", folder / "heads"
        self._standing, self._key = folder / "edge.json", folder / "key"

    def signer(self) -> Signer:
        """What signs a head: the instance's own key, made with the first one. For who signs; who reads asks for `key`."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Signer.of(self._key, self._origin)

    def key(self) -> Key | None:
        """The key that the heads are checked with; None before the first head. Raises `BadKey` for a file that holds none."""
        signer = Signer.kept(self._key)
        return signer.key if signer is not None else None

    def last_note(self) -> SignedNote | None:
        """The newest head, as it was signed."""
        try:
            with self.heads.open("rb") as file:
                file.seek(max(0, self.heads.stat().st_size - 4096))
                found = list(notes_in(file.read().decode(errors="replace")))
        except FileNotFoundError:
            return None
        return found[-1] if found else None

    def add(self, lines: Iterable[RegisterLine]) -> SignedNote | None:
        """Add the lines of new events, in the order of their numbers, and sign a head; None when there was nothing to add.

        What a crash leaves half done is done again: the register counts as far as its standing says. Raises `RegisterCut`.
        """
        signer = self.signer()
        standing = self._edge()
        tree, event, written = standing.tree, standing.event, []
        for line in lines:
            tree.add(str(line).encode())
            event = line.event
            written.append(f"{line}\n".encode())
        if not written:
            return None
        content = b"".join(written)
        with os.fdopen(os.open(self.lines, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
            if file.seek(0, os.SEEK_END) < standing.length:
                raise RegisterCut(f"the register has {file.tell()} bytes instead of {standing.length}")
            file.seek(standing.length)
            file.truncate()
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        at = now().isoformat(timespec="seconds")
        papers = PaperKeys(self.folder, signer.key.name).current()
        note = signer.sign(str(Head(signer.key.name, tree.size, tree.root(), at, str(papers.key) if papers else "")))
        with os.fdopen(os.open(self.heads, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(f"{note}\n")
            file.flush()
            os.fsync(file.fileno())
        RegisterEdge(tree, standing.length + len(content), event).keep_at(self._standing)
        return note

    def read(self) -> Iterator[str] | None:
        """The lines of the register as it stands now, without their ends; None when there is none."""
        if not self.lines.exists():
            return None
        return self._read(RegisterEdge.kept_at(self._standing).length or self.lines.stat().st_size)

    def _read(self, left: int) -> Iterator[str]:
        with self.lines.open("rb") as file:
            for line in file:
                if left <= 0:
                    return
                left -= len(line)
                yield line.removesuffix(b"\n").decode(errors="replace")

    def _edge(self) -> RegisterEdge:
        """Where the register stands; worked out from its lines where the file that says so is gone."""
        kept = RegisterEdge.kept_at(self._standing)
        if kept.length or not self.lines.exists():
            return kept
        tree, length, event = Tree(), 0, 0
        for text_of_line in self.read() or ():
            line = RegisterLine.read(text_of_line)
            if line is None:
                raise RegisterCut("a line of the register is none, and where it stood is not known")
            tree.add(text_of_line.encode())
            length, event = length + len(text_of_line.encode()) + 1, line.event
        return RegisterEdge(tree, length, event)

    def last_event(self) -> int:
        """Number of the last event that has its line; 0 when none has."""
        return self._edge().event

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let nobody write it meanwhile; where nobody ever has, there is nothing to hold."""
        try:
            file = (self.folder / "lock").open("rb")
        except FileNotFoundError:
            yield
            return
        with file:
            fcntl.flock(file, fcntl.LOCK_SH)
            yield

    @contextmanager
    def held(self) -> Iterator[bool]:
        """Be the only one who writes it; False when another process does."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)) as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True


def register_of_instance() -> Register:
    """The register of the running instance; its key's name is its public address, as transparency logs are named."""
    return Register(Path(current_app.config["HOME"]) / "history", f"{urlsplit(current_app.config['BASE_URL']).netloc}/history")


def _last_final(after: int) -> int:
    """Number of the last event before which none can appear any more.

    SQLite numbers events in the order of their commits. PostgreSQL does not: for an instant nobody may be writing an event, and whoever
    would waits for as long as one reading takes. When somebody writes for longer than half a second, the next round tries again.
    """
    newest: int = db.session.scalar(select(func.max(Event.id))) or 0
    db.session.rollback()
    if newest <= after or db.engine.dialect.name != "postgresql":
        return newest
    try:
        with db.engine.connect() as connection:
            connection.execute(text(f"SET LOCAL lock_timeout = {_LOCK_MS}"))
            connection.execute(text("LOCK TABLE events IN SHARE MODE"))
            return connection.scalar(select(func.max(Event.id))) or 0
    except OperationalError:
        return after


def sign_head(register: Register, most: int = MOST_LINES) -> SignedNote | None:
    """Register up to `most` events that have no line yet, and sign a head over all; None when there was none, or others are at it."""
    with register.held() as is_mine:
        if not is_mine:
            return None
        after = register.last_event()
        last = _last_final(after)
        if last <= after:
            return None
        query = (
            select(Event.id, Event.subject_kind, Event.subject_id, Event.position, Event.digest)
            .where(Event.id > after, Event.id <= last)
            .order_by(Event.id)
            .limit(most)
        )
        lines = [RegisterLine(*row) for row in db.session.execute(query)]
        db.session.rollback()
        return register.add(lines)


def sign_up_to_now(register: Register) -> SignedNote | None:
    """Register every event there is, and say the newest head; None when there has been no event."""
    while sign_head(register) is not None:
        pass
    return register.last_note()
