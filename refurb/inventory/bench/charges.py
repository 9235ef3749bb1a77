"""The machines that somebody has in hand at the bench, and how a colleague takes them over."""

from sqlalchemy import func, select

from refurb.inventory.bench.actions.work import pass_on
from refurb.inventory.bench.models import Holding
from refurb.inventory.bench.queries.work import technicians
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import Charge
from refurb.kernel.speech.words import _n


def _count(account_id: int, organisation_id: int | None) -> int:
    if organisation_id is not None:  # The bench is ours, and no partner's.
        return 0
    return (
        db.session.scalar(select(func.count()).select_from(Holding).where(Holding.account_id == account_id, Holding.until.is_(None))) or 0
    )


def _takers(_account_id: int, _organisation_id: int | None) -> set[int]:
    return {number for number, _name in technicians()}


def _hand_on(actor: Actor, giver: int, taker: int, _organisation_id: int | None) -> None:
    held = select(Device).join(Holding, Holding.device_id == Device.id).where(Holding.account_id == giver, Holding.until.is_(None))
    for device in db.session.scalars(held.order_by(Device.id)).all():
        pass_on(actor, device, to=taker)


MACHINES_IN_HAND = Charge(
    count=_count,
    said=lambda number: _n("%(num)s machine en main", "%(num)s machines en main", number),
    takers=_takers,
    hand_on=_hand_on,
)
