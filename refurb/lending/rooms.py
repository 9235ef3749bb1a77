"""Every room of lending, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue import effects as catalogue_effects
from refurb.lending.catalogue import views as catalogue
from refurb.lending.counter import views as counter
from refurb.lending.kits import views as kits
from refurb.lending.pages import borrowers, items, loans
from refurb.lending.planning import views as planning
from refurb.lending.requests import views as requests
from refurb.lending.reservations import bags
from refurb.lending.reservations import views as reservations
from refurb.lending.series import effects as workshop_letters
from refurb.lending.series import views as series
from refurb.lending.sheets import views as sheets
from refurb.lending.waits import effects as wait_letters
from refurb.lending.waits import views as waits

__all__ = [
    "bags",
    "blueprint",
    "borrowers",
    "catalogue",
    "catalogue_effects",
    "counter",
    "items",
    "kits",
    "loans",
    "planning",
    "requests",
    "reservations",
    "series",
    "sheets",
    "wait_letters",
    "waits",
    "workshop_letters",
]
