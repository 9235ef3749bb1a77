"""Where things change hands: at the place that keeps them, or at a stop of the rota, to which they travel and from which they come back."""

from dataclasses import dataclass
from functools import cached_property

from refurb.directory.agenda.days import SiteDays
from refurb.directory.agenda.queries import days_of
from refurb.directory.rota.queries import served
from refurb.kernel.speech.errors import Fault, Invalid


@dataclass(frozen=True)
class Handing:
    """The place that keeps a thing, and the stop at which it changes hands, if it does so elsewhere.

    Its days are looked up once: a deed makes its own, after it holds what it is about.
    """

    site_id: int
    handover_id: int | None = None

    @cached_property
    def days(self) -> SiteDays:
        """The days on which people can come: the stop's passages, or the days of the place."""
        return days_of(self.handover_id) if self.handover_id else self.days_kept

    @cached_property
    def days_kept(self) -> SiteDays:
        """The days of the place that keeps it, on which it is packed and unpacked."""
        return days_of(self.site_id)


def chosen_stop(handover_id: int | None) -> int | None:
    """The stop that somebody chose, which is one that is served. Raises `Invalid`."""
    if handover_id is not None and handover_id not in {each.id for each in served()}:
        raise Invalid({"handover_id": [Fault("field.choice")]})
    return handover_id


def stop_choices() -> list[tuple[str, str]]:
    """Where things can change hands besides their own place, for a field."""
    return [(str(each.id), each.name) for each in served()]
