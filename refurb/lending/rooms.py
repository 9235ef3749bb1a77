"""Every room of lending, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue import effects as catalogue_effects
from refurb.lending.catalogue import views as catalogue
from refurb.lending.counter import views as counter
from refurb.lending.kits import views as kits
from refurb.lending.machines import desk as machine_desk
from refurb.lending.machines import effects as machine_effects
from refurb.lending.machines import views as machines
from refurb.lending.pages import borrowers, items, loans
from refurb.lending.reservations import views as reservations
from refurb.lending.sheets import views as sheets

__all__ = [
    "blueprint",
    "borrowers",
    "catalogue",
    "catalogue_effects",
    "counter",
    "items",
    "kits",
    "loans",
    "machine_desk",
    "machine_effects",
    "machines",
    "reservations",
    "sheets",
]
