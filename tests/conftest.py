"""The parts every test drives: an application on a real database of each kind, and a client that reads each page."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade

from config.settings import Settings
from refurb import create_app
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from tests.support.client import CheckingClient, checking
from tests.support.story import people

BACKENDS = ("sqlite", "postgresql")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FIXTURES = Path(__file__).resolve().parents[2] / "shared" / "fixtures" / "open"


def settings(home: Path, database_url: str, **changes: str) -> Settings:
    """The settings of an application in tests: a cheap password hash, an address that leads nowhere."""
    environ = {
        "REFURB_HOME": str(home),
        "REFURB_SECRET_KEY": "only for the tests, and long enough",
        "REFURB_DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgresql://"),
        "REFURB_BASE_URL": "http://refurb.example",
        "REFURB_ARGON2_TIME": "1",
        "REFURB_ARGON2_MEMORY_KIB": "8",
        **{f"REFURB_{name.upper()}": value for name, value in changes.items()},
    }
    return Settings.read(environ)


def _prepare(home: Path, url: str, prepare: Callable[[], None]) -> None:
    app = create_app(settings(home, url))
    with app.app_context():
        prepare()
        _let_go()


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of this worker's applications; each test finds it without files."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def sqlite_templates(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """SQLite databases made by the migrations: without the story's people, and with them."""
    folder = tmp_path_factory.mktemp("template")
    paths = {False: folder / "empty.sqlite3", True: folder / "settled.sqlite3"}
    for settled, prepare in ((False, upgrade), (True, people.settle)):
        if settled:
            shutil.copy(paths[False], paths[True])
        _prepare(folder, f"sqlite:///{paths[settled]}", prepare)
        with closing(sqlite3.connect(paths[settled])) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # What is copied is the one file.
    return paths


@pytest.fixture(scope="session")
def postgres_templates(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[bool, str]:
    """The names of PostgreSQL databases made by the migrations: without the story's people, and with them."""
    folder = tmp_path_factory.mktemp("template")
    names = {False: f"empty_{WORKER}", True: f"settled_{WORKER}"}
    for settled, prepare in ((False, upgrade), (True, people.settle)):
        postgres.drop_database(names[settled])
        _prepare(folder, postgres.create_database(names[settled], names[False] if settled else None), prepare)
    postgres.keep_rows(names[True])
    return names


@pytest.fixture(scope="session")
def postgres_settled(postgres: Any, postgres_templates: dict[bool, str]) -> str:
    """The name of a PostgreSQL database with the story's people; each test finds it as it was."""
    name = f"test_{WORKER}"
    postgres.drop_database(name)
    postgres.create_database(name, postgres_templates[True])
    return name


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that touches the database runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, home: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of one's own; the story's people live in it where the test asks for `app`."""
    settled = "app" in request.fixturenames
    if backend == "sqlite":
        for left in home.glob("refurb.sqlite3*"):
            left.unlink()
        shutil.copy(request.getfixturevalue("sqlite_templates")[settled], home / "refurb.sqlite3")
        yield f"sqlite:///{home / 'refurb.sqlite3'}"
        return
    postgres = request.getfixturevalue("postgres")
    if settled:
        name = request.getfixturevalue("postgres_settled")
        if not postgres.put_back(name):
            postgres.drop_database(name)
            postgres.create_database(name, request.getfixturevalue("postgres_templates")[True])
        yield postgres.url(name)
        return
    name = f"empty_test_{WORKER}"
    postgres.drop_database(name)
    yield postgres.create_database(name, request.getfixturevalue("postgres_templates")[settled])
    postgres.drop_database(name)


@pytest.fixture
def make_app(database_url: str, home: Path) -> Iterator[Callable[..., Flask]]:
    """New applications on this test's database, with settings changed as wanted."""
    shutil.rmtree(home / "files", ignore_errors=True)
    made: list[Flask] = []

    def make(**changes: str) -> Flask:
        app = create_app(settings(home, changes.pop("database_url", database_url), **changes))
        app.testing = True
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            _let_go()


_standing: dict[str, Flask] = {}


@pytest.fixture
def app(database_url: str, home: Path) -> Iterator[Flask]:
    """The application, in a territory with one account per role (`people.EMAIL`).

    Made once per worker and database, since it knows two hundred routes; each test gets it with its settings as they were.
    """
    shutil.rmtree(home / "files", ignore_errors=True)
    if database_url not in _standing:
        _standing[database_url] = create_app(settings(home, database_url))
        _standing[database_url].testing = True
    app = _standing[database_url]
    config, extensions = dict(app.config), dict(app.extensions)
    yield app
    with app.app_context():
        _let_go()
    for kept, now in ((config, app.config), (extensions, app.extensions)):
        now.clear()
        now.update(kept)


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """Inside the application, for tests that call actions; never together with a client."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    """A client nobody is signed in with."""
    return checking(app)


@pytest.fixture
def signed_in(app: Flask) -> Callable[[Role], CheckingClient]:
    """A client signed in as one role."""

    def sign_in(role: Role) -> CheckingClient:
        client = checking(app)
        client.sign_in(people.EMAIL[role])
        return client

    return sign_in


@pytest.fixture
def fixtures() -> Path:
    """The folder of real files of real tools; tests that read it are skipped where it is absent."""
    if not FIXTURES.is_dir():
        pytest.skip("no folder of real files beside this checkout")
    return FIXTURES
