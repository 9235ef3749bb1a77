"""What other holidays and closures would change today: what is planned on days that would be closed."""

from collections.abc import Iterator
from datetime import date, timedelta

from refurb.directory.agenda.calendar import Agenda
from refurb.directory.agenda.days import ClosedSpan
from refurb.directory.agenda.planned import AHEAD, what_is_planned
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.policy import PolicyEffect
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, day

SHOWN = 8


def preview_agenda(before: Agenda, after: Agenda) -> PolicyEffect:
    """What lies on days that are open today and would be closed; nothing moves before somebody moves it."""
    planned = [each for span in _newly_closed(before, after) for each in what_is_planned(SERVICE, span)]
    if not planned:
        return PolicyEffect(0, _("Rien n'est prévu un jour qui deviendrait fermé."))
    sentence = _n(
        "%(num)s chose est prévue un jour qui deviendrait fermé.",
        "%(num)s choses sont prévues un jour qui deviendrait fermé.",
        len(planned),
    )
    first = tuple((each.what, day(each.day), _("jour fermé")) for each in planned[:SHOWN])
    return PolicyEffect(len(planned), sentence, first)


def _newly_closed(before: Agenda, after: Agenda) -> Iterator[ClosedSpan]:
    """The days to come that would be closed, next to each other in one span."""
    begun: date | None = None
    for ahead in range(AHEAD + 1):
        each = today() + timedelta(days=ahead)
        closes = before.is_open(each) and not after.is_open(each)
        if closes and begun is None:
            begun = each
        elif not closes and begun is not None:
            yield ClosedSpan(begun, each - timedelta(days=1))
            begun = None
