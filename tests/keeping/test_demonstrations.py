"""A demonstration of each release is brought to this one, with all that people did in it, and opens.

`demonstrations/NAME.sql.xz` is what its database held, NAME being its tag, or its migration for one that has none;
`python -m tests.keeping.test_demonstrations HOME NAME` keeps one.
"""

import lzma
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from refurb.keeping.upgrades import revision_now, revisions_known
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import broken_links
from refurb.wiring import COUNTS
from tests.architecture.test_migrations import config
from tests.support.client import checking

KEPT = Path(__file__).parent / "demonstrations"
NAMES = sorted(each.name.partition(".sql")[0] for each in KEPT.glob("*.sql.xz"))
OFFICE = "coordination@relais.example"
STAY = ("accounts", "devices", "donations", "drives", "erasures", "events", "items", "loans", "organisations", "papers", "referrals")
PAGES = ("/", "/appareils", "/dons", "/attente", "/prets", "/ceremonies", "/remises", "/structures", "/effacements", "/regles")


def kept(home: Path, name: str) -> Path:
    """Keep what the database of a demonstration holds, under the name of its release."""
    with closing(sqlite3.connect(home / "refurb.sqlite3")) as connection:
        told = "\n".join(connection.iterdump())
    place = KEPT / f"{name}.sql.xz"
    place.write_bytes(lzma.compress(told.encode(), preset=9))
    return place


@pytest.fixture(params=NAMES)  # What is kept is SQLite's.
def demonstration(request, tmp_path, make_app):
    """The application over a demonstration of an older release."""
    place = tmp_path / "older.sqlite3"
    with closing(sqlite3.connect(place)) as connection:
        connection.executescript(lzma.decompress((KEPT / f"{request.param}.sql.xz").read_bytes()).decode())
    app = make_app(database_url=f"sqlite:///{place}")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_is_brought_here_whole_and_people_go_on_in_it(demonstration):
    with db.engine.connect() as connection:
        rows = {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in STAY}
    command.upgrade(config(demonstration), "head")
    assert revision_now() == revisions_known()[0]
    with db.engine.connect() as connection:
        assert {name: connection.scalar(text(f"SELECT count(*) FROM {name}")) for name in STAY} == rows
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert list(broken_links(db.session())) == []
    assert [each for count in COUNTS for each in differences(count)] == []
    office = checking(demonstration)
    office.sign_in(OFFICE)
    for address in PAGES:
        assert office.get(address).status_code == 200, address


if __name__ == "__main__":
    print(kept(Path(sys.argv[1]), sys.argv[2]))  # noqa: T201 - a command
