"""Every room of lending, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from refurb.lending.blueprint import blueprint
from refurb.lending.counter import views as counter
from refurb.lending.pages import borrowers, items, loans
from refurb.lending.reservations import views as reservations
from refurb.lending.waits import effects as wait_letters
from refurb.lending.waits import views as waits

__all__ = ["blueprint", "borrowers", "counter", "items", "loans", "reservations", "wait_letters", "waits"]
