"""`refurb init` begins a real instance: its secrets, its database by the migrations, its organisation and first administrator."""

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from tests.support.commands import run

TOLD = {
    "name": "Le Relais d'ici",
    "place": "Poitiers",
    "email": "aude@relais.example",
    "person": "Aude Minier",
    "password": "une phrase de passe",
}


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def migrated(fresh: Path, sqlite_templates: dict[bool, Path]) -> Path:
    """A home whose tables stand already, as after a start that was stopped: what migrating does is seen once, above."""
    fresh.mkdir()
    shutil.copy(sqlite_templates[False], fresh / "refurb.sqlite3")
    return fresh


def init(fresh: Path, settings: dict[str, str] | None = None, **changes: str) -> Result:
    return run(fresh, "init", *told(changes), **{"REFURB_ARGON2_TIME": "1", "REFURB_ARGON2_MEMORY_KIB": "8"} | (settings or {}))


def told(changes: dict[str, str]) -> list[str]:
    return [part for name, value in {**TOLD, **changes}.items() for part in (f"--{name}", value)]


def process(fresh: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The answer of the command itself, in a process of its own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("REFURB_")}
    command = [Path(sys.executable).parent / "refurb", *arguments]
    return subprocess.run(command, env={**clean, "REFURB_HOME": str(fresh)}, capture_output=True, encoding="utf-8", check=False)


def rows(fresh: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(fresh / "refurb.sqlite3")) as connection:
        return connection.execute(query).fetchall()


def test_it_works(fresh: Path):
    answer = process(fresh, "init", *told({}))
    assert answer.returncode == 0, answer.stderr
    assert TOLD["email"] in answer.stdout
    assert rows(fresh, "SELECT name, is_home FROM organisations") == [(TOLD["name"], 1)]
    of_one = "SELECT email, name, role FROM accounts JOIN role_grants ON account_id = accounts.id"
    assert rows(fresh, of_one) == [(TOLD["email"], TOLD["person"], "admin")]
    assert TOLD["password"] not in str(rows(fresh, "SELECT * FROM accounts"))


def test_the_answers_stand_in_a_file_and_a_flag_wins(migrated: Path, tmp_path: Path):
    file = tmp_path / "premier-jour.toml"
    file.write_text("\n".join(f'{name} = "{value}"' for name, value in TOLD.items()), encoding="utf-8")
    cheap = {"REFURB_ARGON2_TIME": "1", "REFURB_ARGON2_MEMORY_KIB": "8"}
    answer = run(migrated, "init", "--file", str(file), "--place", "Civray", **cheap)
    assert answer.exit_code == 0, answer.output
    assert "/mise-en-route" in answer.output
    assert rows(migrated, "SELECT name, place FROM organisations") == [(TOLD["name"], "Civray")]


def test_what_no_flag_says_is_asked_the_password_twice(migrated: Path):
    told = [part for name in ("name", "place", "email", "person") for part in (f"--{name}", TOLD[name])]
    typed = f"{TOLD['password']}\n{TOLD['password']}\n"
    answer = run(migrated, "init", *told, typed=typed, REFURB_ARGON2_TIME="1", REFURB_ARGON2_MEMORY_KIB="8")
    assert answer.exit_code == 0, answer.output
    assert TOLD["password"] not in answer.output


@pytest.mark.parametrize("text", ["name = [", "name = 3", 'nom = "Le Relais"'])
def test_a_file_that_says_something_else_begins_nothing(fresh: Path, tmp_path: Path, text: str):
    (tmp_path / "odd.toml").write_text(text, encoding="utf-8")
    answer = run(fresh, "init", "--file", str(tmp_path / "odd.toml"))
    assert answer.exit_code == 2
    assert "Invalid value for '--file'" in answer.output
    assert not fresh.exists()


def test_its_secret_is_drawn_and_nobody_else_may_read_it(migrated: Path, tmp_path: Path):
    other = shutil.copytree(migrated, tmp_path / "other")
    for each in (migrated, other):
        init(each)
    secrets = [(each / "settings.env").read_text(encoding="utf-8") for each in (migrated, other)]
    assert secrets[0] != secrets[1]
    assert stat.S_IMODE((migrated / "settings.env").stat().st_mode) == 0o600


def test_a_second_time_changes_nothing(migrated: Path):
    init(migrated)
    secret = (migrated / "settings.env").read_text(encoding="utf-8")
    answer = init(migrated, email="somebody@else.example")
    assert answer.exit_code == 1
    assert rows(migrated, "SELECT email FROM accounts") == [(TOLD["email"],)]
    assert (migrated / "settings.env").read_text(encoding="utf-8") == secret


def test_a_demonstration_does_not_become_real(fresh: Path):
    answer = init(fresh, {"REFURB_DEMO": "true", "REFURB_SECRET_KEY": "only for the tests, and long enough"})
    assert answer.exit_code == 1
    assert not (fresh / "refurb.sqlite3").exists()


@pytest.mark.parametrize(("field", "typed"), [("email", "pas une adresse"), ("password", "court"), ("name", " "), ("person", "x" * 161)])
def test_what_is_wrong_is_said_and_nothing_begins(migrated: Path, field: str, typed: str):
    answer = init(migrated, **{field: typed})
    assert answer.exit_code == 1
    assert "Traceback" not in answer.stderr
    assert answer.stderr.startswith("Error: ")
    assert rows(migrated, "SELECT count(*) FROM organisations") == [(0,)]
    assert init(migrated).exit_code == 0


def test_a_real_instance_has_no_demonstration(migrated: Path):
    init(migrated)
    answer = run(migrated, "demo")
    assert answer.exit_code == 0
    assert rows(migrated, "SELECT count(*) FROM accounts") == [(1,)]


def test_an_instance_is_brought_up_to_date_by_a_command(migrated):
    init(migrated)
    with closing(sqlite3.connect(migrated / "refurb.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert process(migrated, "db", "current").stdout.strip() == "0001"
    assert run(migrated, "db", "history").exit_code == 0


def test_verifying_the_history_writes_nothing_and_the_first_head_makes_the_key(migrated):
    init(migrated)
    assert run(migrated, "history", "verify").exit_code == 0
    assert run(migrated, "history", "key").exit_code == 1
    assert not (migrated / "history").exists()
    assert run(migrated, "history", "head").exit_code == 0
    key = run(migrated, "history", "key").stdout
    assert run(migrated, "history", "verify", "--key", key).exit_code == 0
    (migrated / "history" / "key").unlink()
    lost = run(migrated, "history", "verify")
    assert (lost.exit_code, "there is no key" in lost.stdout) == (1, True)
    assert not (migrated / "history" / "key").exists()
