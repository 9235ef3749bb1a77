"""The migrations: up and down on both databases, equal to the models, triggers included."""

import hashlib
import os

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from refurb.accounts.walls import LAST_ADMINISTRATOR
from refurb.ceremonies.consents.walls import CONSENTS_WALL
from refurb.directory.organisations.models import MERGE_WALL
from refurb.inventory.models.places import INSIDE
from refurb.inventory.models.walls import MORE_WALLS, READY_GATE
from refurb.kernel.deeds.counts import triggers
from refurb.kernel.deeds.database import Base, db
from refurb.kernel.deeds.history import APPEND_ONLY
from refurb.kernel.deeds.pieces import is_of_an_index
from refurb.kernel.deeds.policy_versions import KEPT_FOR_EVER
from refurb.kernel.deeds.walls import install
from refurb.lending.claims.models import CLAIMS_WALL
from refurb.lending.machines.models import MACHINE_SLOTS_WALL
from refurb.lending.models import PIECE_MOVES_WALL
from refurb.lending.supplies.models import SUPPLY_MOVES_WALL
from refurb.referrals.models import HOUSEHOLDS_WALL
from refurb.wiring import COUNTS, PIECES


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
def migrated(make_app):
    """A database as the migrations made it."""
    with make_app().app_context():
        yield


@pytest.fixture
def built(backend, tmp_path, request):
    """A database made from the models, without the migrations."""
    url, drop = fresh("built", backend, tmp_path, request)
    engine = create_engine(url)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        more = (
            LAST_ADMINISTRATOR,
            INSIDE,
            MERGE_WALL,
            HOUSEHOLDS_WALL,
            CLAIMS_WALL,
            CONSENTS_WALL,
            PIECE_MOVES_WALL,
            SUPPLY_MOVES_WALL,
            MACHINE_SLOTS_WALL,
            triggers(COUNTS),
            *(each.made for each in PIECES),
        )
        install(connection, (APPEND_ONLY, KEPT_FOR_EVER, READY_GATE, *MORE_WALLS, *more))
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


def test_up_is_what_the_models_say(migrated):
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": lambda _item, name, *_rest: not is_of_an_index(name)}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata) == []


def test_the_walls_are_those_of_the_models(migrated, built):
    with db.engine.connect() as connection:
        assert walls(connection) == walls(built)
        assert len(walls(connection)) > 20


# What each revision makes, as the database keeps it, letter by letter: a territory that has run it is never told otherwise.
FROZEN = {
    ("sqlite", "0001"): "6b5affa2dfc9b52461d3b4d85934d5bd2105b9fcf0f9231e79e683db33bf22ee",
    ("sqlite", "0002"): "043d3a844296320bf0bf798f00559885efc29354bc004712f077700fd7510add",
    ("postgresql", "0001"): "03136127b47ddd1a1c2d67979bb5501e03f8e8bc1f5425232df292e45ebe0857",
    ("postgresql", "0002"): "1c2d2e9f1b757096a888d75ea0b18fbd6d97c2a4d01cd85fec66d699f29a6410",
}


def letters(connection):
    """The SHA-256 of the walls as the database keeps them."""
    if connection.dialect.name == "sqlite":
        kept = "SELECT name || ' ' || sql FROM sqlite_master WHERE type IN ('trigger', 'index') AND sql IS NOT NULL"
    else:
        kept = (
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal UNION ALL "
            "SELECT proname || ' ' || prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
        )
    return hashlib.sha256("\n".join(sorted(connection.scalars(text(kept)))).encode()).hexdigest()


@pytest.mark.parametrize("revision", ["0001", "0002"])
def test_what_a_revision_makes_is_what_it_made(migrating, backend, revision):
    command.upgrade(config(migrating), revision)
    with db.engine.connect() as connection:
        assert letters(connection) == FROZEN[backend, revision]
