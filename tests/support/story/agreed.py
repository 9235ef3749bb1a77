"""What people of the story let us show of them: asked, signed on the screen."""

from refurb.ceremonies.consents.actions import ask_consent, say_yes
from refurb.ceremonies.consents.models import Consent
from refurb.ceremonies.consents.words import ConsentChannel, Showing
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.documents.models import SignatureWay
from refurb.documents.signatures import read_drawing
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from tests.support.story import families, people

POSTER = (ConsentChannel.PHOTO, Showing.POSTER)
REPORT = (ConsentChannel.WORDS, Showing.CEREMONY_REPORT)


def asked(invitation: CeremonyInvitation, *shown: tuple[ConsentChannel, Showing], name: str = "Awa Diagne", **told: object) -> Consent:
    """Somebody who comes by an invitation is asked; nobody has signed yet."""
    with unit_of_work():
        return ask_consent(people.actor(Role.COORDINATOR), invitation, name=name, shown=shown or (POSTER,), **told)


def sign(consent: Consent, position: int = 1) -> None:
    """One of those who must say yes signs on the screen."""
    drawn = read_drawing(families.drawing())
    with unit_of_work():
        voice = consent.voices[position - 1]
        say_yes(people.actor(Role.COORDINATOR), voice, way=SignatureWay.DRAWN, signature=drawn, shown=consent.digest)


def given(invitation: CeremonyInvitation, *shown: tuple[ConsentChannel, Showing], **told: object) -> Consent:
    """Somebody who is grown up, asked and signed."""
    made = asked(invitation, *shown, **told)
    sign(made)
    return made
