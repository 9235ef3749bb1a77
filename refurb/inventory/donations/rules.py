"""What must hold of a donation before it is sorted or closed."""

from refurb.directory.queries import home_organisation
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.speech.errors import Refusal

# Ways by which a thing comes for nothing; what is bought, or was ours already, needs no acceptance.
GIFTS = frozenset({LegalOrigin.COMPANY, LegalOrigin.INDIVIDUAL, LegalOrigin.ASSOCIATION, LegalOrigin.PUBLIC_BODY})


def something_was_counted(donation: Donation) -> None:
    """Each announced line has its count."""
    if any(line.received is None for line in donation.lines) or not donation.lines:
        raise NothingCounted


def gift_is_accepted(donation: Donation) -> None:
    """A territory that is a public body has named the act by which it accepts what it was given (CGCT L.2242-1, L.2122-22 9°)."""
    if donation.legal_origin in GIFTS and donation.accepted_by_act is None:
        home = home_organisation()
        if home is not None and home.is_public_body:
            raise ActMissing


class NothingCounted(Refusal):
    """Nothing was counted on arrival."""

    code = "donation.nothing_counted"


class ActMissing(Refusal):
    """A public body names the act by which it accepts a gift."""

    code = "donation.act_missing"
