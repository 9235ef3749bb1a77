"""An instance with something in it, and empty places for its backups."""

import os
import secrets

import pytest

from refurb.application import create_app, load_migrations
from refurb.documents.models import PaperKind
from refurb.keeping.restores import Place, restore
from refurb.kernel.deeds.heads import register_of_instance, sign_up_to_now
from tests.conftest import settings
from tests.support.story import gifts


@pytest.fixture
def lived(app):
    """The application with a donation, its paper and a signed head."""
    with app.app_context():
        donation = gifts.received(1)
        paper = gifts.issued(donation, PaperKind.DONATION)
        sign_up_to_now(register_of_instance())
        app.extensions["told"] = paper.reference
    app.config["SETTINGS"] = settings(app.config["HOME"], app.config["SQLALCHEMY_DATABASE_URI"])
    return app


@pytest.fixture
def empty_url(backend, tmp_path, request):
    """The address of a database with nothing in it."""
    if backend == "sqlite":
        yield ""
        return
    postgres = request.getfixturevalue("postgres")
    name = f"empty_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{secrets.token_hex(3)}"
    yield postgres.create_database(name).replace("postgresql+psycopg://", "postgresql://")
    postgres.drop_database(name)


@pytest.fixture
def place(empty_url, tmp_path):
    """An empty place; its application is kept as `made`."""

    def make(settings):
        app = create_app(settings)
        load_migrations(app)
        return app

    return Place(tmp_path / "elsewhere", {"REFURB_DATABASE_URL": empty_url}, make)


@pytest.fixture
def back(place):
    """Put an archive back, and say what was done."""

    def run(archive, **options):
        return restore(archive, place, **options)

    return run
