"""Every room of referrals, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from typing import Any

from refurb.kernel.deeds.machine import Machine
from refurb.referrals.aftersales import views as aftersales
from refurb.referrals.aftersales.api import api as tickets_api
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.cases import effects, reminders
from refurb.referrals.cases.api import api as cases_api
from refurb.referrals.cases.reminders import plan_reminders
from refurb.referrals.cases.states import allocation_machine, referral_machine
from refurb.referrals.cases.views import blueprint
from refurb.referrals.retention import let_drafts_lapse

APIS: tuple[Any, ...] = (cases_api, tickets_api)
MACHINES: tuple[Machine[Any], ...] = (referral_machine, allocation_machine, ticket_machine)
HOURLY = (let_drafts_lapse, plan_reminders)
"""What the worker looks after every hour."""

__all__ = ["APIS", "HOURLY", "MACHINES", "aftersales", "blueprint", "effects", "reminders"]
