"""QR codes: exactly what the library draws, whatever the text, only faster."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from refurb.documents import qr
from refurb.documents.qr_template import MASK


def drawn_by_the_library(text):
    code = QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=MASK, border=0)
    code.add_data(text, optimize=0)
    code.make()
    return code.modules


def modules(symbol):
    return [[symbol.is_dark(row, column) for column in range(symbol.side)] for row in range(symbol.side)]


@given(st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/.-", max_size=200))
def test_an_address_in_capitals_is_drawn_as_the_library_draws_it(text):
    text = f"{text}A"  # the library has a third mode for figures alone, which no address uses
    assert modules(qr.encode(text)) == drawn_by_the_library(text)


@given(st.text(alphabet="abcdefg/éœ🎉-_?=&", max_size=60))
def test_any_other_text_is_drawn_as_the_library_draws_it(text):
    text = f"{text}a"
    assert modules(qr.encode(text)) == drawn_by_the_library(text)


@pytest.mark.parametrize("length", [20, 21, 38, 39, 61, 62, 90, 91, 122, 154, 178, 221, 262])
def test_each_size_is_filled_to_its_brim(length):
    text = "A" * length
    assert modules(qr.encode(text)) == drawn_by_the_library(text)


def test_the_address_of_a_label_takes_25_modules():
    assert qr.encode("HTTPS://RELAIS.EXAMPLE/S/R7K24MXQ").side == 25


def test_a_text_too_long_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        qr.encode("A" * 263)


def test_the_path_for_the_screen_covers_the_dark_modules_and_leaves_four_white_ones_around():
    path, side = qr.svg("HTTPS://RELAIS.EXAMPLE/S/R7K24MXQ")
    symbol = qr.encode("HTTPS://RELAIS.EXAMPLE/S/R7K24MXQ")
    covered = set()
    for x, y, wide in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", path):
        covered |= {(int(y) - 4, int(x) - 4 + step) for step in range(int(wide))}
    assert side == 25 + 8
    assert covered == {(r, c) for r in range(25) for c in range(25) if symbol.is_dark(r, c)}
