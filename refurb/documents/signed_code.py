"""The code on a paper that proves it without us: who issued it, which number, when, and the sum of its words, signed with our key.

Bytes, at most 163: 1 for the form (1); 4, the number of the key; 1, the length of the reference, and the reference; 2, the day, counted
from 1 January 2000; 32, the SHA-256 of the words; the issuer's name, as much of it as fits; 64, the Ed25519 signature (RFC 8032) of all
that stands before. They are written in Crockford's base 32: a QR code keeps them small, and people can type them.

The words are all the strings that are drawn on the pages before the code itself, in their order, with a line end between them,
and a plain space for each blank.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from refurb.kernel.deeds.signed_notes import Key, Signer

MOST = 163
"""Bytes; with more, the QR would not fit version 9, whose 53 modules are 0.43 mm wide in a square of 23 mm."""

FORM = 1
_DAY_ONE = date(2000, 1, 1)
_STANDARD, _CROCKFORD = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_BLANK = re.compile(r"[\t-\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")  # Fonts have one sign for several of them.
_TO, _FROM = str.maketrans(_STANDARD, _CROCKFORD), str.maketrans(_CROCKFORD + "OIL", _STANDARD + "ABB")


class NoSignedCode(ValueError):
    """A text that is no code of this form."""


@dataclass(frozen=True)
class SignedCode:
    """What a code says; nothing of it is proven before `is_by`."""

    key_number: bytes
    reference: str
    issued_on: date
    words: bytes
    """SHA-256 of the paper's words."""
    issuer: str
    """Its beginning, where the whole name is too long."""
    content: bytes
    """What is signed."""
    signature: bytes

    @classmethod
    def read(cls, typed: str) -> Self:
        """What a code says, however it was typed: groups, lower case, O for 0. Raises `NoSignedCode`."""
        text = re.sub(r"[\s-]+", "", typed).upper().translate(_FROM)
        try:
            raw = base64.b32decode(text + "=" * (-len(text) % 8))
            content, signature = raw[:-64], raw[-64:]
            reference, rest = content[6 : 6 + content[5]].decode("ascii"), content[6 + content[5] :]
            issued_on = _DAY_ONE + timedelta(days=int.from_bytes(rest[:2]))
            if content[0] != FORM or len(rest) < 34:
                raise NoSignedCode(typed)
            return cls(content[1:5], reference, issued_on, rest[2:34], rest[34:].decode(), content, signature)
        except (IndexError, ValueError) as error:
            raise NoSignedCode(typed) from error

    def is_by(self, key: Key) -> bool:
        """Whether this key signed it."""
        return self.key_number == key.number and key.signed(self.content, self.signature)


class CodeToSign:
    """The code of one paper, signed once its words are known; `text` is "" until then."""

    def __init__(self, signer: Signer, reference: str, issued_on: date, issuer: str) -> None:
        self._signer = signer
        number, day = reference.encode("ascii"), (issued_on - _DAY_ONE).days
        self._before = bytes([FORM]) + signer.key.number + bytes([len(number)]) + number + day.to_bytes(2)
        self._issuer = _cut(issuer, MOST - len(self._before) - 32 - 64)
        self.text = ""

    def sign(self, words: Iterable[str]) -> str:
        """The code for these words."""
        self.text = self._code(words_sum(words))
        return self.text

    def blank(self) -> str:
        """A code of the same length, for whoever has to know how much room it takes."""
        return self._code(bytes(32))

    def _code(self, words: bytes) -> str:
        content = self._before + words + self._issuer
        return _spelt(content + self._signer.signature(content))


def words_sum(words: Iterable[str]) -> bytes:
    """The SHA-256 of a paper's words."""
    return hashlib.sha256("\n".join([_BLANK.sub(" ", each) for each in words]).encode()).digest()


def groups(code: str) -> str:
    """The code as it is printed, four signs at a time."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def _spelt(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=").translate(_TO)


def _cut(name: str, most: int) -> bytes:
    """The name, or as much of it as fits, whole letters, with « … »."""
    whole = name.encode()
    if len(whole) <= most:
        return whole
    return whole[: most - 3].decode(errors="ignore").encode() + "…".encode()
