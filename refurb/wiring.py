"""The lists: which blueprints, life cycles, effects and commands the service is made of."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Flask

from refurb.accounts import kept_forms, log, sessions, stations, throttle
from refurb.accounts import models as accounts_models
from refurb.accounts.addresses import effects as address_effects
from refurb.accounts.addresses import models as address_models
from refurb.accounts.addresses import views as address_views
from refurb.accounts.api import api as stations_api
from refurb.accounts.factors import models as factor_models
from refurb.accounts.factors import views as factor_views
from refurb.accounts.factors.actions import end_former_proofs
from refurb.accounts.factors.passkeys import models as passkey_models
from refurb.accounts.factors.passkeys import views as passkey_views
from refurb.accounts.factors.passkeys.actions import forget_challenges
from refurb.accounts.invitations import effects as invitation_effects
from refurb.accounts.invitations import models as invitation_models
from refurb.accounts.invitations import views as invitation_views
from refurb.accounts.invitations.actions import follow_merger, follow_parting, invite_referent
from refurb.accounts.outside import models as outside_models
from refurb.accounts.outside import views as outside_views
from refurb.accounts.passwords import effects as password_effects
from refurb.accounts.passwords import models as password_models
from refurb.accounts.passwords import views as password_views
from refurb.accounts.people import colleagues
from refurb.accounts.people import effects as people_effects
from refurb.accounts.people import views as people_views
from refurb.accounts.people.queries import roles_at
from refurb.accounts.queries import able, accounts_of, address_of, name_of
from refurb.accounts.views import blueprint as accounts
from refurb.ceremonies import models as ceremonies_models
from refurb.ceremonies import rooms as ceremony_rooms
from refurb.ceremonies.api import api as ceremonies_api
from refurb.ceremonies.blueprint import blueprint as ceremonies
from refurb.ceremonies.consents.api import api as consents_api
from refurb.ceremonies.guests.donors import DONOR_PANELS
from refurb.ceremonies.persons import AGREED, INVITED, ceremonies_of_referral
from refurb.ceremonies.planned import ceremonies_at, ceremonies_on, comes_to_a_ceremony
from refurb.ceremonies.states import ceremony_machine, turn_machine
from refurb.directory.agenda import models as agenda_models
from refurb.directory.agenda import planned
from refurb.directory.agenda.planned import Planner
from refurb.directory.declaration.queries import accessibility_mention
from refurb.directory.declaration.views import blueprint as declaration
from refurb.directory.durations import network_of
from refurb.directory.fiscal.views import blueprint as fiscal
from refurb.directory.letterhead.views import blueprint as letterhead
from refurb.directory.mailing.queries import entered_mail_server
from refurb.directory.mailing.views import blueprint as mailing
from refurb.directory.models import Organisation
from refurb.directory.organisations import models as organisations_models
from refurb.directory.organisations.api import api as organisations_api
from refurb.directory.organisations.rooms import blueprint as organisations
from refurb.directory.policies import trials as policy_trials
from refurb.directory.policies.actions import keep_shipped_texts
from refurb.directory.policies.views import blueprint as policies
from refurb.directory.queries import home
from refurb.directory.rota import at_stops
from refurb.directory.rota import models as rota_models
from refurb.directory.rota.actions.rotas import close_passages, keep_ahead
from refurb.directory.rota.api import api as rota_api
from refurb.directory.rota.at_stops import StopRoom
from refurb.directory.rota.planned import passages_of_place, passages_on
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.views import blueprint as rota
from refurb.directory.scans.api import api as scans_api
from refurb.directory.sites import models as sites_models
from refurb.directory.sites.api import api as sites_api
from refurb.directory.sites.views import blueprint as sites
from refurb.directory.texting.views import blueprint as texting
from refurb.documents import certificate_pages, qr
from refurb.documents import models as documents_models
from refurb.documents.api import api as papers_api
from refurb.documents.heads import blueprint as heads
from refurb.documents.heads import plan_mails
from refurb.documents.outbox import blueprint as outbox
from refurb.documents.queries import changed_papers
from refurb.documents.views import blueprint as documents
from refurb.exchange import models as exchange_models
from refurb.exchange.views import blueprint as exchange
from refurb.former import FORMER
from refurb.funding import rooms as funding
from refurb.inventory import rooms as inventory_rooms
from refurb.inventory.agent.api import api as agent_api
from refurb.inventory.bench.charges import MACHINES_IN_HAND
from refurb.inventory.blueprint import api as inventory_api
from refurb.inventory.blueprint import blueprint as inventory
from refurb.inventory.devices.queries.found import DEVICE_PIECES
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.organisations import open_donations
from refurb.inventory.donations.queries.planned import appointments_on, donations_and_devices_at
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.evidence.actions.former_holders import recall_unproven
from refurb.inventory.evidence.api.evidence import api as evidence_api
from refurb.inventory.evidence.rejudging import judge_reports_again
from refurb.inventory.models import counts as inventory_counts
from refurb.inventory.papers.resumming import sum_papers_again
from refurb.inventory.papers.years import merging as donor_years
from refurb.inventory.papers.years.reuse import tell_donors
from refurb.inventory.targets import touched
from refurb.inventory.targets.actions import weigh_what_is_left
from refurb.inventory.waste.states import waste_machine
from refurb.keeping import effects as keeping_effects
from refurb.keeping import models as keeping_models
from refurb.keeping.actions import plan_due
from refurb.keeping.lost import lost_files
from refurb.keeping.queries import is_copying
from refurb.keeping.views import blueprint as keeping
from refurb.kernel.deeds import effects, erased_files, heartbeat, holds, policy_versions, progress, retention, security, unit_of_work, wired
from refurb.kernel.deeds.counts import differences, forget_empty
from refurb.kernel.deeds.machine import Machine
from refurb.kernel.deeds.pieces import sweep_pieces
from refurb.kernel.deeds.retention import shrink_traces
from refurb.kernel.deeds.verification import findings_at_home
from refurb.kernel.deeds.wired import Wiring
from refurb.kernel.web import api, asked, faults, former, headers, packing, replay, shell, works
from refurb.lending import models as lending_models
from refurb.lending import rooms as lending
from refurb.lending.borrowers.actions import write_borrowers_anew
from refurb.lending.borrowers.organisations import open_loans
from refurb.lending.catalogue.displaced import tell_back, tell_displaced
from refurb.lending.loans.closed_days import items_and_loans_at, move_returns, returns_at_stops, returns_on
from refurb.lending.machines.planned import machine_slots_on
from refurb.lending.models import BORROWER_PIECES
from refurb.lending.persons import BORROWING
from refurb.lending.reservations.closed_days import reservations_at, reservations_at_stops, reservations_on
from refurb.lending.series import models as series_models
from refurb.lending.waits.queries import waits_at_stops
from refurb.monitoring import requests as request_notes
from refurb.monitoring.views import blueprint as monitoring
from refurb.navigation import NAVIGATION
from refurb.points import POINTS
from refurb.policies import POLICIES, POLICY_ASKS, POLICY_EFFECTS, POLICY_FOLLOWS, POLICY_GUARDS, TEXT_SAMPLES
from refurb.referrals import models as referrals_models
from refurb.referrals import rooms as referrals
from refurb.referrals.cases.charges import REFERRALS_IN_HAND
from refurb.referrals.cases.partners import open_referrals
from refurb.referrals.cases.replay import disagreements
from refurb.referrals.endowments.persons import SIGNED_FOR
from refurb.referrals.handovers.planned import appointments_at_stops, appointments_on_closed_days, is_expected_today, slots_at
from refurb.referrals.households.rehashing import hash_what_lacks
from refurb.referrals.models import BENEFICIARY_PIECES, Referral
from refurb.referrals.persons import REFERRED
from refurb.reporting.public import blueprint as public_pages
from refurb.reporting.views import blueprint as reporting
from refurb.retention import journal as retention_journal
from refurb.retention import models as retention_models
from refurb.retention import rights as retention_rights
from refurb.retention.views import blueprint as retention_pages
from refurb.scans import PUBLIC_SCAN_TARGETS, SCAN_CARDS, SCAN_READERS, SCAN_TARGETS
from refurb.terms import KEPT, TERMS
from refurb.visits import rooms as visits

BLUEPRINTS = (
    accounts,
    ceremonies,
    documents,
    exchange,
    funding.blueprint,
    heads,
    keeping,
    inventory,
    lending.blueprint,
    organisations,
    declaration,
    fiscal,
    letterhead,
    mailing,
    monitoring,
    outbox,
    policies,
    works.blueprint,
    public_pages,
    referrals.blueprint,
    reporting,
    retention_pages,
    rota,
    sites,
    visits.blueprint,
    texting,
    stations.blueprint,
    log.blueprint,
    people_views.blueprint,
    colleagues.blueprint,
    invitation_views.blueprint,
    password_views.blueprint,
    address_views.blueprint,
    factor_views.blueprint,
    passkey_views.blueprint,
    outside_views.blueprint,
)

API_BLUEPRINTS: tuple[Any, ...] = (
    scans_api,
    inventory_api,
    evidence_api,
    papers_api,
    *lending.APIS,
    *referrals.APIS,
    ceremonies_api,
    consents_api,
    rota_api,
    sites_api,
    visits.api,
    funding.api,
    works.api,
    agent_api,
    stations_api,
    organisations_api,
)

# Loaded so that the database knows every table, whoever asks first.
MODELS = (
    accounts_models, invitation_models, password_models, address_models, factor_models, passkey_models,
    outside_models, agenda_models, ceremonies_models, ceremony_rooms, certificate_pages, documents_models,
    exchange_models, inventory_rooms, keeping_models, lending_models, organisations_models, referrals_models,
    retention_models, rota_models, series_models, sites_models, effects, erased_files, heartbeat, holds, progress,
    policy_versions, retention, security, throttle,
)  # fmt: skip

# Loaded so that their pages hang on the blueprint.
PAGES = (policy_trials, retention_journal, retention_rights, visits)

# Loaded so that every promise has somebody who keeps it.
EFFECTS = (people_effects, invitation_effects, password_effects, address_effects, referrals, inventory_rooms, keeping_effects)

MACHINES: tuple[Machine[Any], ...] = (
    donation_machine,
    device_machine,
    waste_machine,
    *lending.MACHINES,
    *referrals.MACHINES,
    ceremony_machine,
    turn_machine,
    ceremony_rooms.guest_machine,
    passage_machine,
)

# What the database keeps counted.
COUNTS = (*inventory_counts.COUNTS, *referrals.COUNTS, *lending.COUNTS, *visits.COUNTS)

# What is about nobody, and dropped every hour.
TIDYING: dict[str, Callable[[], int]] = {
    "counts of nothing": forget_empty,
    "challenges too old for an answer": forget_challenges,
    "hours of visits, and opinions that nobody gave": visits.forget_hours,
}

# What is done over again after a release, a slice at a time, until nothing of it is left.
CATCHING_UP = (judge_reports_again, recall_unproven, sum_papers_again, hash_what_lacks)

# What the worker looks after every hour besides.
HOURLY = (
    plan_mails,
    plan_due,
    tell_donors,
    *referrals.HOURLY,
    *lending.HOURLY,
    keep_ahead,
    keep_shipped_texts,
    end_former_proofs,
    weigh_what_is_left,
)

# What lies on days that are to be closed, and what is at a place that is to be given up.
PLANNED = (
    Planner(appointments_on),
    Planner(ceremonies_on),
    Planner(appointments_on_closed_days),
    Planner(returns_on, move_returns),
    Planner(reservations_on),
    Planner(passages_on, close_passages),
    Planner(machine_slots_on),
)
STANDING = (donations_and_devices_at, items_and_loans_at, reservations_at, ceremonies_at, slots_at, passages_of_place, roles_at)

# Who comes for a device without an appointment.
ARRANGED_ELSEWHERE = (comes_to_a_ceremony,)

# What is fetched and brought back at the stops of the rota.
AT_STOPS = (
    StopRoom(returns_at_stops, move_returns),
    StopRoom(reservations_at_stops, tell_displaced, tell_back),
    StopRoom(waits_at_stops),
    StopRoom(appointments_at_stops),
)

# What a backup that is put back is verified by, after the sums of its parts: each names what is not as it should be.
VERIFYING: dict[str, Callable[[], Iterator[str]]] = {
    "history": findings_at_home,
    "files": lost_files,
    "papers": lambda: map(str, changed_papers()),
    "counts": lambda: (str(each) for count in COUNTS for each in differences(count)),
    "decisions": lambda: (f"{each.referral.reference}: rank {each.rank}" for each in disagreements()),
}

CHARGES = (REFERRALS_IN_HAND, MACHINES_IN_HAND)
"""What is handed on when somebody's account is closed."""

