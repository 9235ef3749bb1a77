"""What must hold of what somebody without an account asks for."""

from refurb.kernel.speech.errors import Conflict, Refusal


class TooManyRequests(Refusal):
    """Too much was asked for from this place, or under this address or number, lately."""

    code = "catalogue.too_many"
    status = 429


class TooManyUnconfirmed(TooManyRequests):
    """So many units are held for this place already, and nobody has confirmed them."""

    code = "catalogue.too_many_unconfirmed"


class TooManyOfOne(Refusal):
    """More units than anybody reserves of a category at once, whoever asks."""

    code = "catalogue.too_many_of_one"
    status = 422


class NoRequestLeft(Conflict):
    """It was cancelled, lapsed, or is over: there is nothing left to say yes to."""

    code = "catalogue.nothing_to_confirm"


class StopEnded(Refusal):
    """The vehicle serves the stop no more: it is fetched elsewhere."""

    code = "catalogue.stop_ended"
    status = 422
