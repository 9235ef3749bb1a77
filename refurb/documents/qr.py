"""QR codes of labels and papers (ISO/IEC 18004, level M): which modules are dark, and the one path that draws them.

A QR with a fixed mask is linear over GF(2): each bit of the text always turns the same modules, its share of the
error correction included. The modules that one byte turns are worked out once per size with the `qrcode` library;
after that a code is a handful of XORs on integers, hundreds of times faster than a search for the best mask.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from qrcode import QRCode
from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.LUT import rsPoly_LUT
from reportlab.pdfgen.canvas import Canvas

QUIET_ZONE = 4
"""Modules to leave white on each side."""

MASK = 6
"""The pattern that spares most penalty points on addresses like ours; a fixed one keeps the code linear."""

LARGEST_VERSION = 9
"""Up to here the text's length takes as many bits; 262 alphanumeric signs or 180 bytes are enough for an address."""

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
    for version in range(1, LARGEST_VERSION + 1):
        capacity = 8 * _data_codewords(version)
        if length <= capacity:
            return _symbol(version, _padded(bits, length, capacity))
    raise ValueError(f"{len(text)} signs do not fit a QR code of version {LARGEST_VERSION}")


def draw(canvas: Canvas, symbol: Symbol, x: float, top: float, *, side: float) -> None:
    """Draw the dark modules into the square of `side` points whose top left is (x, top), the quiet zone outside it."""
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


@lru_cache
def _data_codewords(version: int) -> int:
    return sum(block.data_count for block in rs_blocks(version, ERROR_CORRECT_M))


def _symbol(version: int, data: bytes) -> Symbol:
    blank, shares = _template(version)
    for share, byte in zip(shares, data, strict=True):
        blank ^= share[byte]
    side = 17 + 4 * version
    return Symbol(side, format(blank, f"0{side * (side + 1)}b"))


@lru_cache
def _template(version: int) -> tuple[int, list[list[int]]]:
    """The modules of a code without data; then, for each data codeword, which modules each of its 256 values turns."""
    blocks = rs_blocks(version, ERROR_CORRECT_M)
    module_of = _places(version, sum(block.total_count for block in blocks))
    # Codewords are interleaved: the first of each block, then the second of each; the corrections after them alike.
    order = {
        place: number
        for number, place in enumerate(
            [(b, i) for i in range(max(x.data_count for x in blocks)) for b, x in enumerate(blocks) if i < x.data_count]
        )
    }
    data_count, corrections = len(order), blocks[0].total_count - blocks[0].data_count
    shares = []
    for b, block in enumerate(blocks):
        for i, remainder in enumerate(_remainders(block.data_count, corrections)):
            by_bit = []
            for bit in range(8):
                turned = module_of[8 * order[b, i] + 7 - bit]
                for c, value in enumerate(remainder):
                    codeword = data_count + c * len(blocks) + b
                    product = _times(value, 1 << bit)
                    for k in range(8):
                        if product >> k & 1:
                            turned ^= module_of[8 * codeword + 7 - k]
                by_bit.append(turned)
            shares.append(_by_value(by_bit))
    return _modules(version, [0] * sum(x.total_count for x in blocks)), shares


def _by_value(by_bit: list[int]) -> list[int]:
    values = [0]
    for turned in by_bit:
        values += [known ^ turned for known in values]
    return values


def _places(version: int, codewords: int) -> list[int]:
    """For each bit of the codewords, in order, the integer whose only 1 is its module.

    The library is asked where bits land: each asking writes one digit of the bits' own numbers, so a dozen suffice.
    """
    count = 8 * codewords
    blank = _modules(version, [0] * codewords)
    cells = (17 + 4 * version) * (18 + 4 * version)
    number_at = [0] * cells
    for digit in range((count + 1).bit_length()):
        numbers = "".join(str(number >> digit & 1) for number in range(1, count + 1))
        turned = blank ^ _modules(version, list(int(numbers, 2).to_bytes(codewords)))
        for cell in range(cells):
            number_at[cell] |= (turned >> cell & 1) << digit
    places = [0] * (count + 1)
    for cell, number in enumerate(number_at):
        places[number] = 1 << cell
    return places[1:]


def _modules(version: int, codewords: list[int]) -> int:
    """The library's own drawing of these codewords, as the integer whose binary digits are the cells."""
    code = QRCode(version=version, error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.data_cache = codewords
    code.makeImpl(False, MASK)
    return int("".join("".join("1" if dark else "0" for dark in row) + "0" for row in code.modules), 2)


def _remainders(data_count: int, corrections: int) -> list[list[int]]:
    """For each data codeword of a block, the correction codewords that the value 1 there contributes."""
    low = rsPoly_LUT[corrections][1:]
    current = list(low)
    found = [current]
    for _ in range(data_count - 1):
        lead = current[0]
        current = [a ^ _times(lead, b) for a, b in zip([*current[1:], 0], low, strict=True)]
        found.append(current)
    return found[::-1]


def _times(a: int, b: int) -> int:
    """The product in the field of 256 elements."""
    return gexp(glog(a) + glog(b)) if a and b else 0


@lru_cache
def _pdf_runs(side: int) -> dict[tuple[int, int], str]:
    """For the span of each possible run in `cells`, its rectangle."""
    return {
        (row * (side + 1) + start, row * (side + 1) + end): f"{start} {row} {end - start} 1 re"
        for row in range(side)
        for start in range(side)
        for end in range(start + 1, side + 1)
    }
