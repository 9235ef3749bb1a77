"""The organisation's colour: contrast as WCAG counts it, and what is refused."""

import re

import pytest

from refurb.directory.letterhead.colours import GROUNDS, LEAST, STOP, by_day, by_night, contrast, is_alarming, style_sheet, weakest
from refurb.kernel.web.pages import STATIC


def test_the_figures_are_those_of_the_designer():
    """From theme-exemple: white on the plum 9.8, on its darker one 12.9, the plum on paper 8.8."""
    assert round(contrast("#FFFFFF", "#6D2A5E"), 1) == 9.8
    assert round(contrast("#FFFFFF", "#521D46"), 1) == 12.9
    assert round(contrast("#6D2A5E", "#F6F2EA"), 1) == 8.8
    assert contrast("#000000", "#FFFFFF") == contrast("#FFFFFF", "#000000") == 21


@pytest.mark.parametrize("colour", ["#6D2A5E", "#0B5563", "#1D4ED8", "#2C6114", "#5A4A42", "#000000"])
def test_a_colour_that_is_taken_reads_well_by_day_and_by_night(colour):
    assert weakest(colour).ratio >= LEAST
    assert not is_alarming(colour)
    night = by_night(colour)
    for ground in ("paper", "surface", "sunken"):
        assert contrast(night.text, GROUNDS["night"][ground]) >= LEAST
        assert contrast(by_day(colour).text, GROUNDS["day"][ground]) >= LEAST
    assert contrast(night.ink, night.accent) >= LEAST
    assert contrast(GROUNDS["night"]["ink-2"], night.soft) >= LEAST


@pytest.mark.parametrize("colour", ["#FFD100", "#B35900", "#7A7A7A", "#FFFFFF", "#6FC7D3"])
def test_a_colour_that_is_too_light_is_not(colour):
    assert weakest(colour).ratio < LEAST


def test_red_reads_as_danger_and_brown_does_not():
    assert is_alarming(STOP)
    assert is_alarming("#8A1538")
    assert not is_alarming("#6D2A5E")
    assert not is_alarming("#4A3F3C")


def test_the_grounds_are_those_of_our_style_sheet():
    told = re.findall(r"--(paper|surface|sunken|ink-2|stop): (#\w{6})", (STATIC / "css" / "tokens.css").read_text())
    assert {name: value.upper() for name, value in told[:5]} == GROUNDS["day"] | {"stop": STOP}
    assert {name: value.upper() for name, value in told[5:10] if name != "stop"} == GROUNDS["night"]


def test_the_style_sheet_replaces_the_five_by_day_and_by_night():
    sheet = style_sheet("#6D2A5E")
    assert sheet.count("--accent: ") == sheet.count("--accent-soft: ") == sheet.count("--accent-text: ") == 2
    assert "prefers-color-scheme: dark" in sheet
