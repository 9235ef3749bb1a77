"""Every room of lending, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue import effects as catalogue_effects
from refurb.lending.catalogue import views as catalogue
from refurb.lending.counter import views as counter
from refurb.lending.kits import views as kits
from refurb.lending.pages import borrowers, items, loans, pictures
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
    "pictures",
    "reservations",
    "sheets",
]
