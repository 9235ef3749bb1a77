"""What a unit holds is held once: it is not read again, until the unit ends or a savepoint lets go of it."""

from sqlalchemy import event

from refurb.directory.queries import home_organisation
from refurb.directory.sites.actions import add_site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import held_here, lock_each, lock_once, unit_of_work


def reads_of(deed):
    asked = []
    engine = db.engine

    def hear(*told):
        asked.append(told[2])

    event.listen(engine, "before_cursor_execute", hear)
    try:
        deed()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    return len([each for each in asked if each.startswith("SELECT")])


def test_a_row_is_read_again_once_and_again_after_a_savepoint_was_rolled_back(context):
    with unit_of_work() as session:
        row = home_organisation()
        assert reads_of(lambda: lock_once(row)) == 1
        assert reads_of(lambda: lock_once(row)) == 0
        session.begin_nested().rollback()
        assert held_here() == set()
        assert reads_of(lambda: lock_once(row)) == 1
    with unit_of_work():
        assert held_here() == set()


def test_several_rows_are_held_by_one_statement_and_then_once(context):
    with unit_of_work():
        rows = [add_site(SERVICE, name=name, kind=SiteKind.DEPOT) for name in ("Un", "Deux")]
        held_here().clear()
        assert reads_of(lambda: lock_each(rows)) == 1
        assert reads_of(lambda: [lock_once(each) for each in rows]) == 0
        assert reads_of(lambda: lock_each([])) == 0
