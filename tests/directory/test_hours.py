"""The hours of a week: typed, read from OpenStreetMap, and kept in one form."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as some

from refurb.directory.sites.hours import HoursNotUnderstood, HoursUnclear, read_osm, spans_typed, week_of

WORKDAY = ((540, 750), (840, 1080))


@pytest.mark.parametrize(
    ("typed", "spans"),
    [
        ("9h-12h30, 14h-18h", WORKDAY),
        ("9h à 12h30 · 14h à 18h", WORKDAY),
        ("de 9 h à 12 h 30 et de 14 h à 18 h", WORKDAY),
        ("9:00–12:30 14:00–18:00", WORKDAY),
        ("9-12, 12-18", ((540, 1080),)),
        ("22h-24h", ((1320, 1440),)),
        ("", ()),
        ("Fermé", ()),
        ("–", ()),
    ],
)
def test_hours_are_read_as_people_type_them(typed, spans):
    assert spans_typed(typed) == spans


@pytest.mark.parametrize(
    "typed",
    ["9h", "9h-", "18h-9h", "9h-25h", "9h-12h70", "9h-12h, 11h-14h", "14h-18h, 9h-12h", "matin", "9h-12h sur rendez-vous", "9h-9h"],
)
def test_what_is_no_span_is_refused_with_what_was_typed(typed):
    with pytest.raises(HoursUnclear) as refused:
        spans_typed(typed)
    assert refused.value.facts["typed"]


@pytest.mark.parametrize(
    ("osm", "kept"),
    [
        ("Mo-Fr 09:00-12:30,14:00-18:00", "Mo-Fr 09:00-12:30,14:00-18:00"),
        ("mo,we 9:00-12:00; PH off", "Mo 09:00-12:00; We 09:00-12:00"),
        ("Mo-Su 09:00-18:00; Su off", "Mo-Sa 09:00-18:00"),
        ("Sa-Mo 10:00-12:00", "Mo 10:00-12:00; Sa-Su 10:00-12:00"),
        ("09:00-18:00", "Mo-Su 09:00-18:00"),
        ("24/7", "Mo-Su 00:00-24:00"),
        ("off", "off"),
    ],
)
def test_openstreetmap_is_read_and_kept_in_one_form(osm, kept):
    assert str(read_osm(osm)) == kept


@pytest.mark.parametrize(
    "osm",
    [
        "Jan-Mar 09:00-12:00",
        "week 1-53/2 Mo 09:00-12:00",
        "Mo 22:00-02:00",
        "Mo 09:00+",
        'Mo "sur rendez-vous"',
        "Mo sunrise-sunset",
        "Mo[1] 09:00-12:00",
        "Mo 09:00-12:70",
    ],
)
def test_what_is_more_than_a_week_is_refused_by_name(osm):
    with pytest.raises(HoursNotUnderstood) as refused:
        read_osm(f"Tu 10:00-12:00; {osm}")
    assert refused.value.facts["part"] == osm


_SPANS = some.lists(some.integers(0, 288), min_size=0, max_size=6, unique=True).map(
    lambda ends: tuple((5 * first, 5 * until) for first, until in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)


@given(some.lists(_SPANS, min_size=7, max_size=7))
def test_what_is_kept_is_read_as_it_was(days):
    week = week_of(days)
    assert read_osm(str(week)) == week


def test_a_half_day_is_open_when_the_hours_touch_it():
    week = read_osm("Mo 14:00-18:00; Tu 09:00-12:00")
    assert week.opens_between(1, time(14), time(17))
    assert not week.opens_between(1, time(9), time(12))
    assert not week.opens_between(1, time(18), time(20)), "closed from 18:00 on"
    assert [week.opens(day) for day in range(1, 8)] == [True, True, False, False, False, False, False]
