"""What must hold before a ceremony or a family's turn moves; each rule raises the refusal that says what is missing."""

from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.queries import count_expected
from refurb.ceremonies.words import CeremonyState
from refurb.kernel.speech.errors import Conflict, Refusal


class NobodyChosen(Refusal):
    """No hand-over was chosen for this ceremony."""

    code = "ceremony.nobody_chosen"


class StillExpected(Refusal):
    """Families are still expected: each is served or absent before the ceremony is closed."""

    code = "ceremony.still_expected"


class OtherDay(Refusal):
    """It was planned for another day, and nobody has said that it is held today all the same."""

    code = "ceremony.other_day"


class NotPlanned(Refusal):
    """Who comes can be chosen only before the ceremony begins."""

    code = "ceremony.not_planned"


class NotHeld(Refusal):
    """The ceremony is not being held: nobody is called."""

    code = "ceremony.not_held"


class InvitedElsewhere(Conflict):
    """An allocation is expected at another ceremony, or is no longer one to hand over."""

    code = "ceremony.invited_elsewhere"


def somebody_is_expected(ceremony: Ceremony) -> None:
    """At least one hand-over is chosen."""
    if not count_expected(ceremony):
        raise NobodyChosen


def nobody_is_expected(ceremony: Ceremony) -> None:
    """Each family was served, is absent, or has no allocation to hand over here any more."""
    count = count_expected(ceremony)
    if count:
        raise StillExpected(count=count)


def is_planned(ceremony: Ceremony) -> None:
    """It has not begun."""
    if ceremony.state is not CeremonyState.PLANNED:
        raise NotPlanned


def its_ceremony_is_planned(turn: Turn) -> None:
    """The family's ceremony has not begun."""
    is_planned(turn.ceremony)


def its_ceremony_is_to_come(turn: Turn) -> None:
    """The family's ceremony is planned, or going on."""
    if not turn.ceremony.state.is_to_come:
        raise NotPlanned


def its_ceremony_is_held(turn: Turn) -> None:
    """The family's ceremony has begun and is not closed."""
    if turn.ceremony.state is not CeremonyState.HELD:
        raise NotHeld
