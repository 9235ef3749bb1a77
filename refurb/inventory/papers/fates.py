"""What a donor is told of the fate of machines: counts at the end of a month, never of fewer than five, never by fewer than five.

Whoever looks twice a week would else see the day on which one machine went to a family, and know it in the street. Each number is nought
or five at least, and moves by five at least: neither a number nor a difference between two readings tells of one machine. What is not told
yet is told later, or stays untold; donations are counted apart, and a sum of them tells no more than they do.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.papers.models import FATES, FEWEST, ToldFates
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.speech.clock import today

AT_ONCE = 500
_S = DeviceState
_FATE_OF = {_S.READY: "ready", _S.RESERVED: "ready", _S.IN_POOL: "lent", _S.PARTS: "parts", _S.WASTE: "waste"}


def tell_fates() -> int:
    """Count anew, once a month has ended, what became of the machines of each donation. How many donations were counted.

    Runs within a unit of work, every hour.
    """
    first = today().replace(day=1)
    month = f"{first - timedelta(days=1):%Y-%m}"
    told = select(ToldFates.id).where(ToldFates.donation_id == Donation.id, ToldFates.month == month)
    due = select(Donation.id).where(Donation.received_on < first, ~told.exists()).order_by(Donation.id).limit(AT_ONCE)
    numbers = list(db.session.scalars(due))
    counted, before, came = _counted(numbers), _last_told(numbers), _accepted(numbers)
    for number in numbers:
        now_there = counted.get(number, Counter())
        row = {fate: step(before[number][fate] if number in before else 0, now_there[fate]) for fate in FATES}
        # Handed over, lent, taken apart or scrapped: every one that was accepted.
        settled = 0 < came.get(number, 0) <= sum(now_there[fate] for fate in FATES if fate != "ready")
        insert = insert_into(ToldFates).values(donation_id=number, month=month, counted_on=today(), settled=settled, **row)
        db.session.execute(insert.on_conflict_do_nothing(index_elements=["donation_id", "month"]))
    return len(numbers)


def step(told: int, count: int) -> int:
    """What may be told now: the count, where it is nought or enough and moved by enough; else what was told before."""
    return count if (count == 0 or count >= FEWEST) and abs(count - told) >= FEWEST else told


def _counted(numbers: Iterable[int]) -> dict[int, Counter[str]]:
    """What became of the machines of each donation by now. One whose slip is not signed yet is not handed over."""
    laptop, unsigned = Device.kind == DeviceKind.LAPTOP, Device.unsigned_since.is_not(None)
    query = select(Device.donation_id, Device.state, laptop, unsigned, func.count()).where(
        Device.donation_id.in_(list(numbers)), Device.merged_into_id.is_(None)
    )
    found: dict[int, Counter[str]] = {}
    query = query.group_by(Device.donation_id, Device.state, laptop, unsigned)
    for number, state, is_laptop, is_unsigned, count in db.session.execute(query):
        fate = "ready" if is_unsigned else _FATE_OF.get(state)
        if state == DeviceState.HANDED_OVER and not is_unsigned:
            fate = "given_laptops" if is_laptop else "given_others"
        if fate:
            found.setdefault(number, Counter())[fate] += count
    return found


def _last_told(numbers: Sequence[int]) -> dict[int, Mapping[str, int]]:
    rows = db.session.scalars(select(ToldFates).where(ToldFates.donation_id.in_(numbers)).order_by(ToldFates.month))
    return {row.donation_id: {fate: getattr(row, fate) for fate in FATES} for row in rows}


def _accepted(numbers: Sequence[int]) -> dict[int, int]:
    query = select(DonationLine.donation_id, func.coalesce(func.sum(DonationLine.received), 0))
    found = db.session.execute(query.where(DonationLine.donation_id.in_(numbers)).group_by(DonationLine.donation_id))
    return {number: int(count or 0) for number, count in found}


@dataclass(frozen=True)
class Fates:
    """What one donation's donor may read: the numbers last told, and by how much the machines handed over grew, month by month."""

    accepted: int
    last: ToldFates | None
    months: tuple[tuple[date, int], ...]

    @property
    def are_few(self) -> bool:
        """Whether so few machines came that none of them is counted apart."""
        return self.accepted < FEWEST

    @property
    def settled(self) -> bool:
        """Whether each machine had a destination when they were counted last."""
        return self.last is not None and self.last.settled

    @property
    def given(self) -> int:
        """How many machines were handed over, as it is told."""
        return self.last.given if self.last else 0

    @property
    def laptops(self) -> int:
        """How many of them were laptops."""
        return self.last.given_laptops if self.last else 0

    @property
    def told(self) -> tuple[tuple[str, int], ...]:
        """Each number that there is, by its name."""
        counts = ("given", "ready", "lent", "parts", "waste")
        return tuple((name, count) for name in counts if (count := getattr(self.last, name, 0)))


def fates_of(donation: Donation, accepted: int) -> Fates:
    """What the donor of a donation of which so many machines were accepted is told."""
    rows = db.session.scalars(select(ToldFates).where(ToldFates.donation_id == donation.id).order_by(ToldFates.month)).all()
    months, before = list[tuple[date, int]](), 0
    for row in rows:
        if row.given > before:
            months.append((date.fromisoformat(f"{row.month}-01"), row.given - before))
        before = row.given
    return Fates(accepted, rows[-1] if rows else None, tuple(months))


def fates_json(fates: Fates) -> dict[str, Any]:
    """The same as data: what is not told is not there."""
    last = fates.last
    return {
        "accepted": fates.accepted,
        "counted_on": last.counted_on.isoformat() if last else None,
        "settled": fates.settled,
        "told": {} if fates.are_few else dict(fates.told),
        "given_by_month": {} if fates.are_few else {f"{month:%Y-%m}": count for month, count in fates.months},
    }
