"""`make run` on a prepared installation: when it may skip the commands that prepare one."""

import sqlite3
from contextlib import closing

import pytest

from config.settings import CHECKOUT, Settings
from config.start import TOLD, head_of, is_migrated, told_before

FIRST = 'revision = "2026_first"\ndown_revision = None\n'
SECOND = 'revision: str = "2026_second"\ndown_revision: str | None = "2026_first"\n'


@pytest.fixture
def settings(tmp_path):
    return Settings.read({"REFURB_HOME": str(tmp_path), "REFURB_SECRET_KEY": "k" * 32})


@pytest.fixture
def migrations(tmp_path):
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "first.py").write_text(FIRST)
    (versions / "second.py").write_text(SECOND)
    return versions.parent


def migrate(settings, revision):
    with closing(sqlite3.connect(settings.home / "refurb.sqlite3")) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num text)")
        connection.execute("INSERT INTO alembic_version VALUES (?)", [revision])
        connection.commit()


def test_a_database_at_the_newest_migration_needs_no_upgrade(settings, migrations):
    migrate(settings, "2026_second")
    assert is_migrated(settings, migrations)


def test_a_database_at_an_older_migration_does(settings, migrations):
    migrate(settings, "2026_first")
    assert not is_migrated(settings, migrations)


def test_no_database_does_and_none_is_made(settings, migrations):
    assert not is_migrated(settings, migrations)
    assert not (settings.home / "refurb.sqlite3").exists()


@pytest.mark.parametrize("content", [b"", b"not a database"])
def test_a_file_that_is_no_database_does(settings, migrations, content):
    (settings.home / "refurb.sqlite3").write_bytes(content)
    assert not is_migrated(settings, migrations)


def test_two_heads_are_none():
    assert head_of([FIRST, SECOND, SECOND.replace("second", "third")]) is None
    assert head_of([]) is None


def test_the_migrations_here_have_one_head():
    assert head_of(each.read_text(encoding="utf-8") for each in (CHECKOUT / "migrations/versions").glob("*.py"))


def test_what_the_demonstration_said_is_said_again(settings):
    (settings.home / TOLD).write_text("http://127.0.0.1:8000\nadmin…\n", encoding="utf-8")
    assert told_before(settings) == "http://127.0.0.1:8000\nadmin…\n"


@pytest.mark.parametrize("text", ["", "http://127.0.0.1:80001", "http://127.0.0.1:80"])
def test_what_it_said_of_another_address_is_not(settings, text):
    (settings.home / TOLD).write_text(text)
    assert told_before(settings) is None
