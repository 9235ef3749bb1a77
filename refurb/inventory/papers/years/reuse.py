"""Which machines a donor is told are in use again, by serial number and month, and why never fewer than five at once.

A donor who read on two days a list of serials that differ by one would know on which day that machine was handed over, and might meet it in
the street. So they are told at the end of a month, in groups of five at least, of one donor and one year of arrival; a group says the first
and the last month in which its machines left. Of whoever gave fewer than five in the year none is told: that would tell of each.
What is told is kept and never taken back, so that two lists differ by five machines or by none.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, extract, func, insert, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.fates import tell_fates
from refurb.inventory.papers.models import FEWEST
from refurb.inventory.papers.queries import IN_USE
from refurb.inventory.papers.years.models import ToldReuse
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import from_wall, local, today

AT_ONCE = 200
_YEAR = extract("year", Donation.received_on)


def tell_donors() -> int:
    """Count anew what became of machines, then tell which are in use again; how many were counted and told. Runs every hour."""
    return tell_fates() + tell_reuse()


def tell_reuse() -> int:
    """Tell of the machines that left before this month began and may be told; how many. Runs within a unit of work."""
    began = from_wall(datetime.combine(today().replace(day=1), time.min))
    told = 0
    for donor_id, year in db.session.execute(_waiting(began).limit(AT_ONCE)).all():
        told += _tell(donor_id, int(year), began)
    return told


def _left_before(began: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        Device.state.in_(IN_USE),
        Device.unsigned_since.is_(None),
        Device.moved_at < began,
        ~select(ToldReuse.device_id).where(ToldReuse.device_id == Device.id).exists(),
    )


def _waiting(began: datetime) -> Any:
    """Donor and year of arrival of which five machines at least left and are not told: whoever waits for a fifth takes nobody's turn."""
    query = select(Donation.donor_id, _YEAR.label("year")).join(Device, Device.donation_id == Donation.id)
    query = query.where(*_left_before(began)).group_by(Donation.donor_id, _YEAR).having(func.count() >= FEWEST)
    return query.order_by(Donation.donor_id, _YEAR)


def _of(donor_id: int, year: int) -> ColumnElement[bool]:
    return (Donation.donor_id == donor_id) & Donation.received_on.between(date(year, 1, 1), date(year, 12, 31))


def _tell(donor_id: int, year: int, began: datetime) -> int:
    query = select(Device.id, Device.moved_at).join(Donation, Donation.id == Device.donation_id)
    rows = db.session.execute(query.where(_of(donor_id, year), *_left_before(began))).all()
    months = sorted(f"{local(row.moved_at):%Y-%m}" for row in rows)
    group = {"first_month": months[0], "last_month": months[-1], "told_on": today()}
    db.session.execute(insert(ToldReuse), [{"device_id": row.id, **group} for row in rows])
    return len(rows)


def told_reuses(donation_ids: Iterable[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The machines of some donations that are told to be in use again, by month and serial: kind, maker, model, serial, months."""
    query = select(
        Device.kind, Device.manufacturer, Device.model, Device.serial, Device.donation_id, ToldReuse.first_month, ToldReuse.last_month
    ).join(ToldReuse, ToldReuse.device_id == Device.id)
    query = query.where(Device.donation_id.in_(list(donation_ids)))
    return db.session.execute(query.order_by(ToldReuse.last_month, ToldReuse.first_month, Device.serial, Device.id)).all()
