"""Backup, restore, rehearsal and upgrade are killed again and again at any moment: what stands afterwards is whole, or known not to be."""

import os
import random
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from config.settings import CHECKOUT, UNFINISHED
from config.start import head_of
from refurb.keeping.archive import manifest_of
from refurb.keeping.backups import archives_in
from tests.support.serving import serving

KILLS = int(os.environ.get("KEEPING_KILLS") or 40)
FORMER = "0045"
"""From which migration an upgrade is killed."""
NEWEST = head_of(each.read_text(encoding="utf-8") for each in (CHECKOUT / "migrations" / "versions").glob("*.py"))
SECRET = "only for the tests, and long enough"
LEFT_BY_REHEARSALS = "SELECT datname FROM pg_database WHERE datname LIKE 'refurb_rehearsal_%'"


@dataclass
class Databases:
    """Databases of one kind, made and copied as wanted."""

    folder: Path
    postgres: Any = None
    made: list[str] = field(default_factory=list)

    def new(self, template: str | Path | None = None) -> str:
        """The address of a database, empty or with what another has."""
        name = f"killed_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(3)}"
        self.made.append(name)
        if self.postgres is not None:
            return self.postgres.create_database(name, template).replace("postgresql+psycopg://", "postgresql://")
        place = self.folder / f"{name}.sqlite3"
        if template is not None:
            shutil.copyfile(template, place)
        return f"sqlite:///{place}"

    def template_of(self, url):
        """What `new` copies to have the database of an address once more."""
        return url.partition("?")[0].rpartition("/")[2] if self.postgres is not None else Path(url.removeprefix("sqlite:///"))

    def drop(self):
        if self.postgres is not None:
            for each in self.made:
                self.postgres.drop_database(each)


