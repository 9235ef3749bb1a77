"""What must hold before a loan goes on; each refusal says what is in the way, and the nearest day that is possible."""

from refurb.kernel.speech.errors import Conflict, Refusal


class NothingToRenew(Refusal):
    """Of a loan nothing is out that was named."""

    code = "renewal.nothing"
    status = 422


class NoRenewalLeft(Conflict):
    """It was renewed as often as its category allows."""

    code = "renewal.none_left"


class NotRenewed(Conflict):
    """What this category lends is brought back, and lent anew."""

    code = "renewal.not_renewed"


class RenewalTooFar(Refusal):
    """The day is not later than the one agreed on and than today, or later than one renewal allows."""

    code = "renewal.too_far"
    status = 422


class RecalledBefore(Conflict):
    """It was asked back before its day: it does not go on."""

    code = "renewal.recalled"


class ReservedNext(Conflict):
    """A reservation needs it from the day of return on."""

    code = "renewal.reserved"


class ReservedUntil(Conflict):
    """A reservation needs it later; until then it may stay."""

    code = "renewal.reserved_until"


class WaitedFor(Conflict):
    """Somebody waits for it."""

    code = "renewal.waited"


class WaitedForUntil(Conflict):
    """Somebody waits for it, for later days; until then it may stay."""

    code = "renewal.waited_until"
