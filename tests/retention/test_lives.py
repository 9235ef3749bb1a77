"""Random lives and random nights: nothing stays past its term, nothing frozen goes, and no figure moves."""

import datetime as dt
import random

import pytest
from sqlalchemy import func, select

from refurb.documents.queries import changed_papers
from refurb.keeping.lost import lost_files
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.counts import differences, fold
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.erased_files import FileToErase
from refurb.kernel.deeds.holds import freeze
from refurb.kernel.deeds.retention import run_now, tonight
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.verification import findings_at_home
from refurb.kernel.speech import clock
from refurb.kernel.speech.clock import now
from refurb.referrals.retention import let_drafts_lapse
from refurb.wiring import COUNTS
from tests.retention.lives import Village, bytes_of_disk, everything, texts_of_files

BEGUN = dt.datetime(2024, 3, 4, 9, tzinfo=dt.UTC)
STAYS = ("referrals", "beneficiaries", "allocations", "handovers", "papers", "signings", "borrowers", "loans", "loan_lines", "devices")
"""Tables of which no row is ever deleted by a night."""


def figures():
    """What is counted: the kept counts, and the rows that stay."""
    with unit_of_work() as session:
        fold(session)
    kept = Base.metadata.tables["kept_counts"]
    counted = {tuple(row[:4]): row[4] for row in db.session.execute(select(kept)) if row[4]}
    rows = {name: db.session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) for name in STAYS}
    assert [str(each) for count in COUNTS for each in differences(count)] == []
    return counted, rows


def live(seed, *, nights):
    """Let a village live and its nights pass, and look after each night."""
    draw = random.Random(seed)
    village = Village(draw)
    ends = [("family", end) for end in ("served", "refused", "withdrawn", "draft")]
    ends += [("borrower", end) for end in ("returned", "out", "card")]
    draw.shuffle(ends)
    for kind, end in ends:
        getattr(village, kind)(village.hour(BEGUN), end)
    at = BEGUN + dt.timedelta(days=120)
    with clock.at(at), unit_of_work():
        for life in draw.sample(village.lives, 2):
            life.frozen = True
            freeze(SERVICE, *life.subject, reason="Recours", review_on=clock.today() + dt.timedelta(days=100))
    said = everything()
    assert all(mark.lower() in said for life in village.lives for mark in life.marks[:2]), "who lives is known"
    for _night in range(nights):
        at += dt.timedelta(days=draw.randrange(20, 400), minutes=draw.randrange(60 * 24))
        with clock.at(at):
            with unit_of_work():
                let_drafts_lapse()
            look(village, seed)
    return village


def look(village, seed):
    """One night, and what it left."""
    before, trial = figures(), {each.term.key: (each.due, each.held) for each in tonight()}
    run = run_now(SERVICE)
    told = {each.term: (each.before, each.erased, each.held, each.after) for each in run.tallies}
    assert {key: (erased, held) for key, (_one, erased, held, _left) in told.items()} == trial, "the trial asks what the night does"
    assert not run.has_failed
    assert all(one - erased == left for one, erased, _held, left in told.values())
    assert figures() == before, seed
    assert all(each.due == 0 for each in tonight()), "nothing is left to a second time"
    said, files, disk = everything(), texts_of_files(), bytes_of_disk().lower()
    for life in village.lives:
        marks = [mark.lower() for mark in life.marks]
        # A thing that is out binds whoever has it, whatever the day.
        gone = life.is_over() and not life.frozen and life.kind != "out"
        left = {mark for mark in marks if mark in said or mark in files or mark.encode() in disk}
        assert not (gone and left), (seed, life, now())
        assert gone or marks[0] in said, (seed, life, now())
    assert db.session.scalar(select(func.count()).select_from(FileToErase)) == 0
    assert [*lost_files(), *changed_papers(), *findings_at_home()] == []


def test_nothing_stays_past_its_term_nothing_frozen_goes_and_no_figure_moves(context):
    live(1, nights=4)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2, 40))
def test_whatever_the_lives(context, seed):
    live(seed, nights=8)
