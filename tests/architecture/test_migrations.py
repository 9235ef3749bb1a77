"""The migrations: up and down on both databases, equal to the models, triggers included."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text

from refurb.kernel.database import Base, db


@pytest.fixture
def empty_url(backend, tmp_path, request):
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite3'}"
        return
    postgres = request.getfixturevalue("postgres")
    name = f"migrating_{request.config.workerinput['workerid'] if hasattr(request.config, 'workerinput') else 'main'}"
    postgres.drop_database(name)
    yield postgres.create_database(name)
    postgres.drop_database(name)


@pytest.fixture
def migrating(empty_url, make_app):
    app = make_app(database_url=empty_url.replace("+psycopg", ""))
    with app.app_context():
        yield app


def config(app):
    return app.extensions["migrate"].migrate.get_config()


def triggers(connection):
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"))
        return [(row.name, " ".join(row.sql.split())) for row in rows]
    rows = connection.execute(text("SELECT tgname, pg_get_triggerdef(oid) AS sql FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"))
    return [(row.tgname, row.sql) for row in rows]


def test_up_is_what_the_models_say(migrating):
    command.upgrade(config(migrating), "head")
    with db.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata) == []


def test_the_triggers_are_those_of_the_models(migrating, database_url):
    command.upgrade(config(migrating), "head")
    plain = create_engine(database_url)
    with db.engine.connect() as migrated, plain.connect() as built:
        assert triggers(migrated) == triggers(built)
        assert triggers(migrated)
    plain.dispose()


def test_down_leaves_nothing_and_up_again_works(migrating):
    command.upgrade(config(migrating), "head")
    command.downgrade(config(migrating), "base")
    db.session.remove()
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    command.upgrade(config(migrating), "head")
