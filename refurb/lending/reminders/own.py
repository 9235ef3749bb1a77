"""The link by which somebody without an account sees what they have of ours."""

from refurb.directory.letters import page_address
from refurb.documents.links import LinkBroken, make_addressed_link, open_addressed_link
from refurb.kernel.deeds.database import db
from refurb.lending.models import Borrower

OWN_LOANS = "own loans"
"""The purpose for which the link is signed: the borrower's number, and the address that they have."""


def own_link(borrower: Borrower) -> str:
    """The token that stands in letters; once their address is corrected, those that went to the one before open nothing."""
    return make_addressed_link(OWN_LOANS, borrower.id, borrower.email or "")


def own_address(borrower: Borrower) -> str:
    """The address in letters."""
    return page_address(f"/mes-prets/{own_link(borrower)}")


def opened(token: str) -> Borrower:
    """Whose loans a token opens. Raises `LinkBroken`, `LinkExpired`."""
    found = db.session.get(Borrower, open_addressed_link(OWN_LOANS, token, _address))
    if found is None:
        raise LinkBroken
    return found


def _address(borrower_id: int) -> str | None:
    found = db.session.get(Borrower, borrower_id)
    return None if found is None else found.email or ""
