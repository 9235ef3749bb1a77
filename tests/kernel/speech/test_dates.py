"""Days and moments as people write them."""

import pytest

from refurb.kernel.speech.dates import day_in, moment_in


@pytest.fixture(autouse=True)
def _clock(context):
    """A territory's clock: of two digits, the century follows from today."""


@pytest.mark.parametrize(
    "typed",
    [
        "2026-11-20", "20/11/2026", "20-11-26", "20.11.2026", "20 11 2026", "20 nov. 2026", "20 novembre 2026", "Vendredi 20 Novembre 2026",
        "20\u202fnov.\u00a02026", "20 / 11 / 2026", "20 November 2026", "2026/11/20", " 20-nov-2026 ", "２０/１１/２０２６",
    ],
)  # fmt: skip
def test_a_day(typed):
    assert day_in(typed).isoformat() == "2026-11-20"


@pytest.mark.parametrize(
    "typed,day",
    [("1er mars 2026", "2026-03-01"), ("15 août 26", "2026-08-15"), ("3 févr. 2026", "2026-02-03"), ("05/06/98", "1998-06-05")],
)
def test_other_days(typed, day):
    assert day_in(typed).isoformat() == day


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "demain",
        "20/11",
        "11/20/2026",
        "31/02/2026",
        "20/11/226",
        "20 brumaire 2026",
        "9" * 5000,
        "0/0/0000",
        "٣",
    ],
)
def test_no_day(typed):
    assert day_in(typed) is None


@pytest.mark.parametrize(
    "typed",
    ["2026-11-20T14:30", "2026-11-20 14:30:00", "20/11/26 14:30", "20 nov. 2026 à 14 h 30", "20/11/26, 14h30", "20-11-26 14H30"],
)
def test_a_moment(typed):
    assert moment_in(typed).isoformat() == "2026-11-20T14:30:00"


def test_a_full_hour():
    assert moment_in("20/11/2026 à 9 h").isoformat() == "2026-11-20T09:00:00"


@pytest.mark.parametrize("typed", ["20/11/2026", "14:30", "20/11/2026 25:00", "20/11/2026 14:61", "hier à 9 h"])
def test_no_moment(typed):
    assert moment_in(typed) is None
