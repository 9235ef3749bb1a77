"""What is kept counted of visits is what the rows say, whatever is counted, corrected and taken back in whatever order."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.worker import fold_counts
from refurb.kernel.speech.clock import at
from refurb.kernel.speech.errors import Refusal
from refurb.visits import actions
from refurb.visits.counts import COUNTS
from refurb.visits.models import Visit
from refurb.visits.words import AgeBand, Motive
from tests.support.story import people
from tests.support.story.rota import NOVEMBER

DEEDS = ("visit", "visit", "group", "correct", "take_back", "give_up", "fold")


def do(deed, number):
    desk, reasons = people.actor(Role.DESK), {list(Motive)[number], Motive.EMAIL}
    last = db.session.scalar(select(Visit).order_by(Visit.id.desc()).limit(1))
    if deed == "fold":
        fold_counts()
        return
    with suppress(Refusal), unit_of_work():
        if deed == "group":
            actions.count_group(desk, site=1, reasons=reasons, douze_dix_huit=1 + number % 3, non_communique=1)
        elif deed == "correct" and last is not None and last.group_id is None:
            actions.correct_visit(desk, last, site=1, reasons=reasons, age=list(AgeBand)[number % 8])
        elif deed == "take_back" and last is not None:
            actions.take_back(desk, last)
        else:
            actions.count_visit(desk, site=1, reasons=reasons, heard="Internet" if number % 3 else "")
        if deed == "give_up":
            raise Refusal


@settings(max_examples=4, deadline=None, database=None, phases=[Phase.generate], derandomize=True, suppress_health_check=list(HealthCheck))
@given(story=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 30), st.integers(0, 600)), min_size=12, max_size=12))
def test_what_is_kept_of_visits_is_what_is_counted(context, story):
    people.settle()
    instant = NOVEMBER
    for deed, number, minutes in story:
        instant += timedelta(minutes=minutes)
        with at(instant):
            do(deed, number)
    db.session.rollback()
    assert [each for count in COUNTS for each in differences(count)] == []
