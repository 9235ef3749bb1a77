"""`refurb backup`, `restore` and `upgrade`, as somebody at a terminal meets them."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from config.settings import UNFINISHED, SettingError, read_settings_file
from tests.support.commands import run
from tests.test_init import init

BEFORE = "REFURB_SECRET_KEYS_BEFORE"


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
    told = run(elsewhere, "restore", made, REFURB_SECRET_KEY="of the environment, and long enough")
    assert told.exit_code == 0, told.output
    assert "verified" in told.output
    old = read_settings_file(begun / "settings.env")
    # What the key of before signed is still read where the environment has another.
    assert read_settings_file(elsewhere / "settings.env") == {**old, BEFORE: quote(old["REFURB_SECRET_KEY"], safe="")}
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


def test_no_worker_begins_where_a_restore_has_not_ended(begun, monkeypatch):
    monkeypatch.setattr("refurb.commands.worker.work", lambda *_: None)  # It would go on for ever.
    (begun / UNFINISHED).write_text("{}")
    with pytest.raises(SettingError, match="refurb restore"):
        run(begun, "worker")


def test_a_key_that_is_none(begun):
    told = run(begun, "backup", "--encrypt-to", "age1nothing")
    assert told.exit_code == 1
    assert "age1" in told.output


def test_the_key_is_rotated_and_forgotten(begun):
    old = read_settings_file(begun / "settings.env")["REFURB_SECRET_KEY"]
    assert run(begun, "key", "rotate").exit_code == 0
    assert run(begun, "key", "rotate").exit_code == 0
    lines = read_settings_file(begun / "settings.env")
    first, second = map(unquote, lines[BEFORE].split(","))
    assert second == old
    assert len({first, second, lines["REFURB_SECRET_KEY"]}) == 3
    assert lines["REFURB_LANGUAGE"] == "en"
    assert (begun / "settings.env").stat().st_mode & 0o077 == 0
    assert "2" in run(begun, "key", "forget").output
    assert BEFORE not in read_settings_file(begun / "settings.env")
    told = run(begun, "key", "rotate", REFURB_SECRET_KEY="of the environment, and long enough")
    assert told.exit_code == 1
    assert BEFORE in told.output


def test_no_key_is_forgotten_on_which_a_card_rests(begun):
    with closing(sqlite3.connect(begun / "refurb.sqlite3")) as connection, connection:
        [number] = connection.execute("SELECT min(id) FROM accounts").fetchone()
        kept = (number, "0" * 64, "2026-11-29 10:00:00")
        connection.execute("INSERT INTO card_codes (account_id, digest, made_at) VALUES (?, ?, ?)", kept)
    run(begun, "key", "rotate")
    told = run(begun, "key", "forget")
    assert (told.exit_code, BEFORE in read_settings_file(begun / "settings.env")) == (1, True)
    assert "--lose-cards" in told.output
    assert "1" in run(begun, "key", "forget", "--lose-cards").output
    assert BEFORE not in read_settings_file(begun / "settings.env")
    with closing(sqlite3.connect(begun / "refurb.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM card_codes").fetchone() == (0,)


def test_a_lost_second_factor_is_taken_away_at_the_terminal(begun):
    with closing(sqlite3.connect(begun / "refurb.sqlite3")) as connection, connection:
        number, email = connection.execute("SELECT id, email FROM accounts ORDER BY id").fetchone()
        connection.execute(
            "INSERT INTO card_codes (account_id, digest, made_at) VALUES (?, ?, ?)", (number, "0" * 64, "2026-11-29 10:00:00")
        )
    assert run(begun, "reset-factor", "nobody@relais.example").exit_code == 1
    told = run(begun, "reset-factor", email.upper())
    assert (told.exit_code, told.output.startswith("taken away")) == (0, True)
    assert run(begun, "reset-factor", email).output.startswith("there was none")
    with closing(sqlite3.connect(begun / "refurb.sqlite3")) as connection:
        assert connection.execute("SELECT count(*) FROM card_codes").fetchone() == (0,)
        assert connection.execute("SELECT move, actor_id FROM events ORDER BY id DESC").fetchone() == ("factor_reset", None)


def test_the_commands_are_told_before_there_is_an_instance(tmp_path):
    told = run(tmp_path, "--help")
    assert told.exit_code == 0
    assert "Traceback" not in told.output
    assert "Traceback" not in told.stderr
    assert {"init", "backup", "reset-factor"} <= set(told.output.split())
