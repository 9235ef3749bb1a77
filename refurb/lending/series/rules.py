"""What must hold of a workshop."""

from refurb.kernel.speech.errors import Conflict, Refusal


class DatesTaken(Conflict):
    """Somebody else took what was free when it was shown; nothing was reserved, all that was typed is kept."""

    code = "series.dates_taken"


class NothingToSend(Refusal):
    """No date is left, or nothing is asked on them."""

    code = "series.nothing_to_send"
    status = 422


class NoStructure(Refusal):
    """The account reserves for no structure."""

    code = "series.no_structure"
    status = 422
