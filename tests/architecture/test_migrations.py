"""The migrations: up and down on both databases, equal to the models, triggers included."""

import os

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from refurb.inventory.devices.queries.found import DEVICE_PIECES
from refurb.inventory.models.places import INSIDE
from refurb.inventory.models.walls import MORE_WALLS, READY_GATE
from refurb.kernel.deeds.counts import triggers
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import APPEND_ONLY
from refurb.kernel.deeds.pieces import is_of_an_index
from refurb.kernel.deeds.walls import install
from refurb.wiring import COUNTS


def fresh(name, backend, tmp_path, request):
    """An empty database, and how to drop it."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / name}.sqlite3", lambda: None
    postgres = request.getfixturevalue("postgres")
    whole = f"{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    postgres.drop_database(whole)
    return postgres.create_database(whole), lambda: postgres.drop_database(whole)


@pytest.fixture
def migrating(backend, make_app, tmp_path, request):
    url, drop = fresh("migrating", backend, tmp_path, request)
    app = make_app(database_url=url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
    drop()


@pytest.fixture
def built(backend, tmp_path, request):
    """A database made from the models, without the migrations."""
    url, drop = fresh("built", backend, tmp_path, request)
    engine = create_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        install(connection, (APPEND_ONLY, READY_GATE, *MORE_WALLS, INSIDE, triggers(COUNTS), DEVICE_PIECES.made))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    drop()


def config(app):
    return app.extensions["migrate"].migrate.get_config()


def walls(connection):
    """The triggers, the functions they call, and the CHECKs, as the database tells them."""
    inspector = inspect(connection)
    checks = {
        (table, check["name"], " ".join(check["sqltext"].split()))
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"))
    else:
        rows = connection.execute(
            text(
                "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL "
                "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            )
        )
    return checks | {(name, " ".join(body.split())) for name, body in rows}


def test_up_is_what_the_models_say(migrating):
    command.upgrade(config(migrating), "head")
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": lambda _item, name, *_rest: not is_of_an_index(name)}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_the_walls_are_those_of_the_models(migrating, built):
    command.upgrade(config(migrating), "head")
    with db.engine.connect() as migrated:
        assert walls(migrated) == walls(built)
        assert len(walls(migrated)) > 20


def test_down_leaves_nothing_and_up_again_works(migrating):
    command.upgrade(config(migrating), "head")
    command.downgrade(config(migrating), "base")
    db.session.remove()
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config(migrating), "head")
