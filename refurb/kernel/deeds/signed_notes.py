"""A text and the signature below it, as C2SP's signed notes have them (c2sp.org/signed-note): anybody checks it with a line of text.

A note ends with an empty line and `— NAME BASE64`, where BASE64 is the key's four-byte number and its Ed25519 signature (RFC 8032).
"""

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

_ED25519 = b"\x01"
_SIGNED_LENGTH = 4 + 64
_NOTE = re.compile(r"(?P<text>(?:[^\n—][^\n]*\n){3,16})\n— (?P<name>[^\s+]+) (?P<signature>[A-Za-z0-9+/]+=*)(?=\s|\Z)")

_QUOTED = re.compile(r"^(?:> ?)+")


class BadKey(ValueError):
    """A line that is no key of this form."""


@dataclass(frozen=True)
class Key:
    """What signatures are checked with. `str` gives the line that verifiers of signed notes take: NAME+NUMBER+KEY."""

    name: str
    public: bytes
    """32 bytes, Ed25519."""

    @property
    def number(self) -> bytes:
        """Four bytes that tell the keys of one name apart."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.number.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    def signed(self, content: bytes, signature: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of a content."""
        from nacl.exceptions import BadSignatureError  # noqa: PLC0415  # Nothing but a signature needs it.
        from nacl.signing import VerifyKey  # noqa: PLC0415  # Nothing but a signature needs it.

        try:
            VerifyKey(self.public).verify(content, signature)
        except BadSignatureError:
            return False
        return True

    @classmethod
    def read(cls, line: str) -> Self:
        """The key that a line names. Raises `BadKey`."""
        name, _, rest = line.strip().partition("+")
        number, _, content = rest.partition("+")
        try:
            kind_and_key = base64.b64decode(content, validate=True)
        except binascii.Error as error:
            raise BadKey(line) from error
        key = cls(name, kind_and_key[1:])
        if not name or kind_and_key[:1] != _ED25519 or len(key.public) != 32 or key.number.hex() != number:
            raise BadKey(line)
        return key


@dataclass(frozen=True)
class SignedNote:
    """A signed text: its lines, each ended, and what stands below them."""

    text: str
    name: str
    signature: bytes
    """The key's number, four bytes, then 64 of signature; not yet checked."""

    def __str__(self) -> str:
        return f"{self.text}\n— {self.name} {base64.b64encode(self.signature).decode()}\n"

    def is_by(self, key: Key) -> bool:
        """Whether this key signed this text."""
        if self.name != key.name or self.signature[:4] != key.number or len(self.signature) != _SIGNED_LENGTH:
            return False
        return key.signed(self.text.encode(), self.signature[4:])


def notes_in(text: str) -> Iterator[SignedNote]:
    """Every note of three lines or more in a text, whatever stands around: a mail's greeting, quotation marks, line ends of Windows."""
    lines = (_QUOTED.sub("", line).rstrip() for line in text.splitlines())
    for found in _NOTE.finditer("\n".join(lines) + "\n"):
        try:
            signature = base64.b64decode(found["signature"] + "==")
        except binascii.Error:  # Cut on its way: it signs nothing.
            signature = b""
        yield SignedNote(found["text"], found["name"], signature)


class Signer:
    """The instance's own key, made at its first use and kept in a file that only its owner reads.

    The file holds one line, `PRIVATE+KEY+NAME+NUMBER+SEED`, the form of Go's `sumdb/note`.
    """

    def __init__(self, name: str, seed: bytes) -> None:
        from nacl.signing import SigningKey  # noqa: PLC0415  # Nothing but a head needs it.

        self._private: Any = SigningKey(seed)
        self.key = Key(name, bytes(self._private.verify_key))

    def sign(self, text: str) -> SignedNote:
        """The note of a text, whose lines all end."""
        return SignedNote(text, self.key.name, self.key.number + self.signature(text.encode()))

    def signature(self, content: bytes) -> bytes:
        """The 64 bytes that sign a content; the same each time."""
        signature: bytes = self._private.sign(content).signature
        return signature

    @classmethod
    def of(cls, place: Path, name: str) -> Self:
        """The key kept at a place; a new one of this name when there is none. Raises `BadKey` for a file that holds none."""
        return cls.kept(place) or cls._made(place, name)

    @classmethod
    def kept(cls, place: Path) -> Self | None:
        """The key kept at a place, None when there is none: nothing is made. Raises `BadKey` for a file that holds none."""
        try:
            line = place.read_text().strip()
        except FileNotFoundError:
            return None
        parts = line.removeprefix("PRIVATE+KEY+").split("+", 2)
        try:
            signer = cls(parts[0], base64.b64decode(parts[2], validate=True)[1:])
        except (IndexError, ValueError) as error:
            raise BadKey(str(place)) from error
        return signer

    @classmethod
    def _made(cls, place: Path, name: str) -> Self:
        seed = os.urandom(32)
        signer = cls(name, seed)
        line = f"PRIVATE+KEY+{name}+{signer.key.number.hex()}+{base64.b64encode(_ED25519 + seed).decode()}\n"
        draft = place.with_name(f"{place.name}.{os.getpid()}.draft")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, place)
        except FileExistsError:  # Another was quicker: there is one key.
            return cls.of(place, name)
        finally:
            draft.unlink()
        return signer
