"""Looking up who has which machine in hand, what may be taken, and who may take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, select, union_all
from sqlalchemy.orm import aliased

from refurb.accounts.models import Account, RoleGrant
from refurb.accounts.queries import people_who_may
from refurb.inventory.bench.models import Holding
from refurb.inventory.devices.gate import read_gates
from refurb.inventory.devices.queries.devices import STANDING, Standing
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import AT_BENCH
from refurb.kernel.deeds.access import Actor, Permission, Role
from refurb.kernel.deeds.database import db


@dataclass(frozen=True)
class InHand:
    """Who has a device in hand, since when, and who gave it."""

    account_id: int
    who: str
    since: datetime
    giver: str | None


@dataclass(frozen=True)
class Held:
    """A device that somebody has in hand, with its gate read already."""

    device: Standing
    since: datetime
    giver: str | None


def open_holding(device: Device | Standing) -> Holding | None:
    """The row of whoever has the device in hand just now."""
    return db.session.scalar(select(Holding).where(Holding.device_id == device.id, Holding.until.is_(None)))


_giver = aliased(Account)


def in_hand(device: Device | Standing) -> InHand | None:
    """Who has the device in hand just now, if anybody."""
    row = db.session.execute(
        select(Holding.account_id, Account.name, Holding.since, _giver.name.label("giver"))
        .join(Account, Account.id == Holding.account_id)
        .outerjoin(_giver, _giver.id == Holding.given_by)
        .where(Holding.device_id == device.id, Holding.until.is_(None))
    ).one_or_none()
    return InHand(row.account_id, row.name, row.since, row.giver) if row else None


def held_by(actor: Actor) -> list[Held]:
    """What an actor has in hand: what a colleague gave first, then the longest held; their gates are not read yet."""
    rows = db.session.execute(
        select(*STANDING, Holding.since, _giver.name.label("giver"))
        .select_from(Holding)
        .join(Device, Device.id == Holding.device_id)
        .join(Donation, Donation.id == Device.donation_id)
        .outerjoin(_giver, _giver.id == Holding.given_by)
        .where(Holding.account_id == actor.id, Holding.until.is_(None))
        .order_by(Holding.given_by.is_(None), Holding.since, Holding.id)
    ).all()
    return [Held(Standing(*row[:-2]), row[-2], row[-1]) for row in rows]


@lru_cache
def _to_take(most: int, *, at_one: bool) -> Any:
    held = select(Holding.id).where(Holding.device_id == Device.id, Holding.until.is_(None)).exists()
    flagged = select(Flag.id).where(Flag.device_id == Device.id, Flag.lifted_at.is_(None)).exists()
    # State by state, so that each is read from the index no further than needed.
    longest = [
        select(Device.id, Device.moved_at)
        .where(Device.state == state, ~held, ~flagged, *((Device.site_id == bindparam("site"),) if at_one else ()))
        .order_by(Device.moved_at, Device.id)
        .limit(most)
        .subquery()
        for state in AT_BENCH
    ]
    first = union_all(*(select(each) for each in longest)).order_by("moved_at", "id").limit(most).subquery()
    return (
        select(*STANDING)
        .select_from(first)
        .join(Device, Device.id == first.c.id)
        .join(Donation, Donation.id == Device.donation_id)
        .order_by(first.c.moved_at, first.c.id)
    )


def to_take(most: int, site_id: int | None = None) -> list[Standing]:
    """The machines at the bench that nobody has in hand and nothing blocks, those that have stood longest first; of one place, if told."""
    query = _to_take(most, at_one=site_id is not None)
    return [Standing(*row) for row in db.session.execute(query, {"site": site_id} if site_id is not None else {})]


def with_gates(devices: Sequence[Standing]) -> None:
    """Read the gates of several devices at once, so that their next steps cost one query together."""
    gates = read_gates([each.id for each in devices])
    for each in devices:
        each.gate = gates[each.id]


def technicians() -> list[tuple[int, str]]:
    """Everybody who may take a machine in hand, by name: those of the workshop first."""
    of_workshop = set(db.session.scalars(select(RoleGrant.account_id).where(RoleGrant.role == Role.TECHNICIAN)))
    everybody = people_who_may(Permission.DEVICE_WORK)
    return [(row.id, row.name) for row in sorted(everybody, key=lambda row: row.id not in of_workshop)]
