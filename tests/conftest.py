"""The parts every test drives: an application on a real database of each kind, and a client that reads each page."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from config.settings import Settings
from refurb import create_app
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import BEGUN
from refurb.kernel.deeds.hands import hands
from refurb.kernel.deeds.reads import _close_lane
from tests.support import routes
from tests.support.chapters import Shelf, reading
from tests.support.client import CheckingClient, checking
from tests.support.postgres import Cluster
from tests.support.standing import OnPostgres, OnSqlite, Prepare
from tests.support.story import people
from tests.support.templates import sharing

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
FIXTURES = Path(__file__).resolve().parents[2] / "shared" / "fixtures" / "open"

routes.share()


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


_standing: dict[str, Flask] = {}


def _standing_app(home: Path, url: str) -> Flask:
    """The application on a database that stands: one for a worker, since it knows two hundred routes."""
    if url not in _standing:
        _standing[url] = sharing(create_app(settings(home, url)))
        _standing[url].testing = True
    return _standing[url]


def _let_go(*, for_good: bool = True) -> None:
    """Put down the session, and the connections unless they may serve the next test."""
    db.session.remove()
    for hand in (hands.own(), *hands._free):
        _close_lane(hand)
    if for_good or db.engine.pool.checkedout():
        db.engine.dispose()


def _let_all_go() -> None:
    for app in _standing.values():
        with app.app_context():
            _let_go()


def _within(home: Path, deed: Callable[[], None]) -> Prepare:
    def prepare(url: str) -> None:
        with _standing_app(home, url).app_context():
            deed()
            _let_go()

    return prepare


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of this worker's applications; each test finds it without files."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def on_sqlite(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    """The standing SQLite database, and the chapters told on it."""
    folder = tmp_path_factory.mktemp("sqlite")
    standing = OnSqlite(home, folder, _within(home, upgrade), _within(home, people.settle), _let_all_go)
    yield Shelf(standing, folder)
    standing.close()


@pytest.fixture(scope="session")
def on_postgresql(home: Path, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    """The standing PostgreSQL database, and the chapters told on it."""
    folder = tmp_path_factory.mktemp("postgresql")
    return Shelf(OnPostgres(postgres, WORKER, _within(home, upgrade), _within(home, people.settle), _let_all_go), folder)


@pytest.fixture(scope="session")
def sqlite_templates(on_sqlite: Shelf) -> dict[bool, Path]:
    """SQLite databases made by the migrations: without the story's people, and with them."""
    return on_sqlite.standing.templates


@pytest.fixture(scope="session")
def postgres_templates(on_postgresql: Shelf) -> dict[bool, str]:
    """The names of PostgreSQL databases made by the migrations: without the story's people, and with them."""
    return on_postgresql.standing.templates


def _empty(home: Path) -> None:
    for kept in ("files", "history"):
        shutil.rmtree(home / kept, ignore_errors=True)
    (home / BEGUN).unlink(missing_ok=True)


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """The database that this test runs on; `tests.support.databases` says which they are."""
    return str(request.param)


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of one's own; the story's people live in it, and its chapters are read, where the test asks for `app`."""
    settled = "app" in request.fixturenames
    shelf = request.getfixturevalue(f"on_{backend}")
    url = shelf.standing.give(settled=settled)
    # Who puts other parts in the place of the real ones has the story acted out.
    with reading(shelf) if settled and "monkeypatch" not in request.fixturenames else nullcontext():
        yield url


@pytest.fixture
def make_app(database_url: str, home: Path) -> Iterator[Callable[..., Flask]]:
    """New applications on this test's database, with settings changed as wanted."""
    _empty(home)
    made: list[Flask] = []

    def make(**changes: str) -> Flask:
        app = sharing(create_app(settings(home, changes.pop("database_url", database_url), **changes)))
        app.testing = True
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            _let_go()


@pytest.fixture
def app(database_url: str, home: Path) -> Iterator[Flask]:
    """The application, in a territory with one account per role (`people.EMAIL`); each test gets it with its settings as they were."""
    _empty(home)
    app = _standing_app(home, database_url)
    config, extensions = dict(app.config), dict(app.extensions)
    yield app
    with app.app_context():
        _let_go(for_good=False)
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
