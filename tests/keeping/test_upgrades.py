"""Before a migration there is a copy of what was; one that was killed goes on from where it was."""

import pytest
from alembic import command
from sqlalchemy import text

from refurb.keeping.archive import manifest_of
from refurb.keeping.backups import NoRoom, archives_in
from refurb.keeping.upgrades import revision_now, revisions_known, upgrade_with_copy
from refurb.kernel.deeds.database import db
from tests.architecture.test_migrations import config
from tests.conftest import settings
from tests.keeping.test_backups import NO_ROOM

OLD = "0072"
"""Not long ago: the whole way up is gone in `architecture/test_upgrade`."""


@pytest.fixture
def old(make_app, database_url, tmp_path):
    """An instance of an older release."""
    app = make_app()
    app.config["SETTINGS"] = settings(tmp_path, database_url, backup_folder=str(tmp_path / "backups"))
    with app.app_context():
        command.downgrade(config(app), OLD)
        yield app


def test_the_copy_bears_the_number_of_before_and_without_it_nothing_is_migrated(old, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _: NO_ROOM)
        with pytest.raises(NoRoom):
            upgrade_with_copy()
    assert revision_now() == OLD
    made = upgrade_with_copy()
    assert made.name.startswith(f"upgrade-{OLD}-")
    assert revision_now() == revisions_known()[0]
    with made.open("rb") as file:
        assert manifest_of(file).revision == OLD
    assert upgrade_with_copy() is None  # There is nothing to migrate, so nothing to copy.
    assert archives_in(tmp_path / "backups") == [made]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_copy_of_before_comes_back_migrated(old, back, place):
    done = back(upgrade_with_copy())
    assert done.findings == []
    with place.make_app(done.settings).app_context():
        assert revision_now() == revisions_known()[0]
        db.engine.dispose()


def test_one_that_ended_in_the_middle_goes_on(old, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("alembic.operations.Operations.create_index", lambda *_args, **_options: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            upgrade_with_copy()
    assert OLD < revision_now() < revisions_known()[0]
    with db.engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM devices"))
    upgrade_with_copy()
    assert revision_now() == revisions_known()[0]
