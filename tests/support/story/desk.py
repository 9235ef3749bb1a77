"""What happens at the counter: products, tablets and a robot kit to lend, people who borrow, things that go out and come back."""

from datetime import date

from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.claims.facts import change_due
from refurb.lending.claims.pools import hold_for
from refurb.lending.items.actions import add_item, add_product
from refurb.lending.items.queries import item_of_device
from refurb.lending.loans.actions import Departure, lend, take_back
from refurb.lending.models import Borrower, Item, Loan, Product
from tests.support.chapters import chapter
from tests.support.story import people, workshop

TABLET_PARTS = (
    {"name": "Tablette", "quantity": 1, "value_cents": 18900, "picture": "tablette"},
    {"name": "Chargeur", "quantity": 1, "value_cents": 1900, "picture": "chargeur"},
    {"name": "Housse", "quantity": 1, "value_cents": 1250, "picture": "malle"},
)
KIT_PARTS = (
    {"name": "Robot mBot2 monté", "quantity": 4, "value_cents": 12900, "picture": "robot"},
    {"name": "Câble USB-C, 1 m", "quantity": 4, "value_cents": 650, "picture": "cable"},
    {"name": "Tapis de parcours", "quantity": 1, "value_cents": 3500, "picture": "tapis"},
)


@chapter
def product(name: str = "Tablette 10 pouces", category: str = "tablet") -> Product:
    """Something that can be asked for."""
    with unit_of_work():
        return add_product(people.actor(Role.DESK), name=name, category=category)


@chapter
def ready_tablet(serial: str = "R52N30ABCDE") -> Device:
    """A tablet of the stock that passed every gate."""
    device = workshop.tablet_in_tests()
    workshop.correct(device, manufacturer="Samsung", model="Galaxy Tab A8", serial=serial)
    workshop.print_label(device)
    return workshop.fire(workshop.pass_checks(device), "pass_tests")


def made_ready_again(device: Device) -> None:
    """A tablet that came back to the bench passes every gate again."""
    workshop.fire(workshop.say_without_drive(device), "finish_erasure", "start_tests")
    workshop.fire(workshop.pass_checks(device), "pass_tests")


@chapter
def tablet(serial: str = "R52N30ABCDE", name: str = "Tablette n° 1") -> Item:
    """A tablet of the stock that joined the pool."""
    device = ready_tablet(serial)
    known = db.session.query(Product).first() or product()
    with unit_of_work():
        device_machine.fire(device, "join_pool", people.actor(Role.DESK), product_id=known.id, name=name, components=list(TABLET_PARTS))
        item = item_of_device(device.id)
        assert item is not None
        return item


@chapter
def kit(name: str = "Robots mBot n° 3") -> Item:
    """A kit that is no device of the stock."""
    made = db.session.query(Product).filter_by(category="kit").first() or product("Malle robots", "kit")
    with unit_of_work():
        return add_item(people.actor(Role.DESK), product_id=made.id, name=name, components=list(KIT_PARTS))


@chapter
def borrower(name: str = "Aïcha N'Diaye") -> Borrower:
    """Somebody with a card."""
    with unit_of_work():
        return register_borrower(people.actor(Role.DESK), name=name, is_adult=True, phone="0549000000", anyway=True)


def all_there(counted, **other: tuple[str, int | None]) -> list[dict[str, object]]:
    """Every component complete, except those told by name: (state, quantity)."""
    told = []
    for each in counted:
        state, quantity = other.get(each.name.split()[0], ("complete", None))
        told.append({"component": each.id, "state": state, "quantity": quantity})
    return told


@chapter
def lent(item: Item, who: Borrower | None = None, due_on: date | None = None, **other: tuple[str, int | None]) -> Loan:
    """An item that went out complete except for the components told by name, to be signed on paper."""
    who = who or db.session.query(Borrower).first() or borrower()
    with unit_of_work():
        return lend(people.actor(Role.DESK), who, [Departure(item, all_there(item.components, **other), due_on)], on_paper=True)


def back(loan: Loan, **other: tuple[str, int | None]) -> None:
    """Every line of a loan comes back, complete except for the components told by name."""
    for line in loan.lines:
        with unit_of_work():
            take_back(people.actor(Role.DESK), line, all_there(line.counts, **other))


def made_due(loan: Loan, day: date) -> None:
    """Time has passed: the loan was due on a day that may be in the past."""
    with unit_of_work():
        for line in loan.lines:
            hold_for(line.item)
            line.due_on = day
            change_due(line)
