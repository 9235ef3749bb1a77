"""Reading what is kept counted of donations: how many have devices, and where these stand."""

from collections.abc import Iterable

from sqlalchemy import func, select

from refurb.inventory.models.counts import DEVICES_OF_DONATIONS, GIVEN
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.counts import kept, tally
from refurb.kernel.deeds.database import db


def count_given() -> int:
    """How many donations have devices."""
    return sum(tally(GIVEN).values())


def unsigned_of_donations() -> dict[int, int]:
    """How many devices of each donation left and wait for the signature of their slip; those without any are not there."""
    query = select(Device.donation_id, func.count().label("number")).where(
        Device.unsigned_since.is_not(None), Device.merged_into_id.is_(None)
    )
    return {row.donation_id: row.number for row in db.session.execute(query.group_by(Device.donation_id))}


def devices_of_donations(donation_ids: Iterable[int] | None = None) -> dict[int, dict[DeviceState, int]]:
    """How many devices of each donation stand in each state; of all donations, unless told which."""
    found = kept(DEVICES_OF_DONATIONS)
    query = select(found.c.a, found.c.b, found.c.n).where(found.c.n != 0)
    if donation_ids is not None:
        query = query.where(found.c.a.in_([str(each) for each in donation_ids]))
    counts: dict[int, dict[DeviceState, int]] = {}
    for donation_id, state, number in db.session.execute(query):
        counts.setdefault(int(donation_id), {})[DeviceState(state)] = number
    return counts
