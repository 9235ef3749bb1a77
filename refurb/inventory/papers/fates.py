"""What a donor is told of the fate of machines: at the end of a month, in fives: « at least 5 », « at least 10 ».

Whoever looks twice a week would else see the day on which one machine went to a family, and know it in the street. Each number is the count
rounded down to five: what lies beyond it waits. So no number, no difference between two looks however far apart, and nothing that can be
worked out from the numbers together tells of fewer than five; and their sum is never more than the machines that came. It takes no memory
of what was told before. Donations are counted apart, and a sum of them tells no more than they do.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.papers.models import APART, FATES, FEWEST, SETTLED, ToldFates
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.speech.clock import today

AT_ONCE = 500
_S = DeviceState
_FATE_OF = {
    _S.READY: "ready",
    _S.RESERVED: "ready",
    _S.HANDED_OVER: "given",
    _S.IN_POOL: "lent",
    _S.PARTS: "parts",
    _S.WASTE: "waste",
}


def tell_fates() -> int:
    """Count anew, once a month has ended, what became of the machines of each donation. How many donations were counted.

    Runs within a unit of work, every hour.
    """
    first = today().replace(day=1)
    month = f"{first - timedelta(days=1):%Y-%m}"
    told = select(ToldFates.id).where(ToldFates.donation_id == Donation.id, ToldFates.month == month)
    due = select(Donation.id).where(Donation.received_on < first, ~told.exists()).order_by(Donation.id).limit(AT_ONCE)
    numbers = list(db.session.scalars(due))
    counted, came = _counted(numbers), _accepted(numbers)
    for number in numbers:
        row = tell(came.get(number, 0), counted.get(number, Counter()))
        insert = insert_into(ToldFates).values(donation_id=number, month=month, counted_on=today(), **row)
        db.session.execute(insert.on_conflict_do_nothing(index_elements=["donation_id", "month"]))
    return len(numbers)


def tell(accepted: int, counts: Mapping[str, int]) -> dict[str, int]:
    """What may be told of so many machines and of what became of them: each number in fives, and whether all of them are settled.

    That all are settled is told where fewer than eight of them are in no number: of two fates, four of each would be eight, and nothing
    else would.
    """
    told = {fate: counts.get(fate, 0) // FEWEST * FEWEST for fate in FATES}
    # Handed over, lent, taken apart or scrapped: every one that was accepted.
    settled = 0 < accepted <= sum(counts.get(fate, 0) for fate in SETTLED)
    unsaid = accepted - sum(told[fate] for fate in SETTLED)
    return told | {"settled": settled and unsaid < 2 * (FEWEST - 1)}


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
        if fate is None:
            continue
        found.setdefault(number, Counter())[fate] += count
        if fate == "given" and is_laptop:
            found[number]["given_laptops"] += count
    return found


def _accepted(numbers: Sequence[int]) -> dict[int, int]:
    query = select(DonationLine.donation_id, func.coalesce(func.sum(DonationLine.received), 0))
    found = db.session.execute(query.where(DonationLine.donation_id.in_(numbers)).group_by(DonationLine.donation_id))
    return {number: int(count or 0) for number, count in found}


@dataclass(frozen=True)
class Fates:
    """What one donation's donor may read: the numbers last told, and in which months the machines that are handed over were."""

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
        return tuple((name, count) for name in APART if (count := getattr(self.last, name, 0)))


def fates_of(donation: Donation, accepted: int) -> Fates:
    """What the donor of a donation of which so many machines were accepted is told."""
    return fates_of_each({donation.id: accepted})[donation.id]


def fates_of_each(accepted: Mapping[int, int]) -> dict[int, Fates]:
    """The same of several donations, by their numbers with how many machines of each were accepted: one question."""
    told = defaultdict[int, list[ToldFates]](list)
    for row in db.session.scalars(select(ToldFates).where(ToldFates.donation_id.in_(accepted)).order_by(ToldFates.month)):
        told[row.donation_id].append(row)
    return {number: _told(told[number], count) for number, count in accepted.items()}


def _told(rows: Sequence[ToldFates], accepted: int) -> Fates:
    if rows and sum(getattr(rows[-1], name) for name in APART) > accepted:
        return Fates(accepted, None, ())  # The count of the arrival was put right since: what was told no longer goes with it.
    given = by_month([(date.fromisoformat(f"{row.month}-01"), row.given) for row in rows])
    return Fates(accepted, rows[-1] if rows else None, given)


def by_month(told: Iterable[tuple[date, int]]) -> tuple[tuple[date, int], ...]:
    """By how much the number told grew in each month; what came back is taken off the last ones, so that they add up to the number."""
    months, before = list[tuple[date, int]](), 0
    for month, number in told:
        if number > before:
            months.append((month, number - before))
        while number < before:
            last, grown = months.pop()
            taken = min(grown, before - number)
            before -= taken
            if taken < grown:
                months.append((last, grown - taken))
        before = number
    return tuple(months)


def fates_json(fates: Fates) -> dict[str, Any]:
    """The same as data: each number « at least », and what is not told is not there."""
    last = fates.last
    return {
        "accepted": fates.accepted,
        "counted_on": last.counted_on.isoformat() if last else None,
        "settled": fates.settled,
        "told": {} if fates.are_few else dict(fates.told),
        "given_by_month": {} if fates.are_few else {f"{month:%Y-%m}": count for month, count in fates.months},
    }
