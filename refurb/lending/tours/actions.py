"""Load the vehicle: what is scanned in the morning goes into the bag of whoever fetches it that day."""

from collections.abc import Sequence

from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.errors import Conflict
from refurb.lending.models import Item
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.packing import NotOfTheBag, pack
from refurb.lending.tours.queries import StopOfTour, ToLoad


class NotOnTheRoad(Conflict):
    """Nobody fetches such a thing at a stop of that day, or all who do have theirs in their bags."""

    code = "tour.not_on_the_list"


def load_up(actor: Actor, stops: Sequence[StopOfTour], item: Item) -> Reservation:
    """Tick a thing off the list of a day: it is packed for whoever was promised this very thing, else for who lacks such a thing.

    What is still to decide is on the list, and nothing is packed for it.
    """

    def is_anothers(each: ToLoad) -> bool:
        return all(code != item.code for code, _name in each.things)

    decided = [each for stop in stops for each in stop.load if each.reservation.state.is_packable]
    wanted = [each for each in decided if any(line.product_id == item.product_id for line in each.reservation.lines)]
    for each in sorted(wanted, key=is_anothers):
        try:
            pack(actor, each.reservation, item)
        except NotOfTheBag:
            continue
        return each.reservation
    raise NotOnTheRoad(name=item.name)
