"""Which machines a donor is told are in use again, by serial number and month, and why never fewer than five at once.

A donor who read on two days a list of serials that differ by one would know on which day that machine was handed over, and might meet it in
the street. So they are told at the end of a month, in groups of five at least, of one donor and one year of arrival; a group says the first
and the last month in which its machines left. Where fewer than five came in the year, all are told at once, when each has a destination.
What is told is kept and never taken back, so that two lists differ by five machines or by none.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Row, extract, func, insert, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.papers.fates import tell_fates
from refurb.inventory.papers.models import FEWEST, ToldFates
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
    for donor_id, year, count in db.session.execute(_waiting(began).limit(AT_ONCE)).all():
        if count >= FEWEST or _all_few_are_settled(donor_id, int(year)):
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
    """Donor, year of arrival, and how many machines of theirs left and are not told."""
    query = select(Donation.donor_id, _YEAR.label("year"), func.count()).join(Device, Device.donation_id == Donation.id)
    return query.where(*_left_before(began)).group_by(Donation.donor_id, _YEAR).order_by(func.count().desc(), Donation.donor_id)


def _of(donor_id: int, year: int) -> ColumnElement[bool]:
    return (Donation.donor_id == donor_id) & Donation.received_on.between(date(year, 1, 1), date(year, 12, 31))


def _all_few_are_settled(donor_id: int, year: int) -> bool:
    """Whether fewer than five came in all, and each donation was told to be settled."""
    numbers = list(db.session.scalars(select(Donation.id).where(_of(donor_id, year))))
    came = db.session.scalar(select(func.sum(DonationLine.received)).where(DonationLine.donation_id.in_(numbers))) or 0
    if came >= FEWEST:
        return False
    settled = select(func.count(ToldFates.donation_id.distinct())).where(ToldFates.donation_id.in_(numbers), ToldFates.settled)
    return (db.session.scalar(settled) or 0) == len(numbers)


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
