"""What goes through the workshop: by month, by step, by donation; as the history and the stock are kept counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import Any

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.inventory.devices.queries.counts import deeds_by_month, devices_by_state, stays_between, stays_by_day, unsigned_now
from refurb.inventory.donations.queries.counts import count_given, devices_of_donations, unsigned_of_donations
from refurb.inventory.models.counts import HALF_HOUR, PLACES_A_DAY
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import AT_BENCH, LANES, PAST_THE_GATE, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.kernel.web.search import PER_PAGE, Page

MONTHS = 12
DAY_SECONDS = 86_400

# The deeds that the months count, each under the name of its count. Four different things, which are never added up.
COUNTED = {"created": "received", "finish_erasure": "erased", "pass_tests": "ready", "hand_over": "handed_over"}


@dataclass(frozen=True)
class Month:
    """What was done in one month; `first` is its first day."""

    first: date
    received: int
    erased: int
    ready: int
    handed_over: int


@dataclass(frozen=True)
class Step:
    """How long machines stay in a state, in seconds: the middle one, and the one that nine in ten do not pass.

    Exact to the half hour, which says every whole hour and day as the exact time would.
    """

    state: DeviceState
    count: int
    median: int
    ninth: int


def _first_days() -> list[date]:
    """The first days of the last twelve months, this one included."""
    here = today()
    number = here.year * 12 + here.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(number - MONTHS + 1, number + 1)]


def _names() -> list[str]:
    return [f"{first:%Y-%m}" for first in _first_days()]


def months() -> list[Month]:
    """The last twelve months, the oldest first. A machine counts once for a deed in a month; one that comes back is not received again."""
    counts = deeds_by_month(_names())
    return [Month(first, **{name: counts.get((f"{first:%Y-%m}", move), 0) for move, name in COUNTED.items()}) for first in _first_days()]


def steps() -> list[Step]:
    """How long each state lasted, of the stays that ended in the last twelve months."""
    names = _names()
    by_day = stays_by_day(names)
    return [_step(state, names, by_day[state]) for state in LANES if sum(by_day.get(state, {}).values())]


def _step(state: DeviceState, names: Sequence[str], by_day: Mapping[str, int]) -> Step:
    """The nearest rank: always a time that some machine took."""
    count = sum(by_day.values())
    median, ninth = (_lasted(state, names, by_day, ceil(part * count)) for part in (0.5, 0.9))
    return Step(state, count, median, ninth)


def _lasted(state: DeviceState, names: Sequence[str], by_day: Mapping[str, int], rank: int) -> int:
    """How long the stay of a rank lasted: its day is found first, then its half hour within that day."""
    for day, number in sorted(by_day.items()):
        if rank <= number:
            first = int(day) * PLACES_A_DAY
            return _seconds(_at_rank(stays_between(state, names, first, first + PLACES_A_DAY - 1), rank))
        rank -= number
    raise ValueError("a rank beyond the last stay")


def _at_rank(counts: Sequence[tuple[int, int]], rank: int) -> int:
    for place, number in counts:
        if rank <= number:
            return place
        rank -= number
    raise ValueError("a rank beyond the last stay")


def _seconds(place: int) -> int:
    """An exact number of half hours, or the middle between two."""
    return place * HALF_HOUR // 2


# What became of the machines of a donation, as they are today: each is counted in one column.
FATES: dict[str, frozenset[DeviceState]] = {
    "at_work": frozenset(AT_BENCH),
    "ready": frozenset({DeviceState.READY, DeviceState.RESERVED}),
    "handed_over": frozenset({DeviceState.HANDED_OVER}),
    "in_pool": frozenset({DeviceState.IN_POOL}),
    "parts": frozenset({DeviceState.PARTS}),
    "waste": frozenset({DeviceState.WASTE}),
    "gone": frozenset({DeviceState.REFUSED, DeviceState.LOST}),
}


@dataclass(frozen=True)
class Yield:
    """Machines, of one donation or of all: what became of them (`FATES`), and how many are reused or ready to be."""

    total: int
    kept: int
    fates: Mapping[str, int]
    reference: str = ""
    received_on: date | None = None
    donor: str = ""


def _yield(counts: Mapping[DeviceState, int], unsigned: int, **donation: Any) -> Yield:
    """What left and whose slip is not signed yet was not handed over: it counts among what is ready."""

    def among(states: frozenset[DeviceState]) -> int:
        return sum(counts.get(state, 0) for state in states)

    fates = {name: among(states) for name, states in FATES.items()}
    fates |= {"ready": fates["ready"] + unsigned, "handed_over": fates["handed_over"] - unsigned}
    return Yield(sum(counts.values()), among(PAST_THE_GATE), fates, **donation)


def _given() -> Any:
    """The donations that have machines, the latest first."""
    machines = select(Device.id).where(Device.donation_id == Donation.id, Device.merged_into_id.is_(None)).exists()
    return (
        select(Donation.id, Donation.reference, Donation.received_on, Organisation.name.label("donor"))
        .join(Organisation, Organisation.id == Donation.donor_id)
        .where(machines)
        .order_by(Donation.received_on.desc(), Donation.id.desc())
    )


def yields() -> list[Yield]:
    """Donation by donation, the latest first."""
    counts, unsigned = devices_of_donations(), unsigned_of_donations()
    return [
        _yield(counts.get(donation_id, {}), unsigned.get(donation_id, 0), **_named(told))
        for donation_id, *told in db.session.execute(_given())
    ]


def _named(told: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(("reference", "received_on", "donor"), told, strict=True))


def yields_shown(number: int) -> Page:
    """One page of the same."""
    total = count_given()
    number = min(number, max(1, -(-total // PER_PAGE)))
    rows = db.session.execute(_given().limit(PER_PAGE).offset((number - 1) * PER_PAGE)).all()
    counts, unsigned = devices_of_donations([row.id for row in rows]), unsigned_of_donations()
    return Page([_yield(counts.get(row.id, {}), unsigned.get(row.id, 0), **_named(row[1:])) for row in rows], number, total)


def all_together() -> Yield:
    """The same counts over every donation."""
    return _yield(devices_by_state(), unsigned_now())
