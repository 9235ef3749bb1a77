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
from refurb.kernel.access import Role
from refurb.kernel.database import db
from tests.support.client import CheckingClient, checking
from tests.support.story import people

BACKENDS = ("sqlite", "postgresql")
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


def _migrate(home: Path, url: str) -> None:
    app = create_app(settings(home, url))
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database, made by the migrations."""
    home = tmp_path_factory.mktemp("template")
    _migrate(home, f"sqlite:///{home / 'refurb.sqlite3'}")
    with closing(sqlite3.connect(home / "refurb.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # What is copied is the one file.
    return home / "refurb.sqlite3"


@pytest.fixture(scope="session")
def postgres_template(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an empty PostgreSQL database, made by the migrations."""
    name = f"template_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    postgres.drop_database(name)
    _migrate(tmp_path_factory.mktemp("template"), postgres.create_database(name))
    return name


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Each test that touches the database runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of one's own."""
    if backend == "sqlite":
        path = tmp_path / "refurb.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    postgres = request.getfixturevalue("postgres")
    name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    postgres.drop_database(name)
    yield postgres.create_database(name, request.getfixturevalue("postgres_template"))
    postgres.drop_database(name)


@pytest.fixture
def make_app(database_url: str, tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """Applications on this test's database, with settings changed as wanted."""
    made: list[Flask] = []

    def make(**changes: str) -> Flask:
        app = create_app(settings(tmp_path / "home", changes.pop("database_url", database_url), **changes))
        app.testing = True
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application, with a territory and one account per role (`people.EMAIL`)."""
    app = make_app()
    with app.app_context():
        people.settle()
    return app


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
