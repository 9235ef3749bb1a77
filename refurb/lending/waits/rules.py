"""What must hold of somebody who waits."""

from refurb.kernel.speech.errors import Conflict, Refusal


class FreeNow(Conflict):
    """Nobody waits for what is free: it is reserved."""

    code = "wait.free_now"


class NeverSoMany(Refusal):
    """The place has not so many: waiting would not bring them."""

    code = "wait.never_so_many"
    status = 422


class WaitsAlready(Conflict):
    """The same person waits for the same thing on one of these days already."""

    code = "wait.already"
