"""Accept a request, whole or as far as it takes nothing from who waits."""

from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.errors import Conflict
from refurb.lending.requests.queries import left_by
from refurb.lending.reservations.actions import change
from refurb.lending.reservations.models import Reservation
from refurb.lending.reservations.states import reservation_machine


class NothingLeftToAccept(Conflict):
    """Whatever is asked would take from somebody who waits: it is accepted whole, or refused."""

    code = "request.nothing_left"


def fair_share(request: Reservation) -> dict[int, int]:
    """How many of each product can be accepted without taking anything from who waits for it: by product, none left out."""
    lines = zip(request.lines, left_by(request), strict=True)
    return {line.product_id: max(0, line.quantity - max(0, sum(each.quantity for each in left.waits) - left.left)) for line, left in lines}


def accept_fairly(actor: Actor, request: Reservation) -> Reservation:
    """Accept as many as take nothing from who waits; the rest is free for them at once."""
    share = {product: quantity for product, quantity in fair_share(request).items() if quantity}
    if not share:
        raise NothingLeftToAccept(reference=request.reference)
    if share != {line.product_id: line.quantity for line in request.lines}:
        lines = [{"product_id": product, "quantity": quantity} for product, quantity in share.items()]
        change(actor, request, from_on=request.from_on, to_on=request.to_on, lines=lines)
    reservation_machine.fire(request, "approve", actor)
    return request
