"""Which modules of a QR code each byte of its text turns: worked out once per size, by asking the `qrcode` library."""

from functools import lru_cache

from qrcode import QRCode
from qrcode.base import gexp, glog, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.LUT import rsPoly_LUT

MASK = 6
"""The pattern that spares most penalty points on addresses like ours; a fixed one keeps the code linear."""


@lru_cache
def template(version: int) -> tuple[int, list[list[int]]]:
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
