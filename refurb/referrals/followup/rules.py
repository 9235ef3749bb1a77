"""What must hold of follow-up."""

from refurb.kernel.speech.errors import Conflict


class NoLongerAsked(Conflict):
    """The question was answered, declined or left without an answer: nothing is written to it any more."""

    code = "followup.no_longer_asked"


class NoWayThere(Conflict):
    """The family cannot be reached by the way that was chosen: its file has no such number or address."""

    code = "followup.no_way_there"
