"""The donations of one donor as a list shows them: when each came, and the one count of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from refurb.inventory.donations.counts import Arrival
from refurb.inventory.donations.queries.arrivals import arrivals_of
from refurb.inventory.models.donations import Donation


@dataclass(frozen=True)
class Gift:
    """One of a donor's donations in the list."""

    reference: str
    announced_on: date
    received_on: date | None
    arrival: Arrival


def gifts_of(donations: Sequence[Donation]) -> list[Gift]:
    """Some donations in their order."""
    counts = arrivals_of([each.id for each in donations])
    return [Gift(each.reference, each.announced_on, each.received_on, counts.get(each.id, Arrival(()))) for each in donations]