@dataclass
class Home:
    """A home folder with its database, and its commands."""

    folder: Path
    url: str = ""

    def begin(self, *arguments):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("REFURB_")}
        environ = clean | {"REFURB_HOME": str(self.folder)} | ({"REFURB_DATABASE_URL": self.url} if self.url else {})
        command = [sys.executable, "-c", "from refurb.cli import main; main()", *arguments]
        return subprocess.Popen(command, cwd=CHECKOUT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def killed(self, seconds, has_begun, *arguments):
        """Whether a command was killed so many seconds after it had begun, before it had ended."""
        process = self.begin(*arguments)
        while process.poll() is None and not has_begun():
            time.sleep(0.005)
        time.sleep(seconds)
        was_running = process.poll() is None
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return was_running

    def done(self, *arguments):
        process = self.begin(*arguments)
        told, _ = process.communicate(timeout=600)
        assert process.returncode == 0, told
        return told.strip().rpartition("\n")[2]

    def timed(self, has_begun, *arguments):
        """For how many seconds a command is at work once it has begun."""
        process = self.begin(*arguments)
        while process.poll() is None and not has_begun():
            time.sleep(0.005)
        began = time.monotonic()
        told, _ = process.communicate(timeout=600)
        assert process.returncode == 0, told
        return time.monotonic() - began

    def ask(self, query):
        """The rows that a query of the database gives."""
        if self.url.startswith("postgresql"):
            with closing(psycopg.connect(self.url)) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
            return connection.execute(query).fetchall()

    def revision(self):
        """The migration at which the database is."""
        return self.ask("SELECT version_num FROM alembic_version")[0][0]

    def tables(self):
        """What the database is made of, in words."""
        if not self.url.startswith("postgresql"):
            assert self.ask("PRAGMA integrity_check") == [("ok",)]
            assert self.ask("PRAGMA foreign_key_check") == []
            # A table made anew names its constraints in any order.
            told = self.ask("SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY 1, 2")
            return {(kind, name): sorted(line.strip(" \t,") for line in (sql or "").splitlines()) for kind, name, sql in told}
        return {part: self.ask(query) for part, query in SCHEMA.items()}

    def serves(self):
        """It starts, and people may sign in."""
        with serving(self.url, self.folder, lambda: None, secret_key=SECRET):
            return True


SCHEMA = {
    "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns "
    "WHERE table_schema = 'public' ORDER BY 1, 2",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled::text, pg_get_triggerdef(oid) FROM pg_trigger "
    "WHERE NOT tgisinternal ORDER BY 1, 2",
    "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2",
}


@pytest.fixture
def databases(backend, tmp_path, request):
    made = Databases(tmp_path, request.getfixturevalue("postgres") if backend == "postgresql" else None)
    yield made
    made.drop()


@pytest.fixture
def begun(databases, backend, tmp_path, request):
    """An instance with people and forty megabytes of files that no row names."""
    home = tmp_path / "home"
    home.mkdir()
    templates = request.getfixturevalue("sqlite_templates" if backend == "sqlite" else "postgres_templates")
    (home / "settings.env").write_text(f"REFURB_SECRET_KEY={SECRET}\n")
    for number in range(40):
        place = home / "files" / f"{number:02x}" / "00" / f"{number:02x}00{'0' * 60}"
        place.parent.mkdir(parents=True)
        place.write_bytes(os.urandom(2**20))
    return Home(home, databases.new(templates[True]))


@pytest.mark.soak
def test_a_killed_backup_is_none_and_the_next_one_is_whole(begun):
    drawn, folder = random.Random(31), begun.folder / "backups"

    def has_begun():
        return list(folder.glob(".*.draft"))

    lasts = begun.timed(has_begun, "backup")
    kills = sum(begun.killed(drawn.uniform(0, lasts), has_begun, "backup") for _ in range(KILLS))
    assert kills > KILLS // 3
    for each in archives_in(folder):
        with each.open("rb") as file:
            assert manifest_of(file).held
    begun.done("backup")
    assert not list(folder.glob(".*.draft"))
    assert begun.serves()


@pytest.mark.soak
def test_a_killed_restore_is_known_and_begins_anew(begun, databases, tmp_path):
    drawn, archive, before = random.Random(32), begun.done("backup"), begun.tables()

    def empty():
        return Home(tmp_path / f"elsewhere-{secrets.token_hex(3)}", databases.new() if databases.postgres else "")

    def arguments():
        return "restore", archive, "--anyway"

    first = empty()
    lasts = first.timed((first.folder / "files").exists, *arguments())
    elsewhere, unfinished = empty(), 0
    for _ in range(KILLS):
        elsewhere.killed(drawn.uniform(0, lasts), (elsewhere.folder / "files").exists, *arguments())
        if (elsewhere.folder / UNFINISHED).exists():
            unfinished += 1
            process = elsewhere.begin("backup")
            assert "restore" in process.communicate()[0]
            assert process.returncode == 2
        elif (elsewhere.folder / "settings.env").exists():
            elsewhere = empty()
    assert unfinished > KILLS // 3
    if not (elsewhere.folder / UNFINISHED).exists():
        elsewhere = empty()
    assert "verified" in elsewhere.done(*arguments())
    elsewhere.url = elsewhere.url or f"sqlite:///{elsewhere.folder / 'refurb.sqlite3'}"
    assert elsewhere.tables() == before
    assert "every chain is whole" in elsewhere.done("history", "verify")
    assert elsewhere.serves()


@pytest.mark.soak
def test_a_killed_rehearsal_leaves_the_instance_as_it_was_and_the_next_one_cleans_up(begun):
    drawn, work, before = random.Random(34), begun.folder / "backups" / ".rehearsal", begun.tables()
    begun.done("backup")
    lasts = begun.timed(work.exists, "rehearse")
    kills = sum(begun.killed(drawn.uniform(0, lasts), work.exists, "rehearse") for _ in range(KILLS // 2))
    assert kills > KILLS // 6
    begun.done("rehearse")
    assert not work.exists()
    assert begun.tables() == before
    if begun.url.startswith("postgresql"):
        assert begun.ask(LEFT_BY_REHEARSALS) == []
    assert begun.serves()


@pytest.mark.soak
def test_a_killed_upgrade_goes_on_and_ends_where_one_that_was_left_alone_does(begun, databases):
    drawn, copies = random.Random(33), begun.folder / "backups"
    people = begun.ask("SELECT id, email, name FROM accounts ORDER BY id")
    begun.done("db", "downgrade", FORMER)
    former = databases.template_of(begun.url)

    def moves():
        """Whether the next migration is done since now: killed afterwards, it is in the middle of another."""
        stood = begun.revision()
        return lambda: begun.revision() != stood

    begun.url = databases.new(former)
    began = moves()
    process = begun.begin("upgrade")
    while not began() and process.poll() is None:
        time.sleep(0.005)
    since = time.monotonic()
    while begun.revision() != NEWEST and process.poll() is None:
        time.sleep(0.005)
    lasts, _ = time.monotonic() - since, process.communicate()
    kills, between, today = 0, set(), begun.tables()
    while kills < KILLS:
        begun.url = databases.new(former)
        known = set(copies.glob("upgrade-*.tar"))
        kills += begun.killed(drawn.uniform(0, lasts / 4), lambda known=known: set(copies.glob("upgrade-*.tar")) - known, "upgrade")
        for _ in range(4):
            between.add(begun.revision())
            begun.tables()
            kills += begun.killed(drawn.uniform(0, lasts / 3), moves(), "upgrade")
        begun.done("upgrade")
        assert begun.tables() == today
        assert begun.ask("SELECT id, email, name FROM accounts ORDER BY id") == people
    assert len(between) > min(5, KILLS // 4)
    assert "every chain is whole" in begun.done("history", "verify")
    assert begun.serves()


@pytest.mark.soak
def test_two_nodes_that_upgrade_at_once_wait_in_turn(begun, databases):
    begun.done("db", "downgrade", FORMER)
    former = databases.template_of(begun.url)
    begun.url = databases.new(former)
    begun.done("upgrade")
    today = begun.tables()
    for _ in range(3):
        begun.url = databases.new(former)
        nodes = [begun.begin("upgrade") for _ in range(3)]
        told = [each.communicate(timeout=600)[0] for each in nodes]
        assert [each.returncode for each in nodes] == [0, 0, 0], told
        assert begun.tables() == today
