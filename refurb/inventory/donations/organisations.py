"""What the page of an organisation is told of donations: what is not over."""

from refurb.directory.models import Organisation
from refurb.inventory.donations.queries.donations import open_donations_of
from refurb.kernel.speech.words import _n


def open_donations(organisation: Organisation) -> list[str]:
    """How many donations of an organisation are not over, in words."""
    count = open_donations_of(organisation)
    return [_n("%(num)s don en cours", "%(num)s dons en cours", count)] if count else []
