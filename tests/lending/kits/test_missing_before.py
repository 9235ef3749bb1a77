"""What was missing before pieces had rows of their own, as the revision that notes it does."""

from importlib import import_module

from sqlalchemy import text, update

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.models import ComponentCount, Item, PieceMove
from tests.support.story import desk

REVISION = import_module("migrations.versions.0053_pieces_missing_before")


def test_what_the_last_line_counted_is_what_is_here(context):
    kit = desk.kit()
    loan = desk.lent(kit)
    desk.back(loan)
    first = kit.components[0].name
    with unit_of_work():
        # Since nothing written can be rewritten, the thing gets components under names that nobody has moved.
        for part in list(kit.components):
            known, anew = part.name, f"x {part.name}"
            db.session.execute(update(ComponentCount).where(ComponentCount.name == known).values(name=anew))
            part.name = anew
            db.session.add(PieceMove(item_id=kit.id, component=anew, delta=part.quantity, why="entered", at=loan.lines[0].out_at))
        counts = update(ComponentCount).where(ComponentCount.name == f"x {first}")
        db.session.execute(counts.values(quantity_out=3, quantity_back=3))
        db.session.flush()
        for step in (REVISION.NOTICED, REVISION.HERE, REVISION.NOTICED, REVISION.HERE):
            db.session.execute(text(step))
    db.session.expire_all()
    assert [each.here for each in db.session.get_one(Item, kit.id).components] == [3, 4, 1]
    moves = db.session.query(PieceMove).filter(PieceMove.why == "noticed").all()
    assert [(each.component, each.delta, each.line_id) for each in moves] == [(f"x {first}", -1, loan.lines[0].id)]
