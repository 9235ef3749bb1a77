"""What tests of machines share: a printer at a place with hours, people who may use it, slots."""

from datetime import timedelta

from refurb.directory.sites.actions import correct_site
from refurb.directory.sites.models import Site
from refurb.directory.sites.words import SiteKind
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.lending.borrowers.actions import register_borrower
from refurb.lending.machines.actions import add_machine, book_slot, grant
from refurb.lending.machines.queries import starts_of
from refurb.lending.machines.states import slot_machine
from tests.support.story import desk, people

FACTS = {"slot_minutes": 90, "min_age": 12, "training_minutes": 90, "training_months": 12, "picture": "imprimante", "material": "Fil PLA",
         "cents_per_gram": 5, "upkeep_hours": 50, "about": None}  # fmt: skip


def printer(name="Imprimante 3D", **changes):
    """A machine at the first place, which is open every weekday from 10 to 13 h and from 14 to 18 h 30."""
    site = db.session.get_one(Site, 1)
    with unit_of_work():
        facts = {field: getattr(site, field) for field in ("name", "address", "postcode", "commune", "phone")}
        correct_site(SERVICE, site, kind=SiteKind.WORKSHOP, hours="Mo-Sa 10:00-13:00,14:00-18:30", **facts)
        return add_machine(people.actor(Role.DESK), site_id=1, name=name, **FACTS | changes)


def a_day(machine, after=3):
    """A day to come on which the machine has slots."""
    return next(day for day in (today() + timedelta(days=number) for number in range(after, after + 20)) if starts_of(machine, day))


def qualified(machine, who=None, **more):
    """Somebody who was shown the machine."""
    who = who or desk.borrower()
    with unit_of_work():
        grant(people.actor(Role.DESK), machine, who, **more)
    return who


def with_address(name="Zoé Anonyme", email="zoe@chez.example"):
    """A borrower who reads letters."""
    with unit_of_work():
        return register_borrower(SERVICE, name=name, is_adult=True, email=email)


def booked(machine, who=None, hour=600, after=3, **more):
    """A slot of somebody who may."""
    who, day = who or qualified(machine), a_day(machine, after)
    with unit_of_work():
        return book_slot(people.actor(Role.DESK), machine, who, day=day, hour=hour, **more)


def fire(slot, name, role=Role.DESK, **facts):
    """Make a move of a slot."""
    with unit_of_work():
        slot_machine.fire(slot, name, people.actor(role), **facts)
