"""What the tests of waiting lists share: one kit that somebody has reserved, and somebody else who waits for it."""

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.reservations.models import Reservation
from refurb.lending.waits.actions import wait_for
from refurb.lending.waits.models import Wait
from tests.lending.reserving import open_day, reserved
from tests.support.story import desk, people


def waiting(item, name="Berthe", quantity=1, starts=3, ends=9, role=Role.DESK) -> Wait:
    """Somebody waits for a thing like this one."""
    who = desk.borrower(name)
    with unit_of_work():
        who.email = f"{name.casefold()}@example.org"
        days = {"from_on": open_day(starts), "to_on": open_day(ends)}
        return wait_for(people.actor(role), who, product_id=item.product_id, quantity=quantity, **days)


def taken_and_waited_for(*names) -> tuple[Reservation, list[Wait]]:
    """The only kit is reserved; others wait for it, in their order."""
    kit = desk.kit()
    taken = reserved(kit, who=desk.borrower("Aïcha"))
    return taken, [waiting(kit, name) for name in names or ("Berthe",)]


def offer_of(wait) -> Reservation:
    """What was offered to somebody who waited."""
    db.session.refresh(wait)
    assert wait.reservation is not None
    return wait.reservation
