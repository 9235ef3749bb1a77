"""What must hold before whoever came is thanked."""

from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.words import CeremonyState
from refurb.kernel.speech.errors import Refusal


class NotOver(Refusal):
    """The ceremony is not closed: who came is not known yet."""

    code = "ceremony.not_over"


class ThankedAlready(Refusal):
    """Whoever came was thanked already."""

    code = "ceremony.thanked_already"


class QuoteGone(Refusal):
    """Somebody whose words the report prints has withdrawn them, or changed them since: it is replaced first."""

    code = "ceremony.quote_gone"


def is_over(ceremony: Ceremony) -> None:
    """It was held, and closed."""
    if ceremony.state is not CeremonyState.CLOSED:
        raise NotOver


def nobody_was_thanked(ceremony: Ceremony) -> None:
    """The letters of thanks have not been promised."""
    if ceremony.thanked_at is not None:
        raise ThankedAlready(day=ceremony.thanked_at)
