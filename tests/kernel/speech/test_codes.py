"""Codes: made, checked, written, and read back from whatever a scanner types."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refurb.kernel.speech.codes import ALPHABET, UnreadableCode, address, check_symbol, find_code, new_code, read_code, spell

codes = st.text(ALPHABET, min_size=7, max_size=7).map(lambda body: body + check_symbol(body))


def test_a_new_code_is_read_back():
    for _ in range(200):
        code = new_code()
        assert len(code) == 8
        assert set(code) <= set(ALPHABET)
        assert read_code(code) == code


@given(codes, st.sampled_from(["", " ", "\t", "-", "\u2011", "\u00a0"]))
def test_spaces_dashes_and_case_do_not_count(code, noise):
    assert find_code(noise.join(code)) == code
    assert find_code(spell(code).lower()) == code
    assert find_code(f"  {noise.join(code.lower())}\r\n") == code


@given(codes)
def test_an_address_of_any_host(code):
    assert find_code(address(code, "https://relais.example/")) == code
    for host in ("http://localhost:8000", "HTTPS://AUTRE.EXAMPLE", "https://relais.example/refurb", ""):
        for end in ("", "/", "?utm=1", "#x"):
            assert find_code(f"{host}/s/{code.lower()}{end}") == code


# What the keys of these signs type on a French AZERTY computer when a scanner set to a US keyboard presses them.
AZERTY = str.maketrans("123456789-/.:QWZM", "&é\"'(-è_ç)!:MAZW?")


@given(codes.filter(lambda code: set(code) & set("12345789")))
def test_a_scanner_on_the_wrong_keyboard(code):
    assert find_code(code.translate(AZERTY)) == code
    assert find_code(address(code, "https://relais.example").translate(AZERTY)) == code


@given(codes)
def test_every_wrong_symbol_is_noticed(code):
    for place, wrong in itertools.product(range(8), ALPHABET):
        if wrong != code[place]:
            assert find_code(code[:place] + wrong + code[place + 1 :]) is None


@given(codes)
def test_every_swap_of_two_is_noticed(code):
    for first, second in itertools.combinations(range(8), 2):
        if code[first] != code[second]:
            signs = list(code)
            signs[first], signs[second] = signs[second], signs[first]
            assert find_code("".join(signs)) is None


def test_what_looks_like_a_one_is_one():
    code = next(each for each in (new_code() for _ in range(10_000)) if "1" in each)
    assert find_code(code.replace("1", "I")) == code
    assert find_code(code.replace("1", "l")) == code


@pytest.mark.parametrize(
    "typed", ["", " ", "BONJOUR", "5CG8421QK7", "https://relais.example/appareils", "R7K24MX", "R7K24MXQQ", "\x00" * 8, "é" * 400]
)
def test_what_is_no_code(typed):
    assert find_code(typed) is None
    with pytest.raises(UnreadableCode):
        read_code(typed)


def test_the_address_stays_in_the_small_mode_of_a_qr():
    assert address("R7K24MXQ", "https://relais.example/") == "HTTPS://RELAIS.EXAMPLE/S/R7K24MXQ"
