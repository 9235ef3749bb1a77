"""Every room of lending, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from typing import Any

from refurb.kernel.deeds.machine import Machine
from refurb.kernel.deeds.terms import Term
from refurb.lending import retention
from refurb.lending.blueprint import blueprint
from refurb.lending.catalogue import displaced as catalogue_displaced
from refurb.lending.catalogue import effects as catalogue_effects
from refurb.lending.catalogue import views as catalogue
from refurb.lending.catalogue.actions import forget_requests
from refurb.lending.catalogue.api import api as catalogue_api
from refurb.lending.counter import views as counter
from refurb.lending.counter.actions.piles import clear_counters
from refurb.lending.debts import views as debts
from refurb.lending.debts.api import api as debts_api
from refurb.lending.guarantees import views as guarantees
from refurb.lending.guarantees.api import api as guarantees_api
from refurb.lending.items.states import item_machine
from refurb.lending.kits import views as kits
from refurb.lending.kits.api import api as kits_api
from refurb.lending.loans.counts import COUNTS
from refurb.lending.loans.states import loan_machine
from refurb.lending.machines import agenda as machine_agenda
from refurb.lending.machines import desk as machine_desk
from refurb.lending.machines import effects as machine_effects
from refurb.lending.machines import plans as machine_plans
from refurb.lending.machines import sheets as machine_sheets
from refurb.lending.machines import views as machines
from refurb.lending.machines.actions import forget_watches, let_slots_lapse
from refurb.lending.machines.api import api as machines_api
from refurb.lending.machines.desk import show_machine
from refurb.lending.machines.states import slot_machine
from refurb.lending.pages import borrowers, items, loans, pictures
from refurb.lending.pages.api import api as lending_api
from refurb.lending.planning import views as planning
from refurb.lending.recalls import views as recalls
from refurb.lending.recalls.api import api as recalls_api
from refurb.lending.reminders import effects as reminder_letters
from refurb.lending.reminders import text_messages
from refurb.lending.reminders import views as own_loans
from refurb.lending.reminders.actions import plan_loan_reminders
from refurb.lending.reminders.api import api as reminders_api
from refurb.lending.renewals import views as renewals
from refurb.lending.renewals.api import api as renewals_api
from refurb.lending.requests import views as requests
from refurb.lending.reservations import bags
from refurb.lending.reservations import views as reservations
from refurb.lending.reservations.actions import let_days_pass
from refurb.lending.reservations.api import api as reservations_api
from refurb.lending.reservations.states import reservation_machine
from refurb.lending.series import effects as workshop_letters
from refurb.lending.series import views as series
from refurb.lending.series.actions import forget_drafts
from refurb.lending.sheets import views as sheets
from refurb.lending.supplies import views as supplies
from refurb.lending.supplies.api import api as supplies_api
from refurb.lending.suspensions import views as suspensions
from refurb.lending.suspensions.api import api as suspensions_api
from refurb.lending.tours import views as tours
from refurb.lending.upkeep import views as upkeep
from refurb.lending.upkeep.actions import open_what_is_due
from refurb.lending.upkeep.api import api as upkeep_api
from refurb.lending.upkeep.states import upkeep_machine
from refurb.lending.waits import effects as wait_letters
from refurb.lending.waits import views as waits
from refurb.lending.waits.actions import let_waits_pass
from refurb.lending.waits.api import api as waits_api
from refurb.lending.waits.states import wait_machine

APIS: tuple[Any, ...] = (
    lending_api, kits_api, upkeep_api, reservations_api, waits_api, catalogue_api, machines_api, renewals_api, reminders_api,
    suspensions_api, recalls_api, debts_api, guarantees_api,
    supplies_api,
)  # fmt: skip
MACHINES: tuple[Machine[Any], ...] = (item_machine, loan_machine, upkeep_machine, reservation_machine, wait_machine, slot_machine)
"""The life cycles of lending, in the order of the wiring."""
TERMS: tuple[Term, ...] = (*retention.TERMS, forget_requests, forget_watches, forget_drafts, clear_counters)
"""When the people of lending are forgotten."""
KEPT = retention.KEPT
"""What lending keeps about people as long as something else stands."""
HOURLY = (let_days_pass, let_slots_lapse, let_waits_pass, open_what_is_due, plan_loan_reminders)
"""What the worker looks after every hour."""

__all__ = [
    "APIS",
    "COUNTS",
    "HOURLY",
    "KEPT",
    "MACHINES",
    "TERMS",
    "bags",
    "blueprint",
    "borrowers",
    "catalogue",
    "catalogue_displaced",
    "catalogue_effects",
    "counter",
    "debts",
    "guarantees",
    "items",
    "kits",
    "loans",
    "machine_agenda",
    "machine_desk",
    "machine_effects",
    "machine_plans",
    "machine_sheets",
    "machines",
    "own_loans",
    "pictures",
    "planning",
    "recalls",
    "reminder_letters",
    "renewals",
    "requests",
    "reservations",
    "series",
    "sheets",
    "show_machine",
    "supplies",
    "suspensions",
    "text_messages",
    "tours",
    "upkeep",
    "wait_letters",
    "waits",
    "workshop_letters",
]
