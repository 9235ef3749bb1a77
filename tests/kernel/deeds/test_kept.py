"""What a process keeps between requests: never longer than it is true, whoever did something, and in whichever process."""

import pytest
from sqlalchemy import update

from refurb.accounts.models import Account
from refurb.directory.actions import add_organisation
from refurb.directory.models import Organisation
from refurb.directory.queries import home
from refurb.kernel.deeds import kept as module
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.kept import asks_once, kept
from refurb.kernel.deeds.unit_of_work import commits, unit_of_work


class Reading:
    """Something that is read, and how often it was."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        """Read it."""
        self.times += 1
        return self.times


def _times(app, reading: Reading) -> int:
    with app.app_context():
        return kept("reading", reading)


def test_it_is_read_once_while_nobody_does_anything(app):
    reading = Reading()
    # PostgreSQL's own housekeeping now and then does something: one quiet round of several is enough.
    rounds = [{_times(app, reading) for _turn in range(5)} for _round in range(6)]
    assert min(map(len, rounds)) == 1


def test_it_is_read_again_after_a_deed(app):
    reading = Reading()
    _times(app, reading)
    with app.app_context():
        with unit_of_work():
            add_organisation(SERVICE, name="Une structure")
        assert kept("reading", reading) == 2  # In the same request too.
    assert _times(app, reading) == 2


def test_it_is_read_again_after_a_deed_of_another_process(app, monkeypatch):
    reading = Reading()
    _times(app, reading)
    before = commits.count
    with app.app_context(), unit_of_work():
        add_organisation(SERVICE, name="Une structure")
    monkeypatch.setattr(commits, "count", before)  # What another process did is not counted here.
    assert _times(app, reading) == 2


def test_it_is_read_again_after_a_commit_that_leaves_no_trace(app):
    reading = Reading()
    _times(app, reading)
    with app.app_context(), unit_of_work() as session:
        session.execute(update(Account).values(language="en"))
    assert _times(app, reading) == 2


def test_what_leaves_no_trace_elsewhere_is_seen_soon(app, monkeypatch):
    reading = Reading()
    monkeypatch.setattr(module, "AT_MOST_SECONDS", -1.0)
    assert [_times(app, reading) for _turn in range(3)] == [1, 2, 3]


def test_within_a_unit_nothing_is_kept(app):
    reading = Reading()
    with app.app_context(), unit_of_work():
        assert [kept("reading", reading) for _turn in range(2)] == [1, 2]


def test_a_deed_that_fails_leaves_what_is_true(app):
    with app.app_context():
        before = home().name
        with pytest.raises(ZeroDivisionError), unit_of_work():
            db.session.execute(update(Organisation).where(Organisation.is_home).values(name="Jamais"))
            assert home().name == "Jamais"
            raise ZeroDivisionError
        assert home().name == before


def test_two_processes_show_the_same_name_card(app, make_app, database_url, monkeypatch):
    other = make_app()
    for each in (app, other):
        with each.app_context():
            assert home().name
    before = commits.count
    with app.app_context(), unit_of_work():
        ours = db.session.query(Organisation).filter_by(is_home=True).one()
        ours.name = "Le nouveau nom"
        record(ours, "entered", SERVICE)
    monkeypatch.setattr(commits, "count", before)
    assert other.test_client().get("/aide").text.count("Le nouveau nom") > 0
    assert app.test_client().get("/aide").text.count("Le nouveau nom") > 0


def test_a_unit_reads_what_it_writes_and_once_where_it_says_that_it_writes_none_of_it(app):
    reading = Reading()
    with app.app_context():
        with unit_of_work():
            assert [kept("reading", reading) for _turn in range(3)] == [1, 2, 3]
            with asks_once():
                assert [kept("reading", reading) for _turn in range(3)] == [4, 4, 4]
                with asks_once():
                    assert kept("reading", reading) == 4
                assert kept("reading", reading) == 4
            assert kept("reading", reading) == 5
        with unit_of_work(), asks_once():
            assert kept("reading", reading) == 6, "never what another unit read"
