"""The SQLite database that stands: whoever rests connected finds it as it was made; what the log alone does not undo has it made anew."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.support.standing import OnSqlite


def connected(standing):
    return closing(sqlite3.connect(standing.url.removeprefix("sqlite:///"), isolation_level=None, timeout=0))


def names(connection):
    return [name for (name,) in connection.execute("SELECT name FROM people ORDER BY name")]


@pytest.fixture
def told():
    """How often everybody was told to let go."""
    return []


@pytest.fixture
def standing(tmp_path, told):
    def doing(*statements):
        def prepare(url):
            with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
                for each in statements:
                    connection.execute(each)

        return prepare

    folder = tmp_path / "kept"
    folder.mkdir()
    migrate = doing("PRAGMA journal_mode=WAL", "CREATE TABLE people (name TEXT)")
    made = OnSqlite(tmp_path, folder, migrate, doing("INSERT INTO people VALUES ('Samira')"), lambda: told.append("let go"))
    made.give(settled=True)
    told.clear()
    yield made
    made.close()


def test_whoever_rests_connected_reads_what_there_is_now(standing, told):
    with connected(standing) as resting:
        resting.execute("INSERT INTO people VALUES ('Yann')")
        kept = standing.keep()
        for _each in range(2):
            standing.give(settled=True)
            assert names(resting) == ["Samira"]
            standing.turn_to(kept, None)
            assert names(resting) == ["Samira", "Yann"]
        resting.execute("INSERT INTO people VALUES ('Aude')")
        standing.give(settled=True)
        assert names(resting) == ["Samira"]
        assert resting.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert told == []


@pytest.mark.parametrize(
    "deeds",
    [
        ["CREATE TABLE more (content)"],
        ["INSERT INTO people VALUES ('Yann')", "PRAGMA wal_checkpoint(TRUNCATE)"],
        ["BEGIN IMMEDIATE", "INSERT INTO people VALUES ('Yann')"],
    ],
    ids=["another table", "into the file", "in the middle"],
)
def test_it_is_made_anew(standing, told, deeds):
    with connected(standing) as somebody:
        for each in deeds:
            somebody.execute(each).fetchall()
        assert standing.keep() is None
        standing.give(settled=True)
        assert told == ["let go"]
        with connected(standing) as another:
            another.execute("INSERT INTO people VALUES ('Aude')")
            assert names(another) == ["Aude", "Samira"]
            assert another.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_another_file_in_its_place_is_not_taken_for_it(standing, told, tmp_path):
    with connected(standing) as somebody:
        somebody.execute("INSERT INTO people VALUES ('Yann')")
    shutil.copy(standing.templates[False], tmp_path / "another")
    os.utime(tmp_path / "another", (0, 0))
    (tmp_path / "another").replace(tmp_path / "refurb.sqlite3")
    standing.give(settled=True)
    with connected(standing) as another:
        assert names(another) == ["Samira"]
    assert told == ["let go"]


def test_with_people_and_without_are_two(standing):
    for settled, there in ((False, []), (True, ["Samira"])):
        standing.give(settled=settled)
        with connected(standing) as somebody:
            assert names(somebody) == there
