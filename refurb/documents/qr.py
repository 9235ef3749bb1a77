"""QR codes of labels and papers (ISO/IEC 18004, level M): which modules are dark, and the one path that draws them.

A QR with a fixed mask is linear over GF(2): each bit of the text always turns the same modules, its share of the
error correction included. The modules that one byte turns are worked out once per size with the `qrcode` library;
after that a code is a handful of XORs on integers, hundreds of times faster than a search for the best mask.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

QUIET_ZONE = 4
"""Modules to leave white on each side."""

DATA_CODEWORDS = (16, 28, 44, 64, 86, 108, 124, 154, 182)
"""How many bytes fit each version of level M, from the first (ISO/IEC 18004, table 7). Up to the ninth the text's length takes as
many bits; 262 alphanumeric signs or 180 bytes are enough for an address."""

_ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {sign: value for value, sign in enumerate(_ALPHANUMERIC)}
_PAIR = {a + b: 45 * x + y for a, x in _VALUE.items() for b, y in _VALUE.items()}
_RUN = re.compile("1+")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR code: `side` modules wide and high; `cells` row by row as 0 and 1, each row closed by one 0 more."""

    side: int
    cells: str

    def is_dark(self, row: int, column: int) -> bool:
        """Whether the module is dark; the first row is the top one."""
        return self.cells[row * (self.side + 1) + column] == "1"


def is_alphanumeric(text: str) -> bool:
    """Whether each sign belongs to the small alphabet, in which two signs take 11 bits instead of 16."""
    return _VALUE.keys() >= set(text)


def encode(text: str) -> Symbol:
    """The smallest symbol of level M for `text`; raises ValueError when it does not fit version 9 (53 modules)."""
    bits, length = _alphanumeric(text) if is_alphanumeric(text) else _bytes(text.encode())
    for version, codewords in enumerate(DATA_CODEWORDS, start=1):
        if length <= 8 * codewords:
            return _symbol(version, _padded(bits, length, 8 * codewords))
    raise ValueError(f"{len(text)} signs do not fit a QR code of version {len(DATA_CODEWORDS)}")


def draw(canvas: Any, symbol: Symbol, x: float, top: float, *, side: float) -> None:
    """Draw the dark modules on reportlab's canvas in the square of `side` points from (x, top), its top left; the quiet zone is around."""
    module = side / symbol.side
    canvas.addLiteral(f"q 0 g {module:.5f} 0 0 {-module:.5f} {x:.4f} {top:.4f} cm\n{pdf_path(symbol)}\nf Q")


def pdf_path(symbol: Symbol) -> str:
    """PDF operators for one path of merged horizontal runs, which the caller scales and fills.

    One unit is one module, the origin is the top left, y grows downwards.
    """
    pieces = _pdf_runs(symbol.side)
    return "\n".join([pieces[run.span()] for run in _RUN.finditer(symbol.cells)])


def svg(text: str) -> tuple[str, int]:
    """The `d` of one SVG path for the screen, and N of its viewBox `0 0 N N`; the quiet zone lies inside."""
    symbol = encode(text)
    row_length = symbol.side + 1
    pieces = []
    for run in _RUN.finditer(symbol.cells):
        row, column = divmod(run.start(), row_length)
        pieces.append(f"M{column + QUIET_ZONE} {row + QUIET_ZONE}h{len(run.group())}v1h-{len(run.group())}z")
    return "".join(pieces), symbol.side + 2 * QUIET_ZONE


def _alphanumeric(text: str) -> tuple[int, int]:
    """Mode, length and signs as an integer, and how many bits it has."""
    bits = 0b0010 << 9 | len(text)
    for at in range(0, len(text) - 1, 2):
        bits = bits << 11 | _PAIR[text[at : at + 2]]
    if len(text) % 2:
        bits = bits << 6 | _VALUE[text[-1]]
    return bits, 13 + 11 * (len(text) // 2) + 6 * (len(text) % 2)


def _bytes(raw: bytes) -> tuple[int, int]:
    return (0b0100 << 8 | len(raw) & 0xFF) << 8 * len(raw) | int.from_bytes(raw), 12 + 8 * len(raw)


def _padded(bits: int, length: int, capacity: int) -> bytes:
    """The data codewords: up to four closing zeros, zeros to the next byte, then EC and 11 in turn to the end."""
    closed = min(length + 4, capacity)
    closed += -closed % 8
    data = (bits << closed - length).to_bytes(closed // 8)
    missing = capacity // 8 - len(data)
    return data + (b"\xec\x11" * missing)[:missing]


def _symbol(version: int, data: bytes) -> Symbol:
    from refurb.documents.qr_template import template  # noqa: PLC0415 - loaded where it is used

    blank, shares = template(version)
    for share, byte in zip(shares, data, strict=True):
        blank ^= share[byte]
    side = 17 + 4 * version
    return Symbol(side, format(blank, f"0{side * (side + 1)}b"))


@lru_cache
def _pdf_runs(side: int) -> dict[tuple[int, int], str]:
    """For the span of each possible run in `cells`, its rectangle."""
    return {
        (row * (side + 1) + start, row * (side + 1) + end): f"{start} {row} {end - start} 1 re"
        for row in range(side)
        for start in range(side)
        for end in range(start + 1, side + 1)
    }
