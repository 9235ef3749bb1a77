"""The demonstration at any hour: whenever it is begun, what has happened is past, and happened when people are about."""

from collections import defaultdict
from datetime import datetime, time

from refurb.demo import PLANS
from refurb.demo.diary import Cast, Diary
from refurb.kernel.speech.clock import at, from_wall, local, now

HOURS = (
    "2026-11-29 00:20", "2026-11-29 15:00", "2026-11-29 23:50",  # a Sunday
    "2026-11-30 00:05", "2026-11-30 07:00", "2026-11-30 09:45", "2026-11-30 11:00", "2026-11-30 23:50",  # a Monday
    "2026-12-25 14:00", "2027-01-02 01:00", "2028-02-29 12:00", "2027-03-28 03:30",  # closed, closed, a leap day, an hour that is none
)  # fmt: skip


class Planned(Diary):
    """A diary that is read, not lived."""

    def happened(self):
        return [local(instant) for instant, _number, _deed in self._deeds]


def planned():
    cast, diary = Cast(actors=defaultdict(object)), Planned()
    for plan in PLANS:
        plan(cast, diary)
    return diary


def standing_at(hour):
    return at(from_wall(datetime.fromisoformat(hour)))


def test_what_has_happened_is_past_and_nobody_works_at_night(client):
    for hour in HOURS:
        with client.application.app_context(), standing_at(hour):
            happened = planned().happened()
            assert max(happened) < now(), hour
            assert {each.strftime("%H:%M") for each in happened if not time(8) <= each.time() <= time(20)} == set(), hour


def test_something_happened_today(client):
    for hour, least in (("2026-11-29 15:00", 3), ("2026-11-29 23:50", 3), ("2026-11-30 11:00", 5), ("2026-11-30 23:50", 5)):
        with client.application.app_context(), standing_at(hour):
            diary = planned()
            assert sum(each.date() == diary.today for each in diary.happened()) >= least, hour


def test_something_is_awaited_today_or_as_soon_as_the_house_is_open(client):
    for hour, day in (("2026-11-30 00:05", "2026-11-30"), ("2026-11-29 23:50", "2026-11-30"), ("2026-12-25 14:00", "2026-12-28")):
        with client.application.app_context(), standing_at(hour):
            assert Diary().open_day().isoformat() == day
