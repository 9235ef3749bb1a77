"""Every room of lending, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue import effects as catalogue_effects
from refurb.lending.catalogue import views as catalogue
from refurb.lending.catalogue.actions import forget_requests
from refurb.lending.catalogue.api import api as catalogue_api
from refurb.lending.counter import views as counter
from refurb.lending.kits import views as kits
from refurb.lending.machines import desk as machine_desk
from refurb.lending.machines import effects as machine_effects
from refurb.lending.machines import views as machines
from refurb.lending.machines.actions import forget_watches, let_slots_lapse
from refurb.lending.machines.api import api as machines_api
from refurb.lending.machines.desk import show_machine
from refurb.lending.machines.states import slot_machine
from refurb.lending.pages import borrowers, items, loans
from refurb.lending.reservations import views as reservations
from refurb.lending.sheets import views as sheets
from refurb.lending.tours import views as tours

__all__ = [
    "blueprint",
    "borrowers",
    "catalogue",
    "catalogue_api",
    "catalogue_effects",
    "counter",
    "forget_requests",
    "forget_watches",
    "items",
    "kits",
    "let_slots_lapse",
    "loans",
    "machine_desk",
    "machine_effects",
    "machines",
    "machines_api",
    "reservations",
    "sheets",
    "show_machine",
    "slot_machine",
    "tours",
]
