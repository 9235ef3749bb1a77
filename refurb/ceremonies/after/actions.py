"""Thank whoever came, once."""

from refurb.ceremonies.after.figures import came_by
from refurb.ceremonies.after.rules import is_over, nobody_was_thanked
from refurb.ceremonies.guests.actions import tell
from refurb.ceremonies.guests.reached import mail_address
from refurb.ceremonies.guests.words import GuestTelling
from refurb.ceremonies.models import Ceremony
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now


def thank(actor: Actor, ceremony: Ceremony) -> int:
    """Promise a letter to everybody who came and has an address; how many. Raises `ThankedAlready` the second time."""
    check(actor, Permission.CEREMONY_WRITE)
    lock(ceremony)
    is_over(ceremony)
    nobody_was_thanked(ceremony)
    came = [each for each in came_by(ceremony) if mail_address(each)]
    for each in came:
        tell(each, GuestTelling.THANKED)
    ceremony.thanked_at = now()
    record(ceremony, "thanked", actor, letters=len(came))
    return len(came)
