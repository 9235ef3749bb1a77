"""What must hold of closures."""

from datetime import date

from refurb.directory.agenda.days import LONGEST, ClosedSpan
from refurb.kernel.speech.errors import Conflict, Fault, Invalid


class MovesOtherThings(Conflict):
    """What the closure moves is not what was shown: somebody has agreed on something meanwhile, or nothing was shown."""

    code = "closure.moves_others"


def span_to_close(first: date, last: date | None, *, yearly: bool = False, site_id: int | None = None, reason: str = "") -> ClosedSpan:
    """The days of a closure, one where no last is told. Raises `Invalid` where it ends before it begins, or lasts too long."""
    last = last or first
    if last < first:
        raise Invalid({"last": [Fault("closure.ends_before")]})
    if last - first >= LONGEST:
        raise Invalid({"last": [Fault("closure.too_long", most=LONGEST.days)]})
    return ClosedSpan(first, last, yearly, site_id, reason)
