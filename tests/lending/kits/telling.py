"""What the tests of kits share: the contents as the page would tell them, and what must be so of every piece."""

from sqlalchemy import func, select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.items.pieces import FACTS
from refurb.lending.kits.actions import correct_contents, note_pieces_back
from refurb.lending.models import Component, PieceMove
from tests.support.story import people


def told(kit, **other):
    """The whole list as it stands, except for what is told by the first word of a component's name."""
    parts = []
    for part in kit.components:
        facts = {name: getattr(part, name) for name in ("id", "name", "quantity", *FACTS)}
        parts.append(facts | other.get(part.name.split()[0], {}))
    return parts


def correct(kit, components, also=(), role=Role.DESK, reason="inventaire"):
    with unit_of_work():
        return correct_contents(people.actor(role), kit, components=components, reason=reason, also=also)


def back(kit, name, quantity, how, role=Role.DESK):
    with unit_of_work():
        note_pieces_back(people.actor(role), kit, component=part(kit, name).id, quantity=quantity, how=how)


def part(kit, name):
    return next(each for each in kit.components if each.name.startswith(name))


def is_accounted_for(kit):
    """Every piece that is with a kit came by a move, and every one that went has one: nothing is lost silently."""
    rows = db.session.execute(select(Component.name, Component.here).where(Component.item_id == kit.id))
    here = {row.name: row.here for row in rows}
    moved = select(PieceMove.component, func.sum(PieceMove.delta)).where(PieceMove.item_id == kit.id).group_by(PieceMove.component)
    sums = {name: total for name, total in db.session.execute(moved) if total}
    assert sums == {name: count for name, count in here.items() if count}
