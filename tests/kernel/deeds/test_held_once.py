"""What a unit holds is held once: it is not read again, until the unit ends or a savepoint lets go of it."""

from sqlalchemy import event

from refurb.directory.queries import home_organisation
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import held_here, lock_once, unit_of_work


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
