"""When the database or the disk is at fault: said as such, on the page and in JSON, without asking the database for anything."""

import errno
import os
import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from refurb import create_app
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.trouble import Trouble, trouble_of
from refurb.kernel.deeds.turns import NotMyTurn
from tests.conftest import settings
from tests.support.client import checking
from tests.support.story import evidence
from tests.support.story.evidence import Disk, lshw


def said_of(*statements):
    """What a database says at the last of some statements."""
    with pytest.raises(DBAPIError) as caught, db.engine.connect() as connection:
        try:
            for each in statements:
                connection.execute(text(each))
        finally:
            connection.invalidate()
    return trouble_of(caught.value)


def test_a_full_file_and_a_file_that_is_only_read_are_told_apart(context):
    if db.engine.dialect.name == "sqlite":
        assert (
            said_of("PRAGMA max_page_count=1", "CREATE TABLE more (content)", "INSERT INTO more VALUES (zeroblob(9000000))") == "disk_full"
        )
        assert said_of("PRAGMA query_only=ON", "CREATE TABLE more (content)") == "read_only"
    else:
        assert said_of("SET default_transaction_read_only = on", "COMMIT", "CREATE TABLE more (content text)") == "read_only"


def test_whoever_waited_for_long_and_what_is_another_fault():
    assert trouble_of(OperationalError("BEGIN", None, NotMyTurn())) == Trouble.BUSY
    assert trouble_of(OSError(errno.ENOSPC, "full")) == Trouble.DISK_FULL
    for code, trouble in ((sqlite3.SQLITE_BUSY_SNAPSHOT, "busy"), (sqlite3.SQLITE_LOCKED, "busy"), (sqlite3.SQLITE_CORRUPT, None)):
        said = sqlite3.OperationalError("said")
        said.sqlite_errorcode = code
        assert trouble_of(OperationalError("SELECT", None, said)) == trouble
    assert trouble_of(OperationalError("SELECT", None, sqlite3.OperationalError("no such table"))) is None
    assert trouble_of(FileNotFoundError(errno.ENOENT, "gone")) is None


class Said(Exception):
    """What PostgreSQL's driver raises: it bears the server's SQLSTATE."""

    def __init__(self, sqlstate):
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    "state,trouble",
    [
        ("40001", "busy"), ("40P01", "busy"), ("53300", "busy"), ("55P03", "busy"), ("57014", "busy"),
        ("53100", "disk_full"), ("58030", "disk_fault"), ("08006", "away"), ("57P01", "away"), (None, "away"),
        ("53200", None), ("54001", None), ("25P02", None), ("XX001", None), ("28P01", None),
    ],
)  # fmt: skip
def test_only_what_is_busy_is_said_to_be(state, trouble):
    assert trouble_of(OperationalError("SELECT", None, Said(state))) == trouble


def test_what_postgresql_itself_says(context):
    if db.engine.dialect.name != "postgresql":
        return
    too_deep = "SELECT " + "(" * 20_000 + "1" + ")" * 20_000
    assert said_of("SET statement_timeout = 1", "SELECT pg_sleep(1)") == "busy"
    assert said_of(too_deep) is None
    with db.engine.connect() as other:
        other.execute(text("LOCK TABLE accounts"))
        assert said_of("LOCK TABLE accounts NOWAIT") == "busy"
        other.rollback()


@pytest.fixture
def abandoned(tmp_path):
    """An application whose database nobody serves."""
    app = create_app(settings(tmp_path, "postgresql://nobody@127.0.0.1:1/nothing"))
    app.testing = True
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/aide", "/connexion", "/verifier"])
def test_every_page_says_that_the_database_is_away(abandoned, path):
    answer = checking(abandoned).get(path)
    assert answer.status_code == 503
    assert "base de données" in answer.text
    assert answer.headers["Retry-After"] == "60"


def test_so_does_the_json_door_and_the_console(abandoned):
    client = checking(abandoned)
    answer = client.get("/api/v1/devices", headers={"Authorization": "Bearer refurb_x"})
    assert (answer.status_code, answer.json["code"]) == (503, "away")
    told = client.get("/api/v1/devices", headers={"Authorization": "Bearer refurb_x", "Accept": "text/plain"})
    assert told.mimetype == "text/plain"
    assert "base de données" in told.text


def test_a_full_disk_is_said_and_a_missing_folder_too(app, signed_in, home, tmp_path, monkeypatch):
    with app.app_context():
        code = evidence.arrive()[0].code
    client = signed_in(Role.TECHNICIAN)
    headers = {"X-CSRFToken": client.token()}

    def send():
        return client.post(f"/api/v1/devices/{code}/hardware-reports", data=lshw(Disk()), headers=headers)

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", lambda _descriptor: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left on device")))
        answer = send()
        assert (answer.status_code, answer.json["code"]) == (503, "disk_full")
    assert send().status_code == 201
    (home / "files").rename(tmp_path / "elsewhere")
    refused = client.post(f"/api/v1/devices/{code}/hardware-reports", data=lshw(Disk(serial="OTHER0001")), headers=headers)
    assert (refused.status_code, refused.json["code"]) == (503, "storage.missing")
