"""Nobody has two cards."""

from refurb.kernel.speech.errors import Conflict


class BorrowerKnown(Conflict):
    """Somebody of this name, with this telephone or e-mail address, has a card."""

    code = "borrower.known"
