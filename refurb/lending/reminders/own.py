"""The link by which somebody without an account sees what they have of ours."""

from refurb.directory.letters import page_address
from refurb.documents.links import make_link, open_link
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.lending.models import Borrower

OWN_LOANS = "own loans"
"""The purpose for which the link is signed: the borrower's number."""


def own_link(borrower: Borrower) -> str:
    """The token that stands in letters."""
    return make_link(OWN_LOANS, borrower.id)


def own_address(borrower: Borrower) -> str:
    """The address in letters."""
    return page_address(f"/mes-prets/{own_link(borrower)}")


def opened(token: str) -> Borrower:
    """Whose loans a token opens. Raises `LinkBroken`, `LinkExpired`, `NotFound`."""
    found = db.session.get(Borrower, open_link(OWN_LOANS, token))
    if found is None:
        raise NotFound
    return found
