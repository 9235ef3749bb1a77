"""What is left out of text, and what is not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refurb.kernel.speech.signs import clean, number_in, without_controls


@pytest.mark.parametrize(
    "typed,kept",
    [
        ("Jean\u00adPaul", "JeanPaul"),
        ("Ali\u202egnp", "Alignp"),
        ("marie@ccas.fr\u200b", "marie@ccas.fr"),
        ("\ufeffSalon\u2060", "Salon"),
        ("Jean\nPaul", "Jean Paul"),
        ("Jean\r\n Paul\tDurand", "Jean Paul Durand"),
        ("un\x85deux\u2028trois", "un deux trois"),
        ("a\0b\x1bc\ud800", "abc"),
        ("e\u0301", "é"),
        ("\u3164\u115f", ""),
        ("a\u200db", "ab"),
        # What is drawn, or spelt, stays.
        ("\u06a9\u062a\u0627\u0628\u200c\u0647\u0627", "\u06a9\u062a\u0627\u0628\u200c\u0647\u0627"),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("❤\ufe0f\u200d🔥", "❤\ufe0f\u200d🔥"),
        ("Đặng Thị Hương", "Đặng Thị Hương"),
        ("10\u202f000 «\u00a0oui\u00a0»", "10 000 « oui »"),
    ],
)
def test_one_line(typed, kept):
    assert clean(typed, lines=False) == kept


def test_several_lines():
    assert clean(" un\r\ndeux\u2029trois\u200b\0 ", lines=True) == "un\ndeux\ntrois"


@settings(max_examples=60)
@given(st.text())
def test_what_is_clean_stays_as_it_is_and_can_be_kept(text):
    for lines in (False, True):
        once = clean(text, lines=lines)
        assert clean(once, lines=lines) == once
        assert "\0" not in once.encode().decode()
    assert without_controls(text).encode().decode() == without_controls(text)


@pytest.mark.parametrize("typed", [None, "", "-1", "+1", "1.0", " 1", "²", "٣", "1_0", "9" * 10, "9" * 25, "9" * 5000, "NaN", "x"])
def test_what_is_no_number_of_ours_names_nothing(typed):
    assert number_in(typed) is None
    assert number_in("0042") == 42