PIECES = (DEVICE_PIECES, BENEFICIARY_PIECES, BORROWER_PIECES)
"""What is found by any part of its words, however many there are."""

WIRING = Wiring(
    find_actor=sessions.find_actor,
    name_of=name_of,
    home=home,
    accessibility=accessibility_mention,
    mail_server=entered_mail_server,
    address_of=address_of,
    draw_code=qr.svg,
    navigation=NAVIGATION,
    terms=TERMS,
    kept=KEPT,
    persons=(REFERRED, BORROWING, INVITED, AGREED, SIGNED_FOR),
    known_besides={Referral.KIND: (ceremonies_of_referral,)},
    tidying=TIDYING,
    copying=is_copying,
    sweeping=(shrink_traces, *(partial(sweep_pieces, each) for each in PIECES)),
    network_of=network_of,
    catching_up=CATCHING_UP,
    noting=(security.write_noted, sessions.write_seen),
    agent_door=agent_api.name,
    hourly=HOURLY,
    verifying=VERIFYING,
    policies=POLICIES,
    policy_effects=POLICY_EFFECTS,
    policy_guards=POLICY_GUARDS,
    policy_asks=POLICY_ASKS,
    policy_follows=POLICY_FOLLOWS,
    text_samples=TEXT_SAMPLES,
    charges=CHARGES,
    points=POINTS,
    scan_targets=SCAN_TARGETS,
    public_scan_targets=PUBLIC_SCAN_TARGETS,
    scan_readers=SCAN_READERS,
    scan_cards=SCAN_CARDS,
    able=able,
    accounts_of=accounts_of,
    invite_referent=invite_referent,
    panels={Organisation.KIND: referrals.ORGANISATION_PANELS, Referral.KIND: referrals.REFERRAL_PANELS, **DONOR_PANELS},
    open_work={Organisation.KIND: (open_referrals, open_donations, open_loans)},
    merged={Organisation.KIND: (follow_merger, donor_years.follow_merger)},
    parted={invitation_models.Invitation.__tablename__: follow_parting, documents_models.Paper.__tablename__: donor_years.follow_parting},
    renamed={Organisation.KIND: (write_borrowers_anew,)},
)


def wire(app: Flask) -> None:
    """Join everything to the application, in the order a request meets it.

    Raises `PolicyError`: a policy that cannot be applied stops the start, with the name of its line.
    """
    for policy in POLICIES:
        policy.in_force()
    wired.keep(app, WIRING)
    planned.planned[:] = PLANNED
    planned.standing[:] = STANDING
    at_stops.at_stops[:] = AT_STOPS
    referrals.arranged_elsewhere[:] = ARRANGED_ELSEWHERE
    referrals.expected_today[:] = (is_expected_today,)
    request_notes.setup(app)
    packing.setup(app)
    asked.setup(app)
    former.setup(app, FORMER)
    sessions.setup(app)
    replay.setup(app)
    shell.setup(app)
    headers.setup(app)
    faults.setup(app)
    kept_forms.setup(app)
    factor_views.setup(app)
    outside_views.setup(app)
    at_work = (policy_versions.forget_known, sessions.refuse_unguarded, replay.remember, sessions.note_use, touched.begin)
    for hooks, deeds in ((unit_of_work.on_opening, at_work), (unit_of_work.on_closing, (touched.finish, replay.conclude))):
        hooks.extend(each for each in deeds if each not in hooks)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    api.setup(app, API_BLUEPRINTS)
