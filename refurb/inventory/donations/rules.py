"""What must hold of a donation before it is sorted or closed."""

from sqlalchemy import select

from refurb.directory.queries import home_organisation
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import Refusal

# Ways by which a thing comes for nothing; what is bought, or was ours already, needs no acceptance.
GIFTS = frozenset({LegalOrigin.COMPANY, LegalOrigin.INDIVIDUAL, LegalOrigin.ASSOCIATION, LegalOrigin.PUBLIC_BODY})


def something_was_counted(donation: Donation) -> None:
    """Each announced line has its count."""
    if any(line.received is None for line in donation.lines) or not donation.lines:
        raise NothingCounted


def every_machine_is_sorted(donation: Donation) -> None:
    """Nothing that was counted waits any more for its record, or to be looked at."""
    states = db.session.scalars(select(Device.state).where(Device.donation_id == donation.id)).all()
    undetailed = max(0, sum(line.received or 0 for line in donation.lines) - len(states))
    waiting = undetailed + states.count(DeviceState.RECEIVED)
    if waiting:
        raise NotSorted(count=waiting)


def gift_is_accepted(donation: Donation) -> None:
    """A territory that is a public body has named the act by which it accepts what it was given (CGCT L.2242-1, L.2122-22 9°)."""
    if donation.legal_origin in GIFTS and donation.accepted_by_act is None:
        home = home_organisation()
        if home is not None and home.is_public_body:
            raise ActMissing


class NothingCounted(Refusal):
    """Nothing was counted on arrival."""

    code = "donation.nothing_counted"


class NotSorted(Refusal):
    """Machines of the donation wait to be sorted."""

    code = "donation.not_sorted"


class ActMissing(Refusal):
    """A public body names the act by which it accepts a gift."""

    code = "donation.act_missing"
