"""Every room of referrals, loaded: importing this file hangs each page, each deed on its move, each promise on its keeper."""

from typing import Any

from refurb.kernel.deeds.machine import Machine
from refurb.referrals.aftersales import effects as ticket_letters
from refurb.referrals.aftersales import views as aftersales
from refurb.referrals.aftersales.api import api as tickets_api
from refurb.referrals.aftersales.shown import panel_of_tickets
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.bags import views as bags
from refurb.referrals.bags import visits as home_visits
from refurb.referrals.bags.api import api as bags_api
from refurb.referrals.cases import connection_letters, effects, reminders
from refurb.referrals.cases.api import api as cases_api
from refurb.referrals.cases.counts import COUNTS
from refurb.referrals.cases.partners import panel_of_referrals
from refurb.referrals.cases.purchases_api import api as purchases_api
from refurb.referrals.cases.reminders import plan_reminders
from refurb.referrals.cases.scope import expected_today
from refurb.referrals.cases.states import allocation_machine, referral_machine
from refurb.referrals.cases.views import blueprint
from refurb.referrals.cases.views.connections import panel_of_connection
from refurb.referrals.cases.views.purchases import panel_of_purchases
from refurb.referrals.committees import views as committees
from refurb.referrals.committees.actions import closing
from refurb.referrals.committees.api import api as committees_api
from refurb.referrals.committees.shown import panel_of_committees
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.endowments import effects as endowment_letters
from refurb.referrals.endowments.actions import let_endowments_lapse
from refurb.referrals.endowments.api import api as endowments_api
from refurb.referrals.endowments.shown import panel_of_endowments
from refurb.referrals.endowments.states import endowment_machine
from refurb.referrals.followup import effects as news_effects
from refurb.referrals.followup import text_messages as news_texts
from refurb.referrals.followup import views as followup
from refurb.referrals.followup.actions import plan_followups
from refurb.referrals.followup.api import api as followups_api
from refurb.referrals.followup.shown import panel_of_followups
from refurb.referrals.handovers import agenda as handover_agenda
from refurb.referrals.handovers import effects as appointment_letters
from refurb.referrals.handovers import group_views as group_visits
from refurb.referrals.handovers import own as own_appointments
from refurb.referrals.handovers import text_messages as appointment_texts
from refurb.referrals.handovers.actions import let_addresses_go, let_invitations_expire
from refurb.referrals.handovers.api import api as handovers_api
from refurb.referrals.handovers.lapsing import let_reservations_lapse
from refurb.referrals.handovers.queries import arranged_elsewhere
from refurb.referrals.handovers.states import invitation_machine
from refurb.referrals.handovers.views import panel_of_appointment
from refurb.referrals.quotas.shown import panel_of_quotas
from refurb.referrals.retention import let_drafts_lapse

APIS: tuple[Any, ...] = (
    cases_api, purchases_api, committees_api, handovers_api, bags_api, tickets_api, followups_api, endowments_api,
)  # fmt: skip
MACHINES: tuple[Machine[Any], ...] = (
    referral_machine,
    allocation_machine,
    committee_machine,
    invitation_machine,
    ticket_machine,
    endowment_machine,
)
HOURLY = (
    let_drafts_lapse,
    plan_reminders,
    let_invitations_expire,
    let_addresses_go,
    plan_followups,
    let_reservations_lapse,
    let_endowments_lapse,
)
"""What the worker looks after every hour."""
ORGANISATION_PANELS = (panel_of_quotas, panel_of_referrals, panel_of_endowments)
"""What is hung on the page of an organisation."""
REFERRAL_PANELS = (panel_of_committees, panel_of_appointment, panel_of_connection, panel_of_purchases, panel_of_tickets, panel_of_followups)
"""What the rooms above `cases` hang on the page of a referral."""

__all__ = [
    "APIS",
    "COUNTS",
    "HOURLY",
    "MACHINES",
    "ORGANISATION_PANELS",
    "REFERRAL_PANELS",
    "aftersales",
    "appointment_letters",
    "appointment_texts",
    "arranged_elsewhere",
    "bags",
    "blueprint",
    "closing",
    "committees",
    "connection_letters",
    "effects",
    "endowment_letters",
    "expected_today",
    "followup",
    "group_visits",
    "handover_agenda",
    "home_visits",
    "news_effects",
    "news_texts",
    "own_appointments",
    "reminders",
    "ticket_letters",
]
