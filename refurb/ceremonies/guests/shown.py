"""How a ceremony is said to who is invited: the day, the place, the programme, a donor's figure. It knows no name of a family."""

from refurb.ceremonies.guests.figures import DonorFigure, donor_figures
from refurb.ceremonies.guests.models import CeremonyGuest
from refurb.ceremonies.guests.texts import CEREMONY_GUEST
from refurb.ceremonies.guests.words import GuestKind
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.schemas import steps_of
from refurb.directory.sites.words import said_hour
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _, day

WEEKDAY = "EEEE d MMMM y"


def when_said(ceremony: Ceremony) -> str:
    """« vendredi 11 décembre 2026 à 17 h »."""
    at = local(ceremony.starts_at)
    return _("%(day)s à %(hour)s", day=day(at.date(), WEEKDAY), hour=said_hour(at.hour * 60 + at.minute))


def access_said(ceremony: Ceremony) -> str:
    """How one gets there and in; "" where nothing is known."""
    return " ".join(part for part in (ceremony.access, _("Salle de plain-pied.") if ceremony.step_free else "") if part)


def programme_lines(ceremony: Ceremony) -> list[tuple[str, str]]:
    """The programme, each line its hour and what happens then."""
    return [(said_hour(step.minute), step.what) for step in steps_of(ceremony.programme)]


def figure_said(guest: CeremonyGuest) -> str:
    """What a donor reads of her machines; "" for everybody else."""
    if guest.kind is not GuestKind.DONOR or guest.organisation_id is None:
        return ""
    return said_of(donor_figures([guest.organisation_id])[guest.organisation_id])


def said_of(figure: DonorFigure) -> str:
    """A donor's figure in words."""
    text = CEREMONY_GUEST.in_force()
    if figure.handed is not None:
        return text.say("handed", given=figure.given, handed=figure.handed)
    return text.say_n("given", figure.given, given=figure.given) if figure.given else ""
