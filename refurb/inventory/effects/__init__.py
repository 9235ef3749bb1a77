"""What follows the deeds of the workshop, after the commit; one file per kind of news."""

from refurb.inventory.effects import news, proposals
from refurb.inventory.effects.papers import DONOR_LINK, donor_letter, donor_url

__all__ = ["DONOR_LINK", "donor_letter", "donor_url", "news", "proposals"]
