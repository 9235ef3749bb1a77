"""`refurb backup`, `restore` and `upgrade`, as somebody at a terminal meets them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from config.settings import SettingError
from tests.support.commands import run
from tests.test_init import init


@pytest.fixture
def begun(tmp_path, sqlite_templates):
    """A real instance that has begun, on a copy of a database with people in it."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "refurb.sqlite3").write_bytes(Path(sqlite_templates[True]).read_bytes())
    (home / "settings.env").write_text("REFURB_SECRET_KEY=of the home, and long enough, too\nREFURB_LANGUAGE=en\n")
    return home


def test_there_and_back(begun, tmp_path):
    made = run(begun, "backup").output.strip()
    assert Path(made).parent == begun / "backups"
    elsewhere = tmp_path / "elsewhere"
    told = run(elsewhere, "restore", made)
    assert told.exit_code == 0, told.output
    assert "verified" in told.output
    assert (elsewhere / "settings.env").read_text() == (begun / "settings.env").read_text()
    with closing(sqlite3.connect(elsewhere / "refurb.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM accounts").fetchone()[0] > 1
    again = run(elsewhere, "restore", made)
    assert again.exit_code == 1
    assert "endroit vide" in again.output


def test_what_is_no_backup(begun, tmp_path):
    told = run(tmp_path / "elsewhere", "restore", str(begun / "settings.env"))
    assert told.exit_code == 1
    assert "sauvegarde entière" in told.output
    with pytest.raises(SettingError, match="refurb restore"):
        init(tmp_path / "elsewhere")


def test_a_key_that_is_none(begun):
    told = run(begun, "backup", "--encrypt-to", "age1nothing")
    assert told.exit_code == 1
    assert "age1" in told.output
