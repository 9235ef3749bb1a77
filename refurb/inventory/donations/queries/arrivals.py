"""Reading what was announced, came and was refused: lines, lots refused on the dock, machines refused after they had a code."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, String, case, cast, func, literal, null, select, union_all

from refurb.inventory.donations.counts import Arrival, LineCount
from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db


def arrival_of(donation: Donation) -> Arrival:
    """The counts of one donation."""
    return arrivals_of([donation.id]).get(donation.id, Arrival(()))


def arrivals_of(donation_ids: Iterable[int]) -> dict[int, Arrival]:
    """The counts of several donations, in one query; one of which nothing was announced and nothing came is left out."""
    db.session.flush()
    found: dict[int, dict[DeviceKind, LineCount]] = {}
    for row in db.session.execute(_statement(list(donation_ids))):
        # A machine that was refused after it had a code was counted on its line before; what has no line was refused on the dock.
        received = 0 if row.line is None else None if row.received is None else row.received - row.turned_away
        found.setdefault(row.donation_id, {})[DeviceKind(row.kind)] = LineCount(
            row.announced, received, row.lots + row.turned_away, row.announced_first
        )
    return {donation_id: Arrival(tuple(kinds.items())) for donation_id, kinds in found.items()}


def _statement(ids: list[int]) -> Any:
    nothing, unknown = literal(0), cast(null(), Integer)
    lines = select(
        DonationLine.donation_id, cast(DonationLine.kind, String(16)).label("kind"), DonationLine.id.label("line"), DonationLine.announced,
        DonationLine.announced_first, DonationLine.received, nothing.label("lots"), nothing.label("turned_away"),
    ).where(DonationLine.donation_id.in_(ids))  # fmt: skip
    count = cast(func.sum(RefusedLot.count), Integer)
    lots = (
        select(RefusedLot.donation_id, cast(RefusedLot.kind, String(16)), unknown, nothing, unknown, unknown, count, nothing)
        .where(RefusedLot.donation_id.in_(ids))
        .group_by(RefusedLot.donation_id, RefusedLot.kind)
    )
    turned_away = (
        select(Device.donation_id, cast(Device.kind, String(16)), unknown, nothing, unknown, unknown, nothing, func.count())
        .where(Device.donation_id.in_(ids), Device.state == DeviceState.REFUSED)
        .group_by(Device.donation_id, Device.kind)
    )
    each = union_all(lines, lots, turned_away).subquery().c
    return (
        select(
            each.donation_id,
            each.kind,
            *(func.max(column).label(column.key) for column in (each.line, each.announced, each.announced_first, each.received)),
            *(cast(func.sum(column), Integer).label(column.key) for column in (each.lots, each.turned_away)),
        )
        .group_by(each.donation_id, each.kind)
        # In the order of the lines; what nobody announced and nobody took comes last.
        .order_by(each.donation_id, case((func.max(each.line).is_(None), 1), else_=0), func.max(each.line), each.kind)
    )
