"""A donation before it arrives: asked about, accepted, its half-day agreed on."""

from datetime import timedelta

from refurb.directory.sites.models import FIRST
from refurb.inventory.donations.queries.appointments import slots_with_room
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.slots import Way
from refurb.kernel.speech.clock import today
from tests.support.chapters import chapter
from tests.support.story import workshop


def free_slot(number: int = 0) -> str:
    """The key of an open half-day from tomorrow on that nobody has taken from."""
    rooms = [room for room in slots_with_room(FIRST, today() + timedelta(days=1)) if room.left == 2]
    return rooms[number].slot.key


@chapter
def scheduled(slot: str | None = None, way: Way = Way.PICK_UP, **more: str) -> Donation:
    """A donation that was accepted, with its appointment."""
    donation = workshop.move(workshop.announced(), "accept")
    return workshop.move(donation, "schedule", way=way.value, slot=slot or free_slot(), **more)
