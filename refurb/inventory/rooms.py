"""Every room, loaded: importing this file hangs each page and JSON door, each deed on its move, each promise on its keeper."""

from refurb.inventory.agent import api as agent_api
from refurb.inventory.agent import views as agent_views
from refurb.inventory.bench import models as bench_models
from refurb.inventory.bench.api import batch as bench_api_batch
from refurb.inventory.bench.api import work as bench_api_work
from refurb.inventory.bench.views import batch as bench_views_batch
from refurb.inventory.bench.views import work as bench_views_work
from refurb.inventory.checks import api as checks_api
from refurb.inventory.checks.views import checks as checks_views_checks
from refurb.inventory.checks.views import policy as checks_views_policy
from refurb.inventory.devices.actions import devices as devices_actions_devices
from refurb.inventory.devices.actions import handovers as devices_actions_handovers
from refurb.inventory.dock import api as dock_api
from refurb.inventory.dock.actions import counts as dock_actions_counts
from refurb.inventory.dock.actions import stock as dock_actions_stock
from refurb.inventory.dock.views import intake_slips as dock_views_intake_slips
from refurb.inventory.dock.views import reception as dock_views_reception
from refurb.inventory.donations import views as donations_views
from refurb.inventory.donations.actions import intake as donations_actions_intake
from refurb.inventory.donations.effects import contacts as donations_effects_contacts
from refurb.inventory.donations.effects import news as donations_effects_news
from refurb.inventory.donations.effects import proposals as donations_effects_proposals
from refurb.inventory.donations.models import appointments as donations_models_appointments
from refurb.inventory.donations.models import contact_changes as donations_models_contact_changes
from refurb.inventory.donations.models import declared as donations_models_declared
from refurb.inventory.donations.models import proposals as donations_models_proposals
from refurb.inventory.donations.models import refused_lots as donations_models_refused_lots
from refurb.inventory.donations.models import releases as donations_models_releases
from refurb.inventory.duplicates import actions as duplicates_actions
from refurb.inventory.duplicates import api as duplicates_api
from refurb.inventory.duplicates import models as duplicates_models
from refurb.inventory.duplicates.views import duplicates as duplicates_views_duplicates
from refurb.inventory.evidence import models as evidence_models
from refurb.inventory.evidence.api import drives as evidence_api_drives
from refurb.inventory.evidence.api import evidence as evidence_api_evidence
from refurb.inventory.evidence.views import clocks as evidence_views_clocks
from refurb.inventory.evidence.views import donor_statements as evidence_views_donor_statements
from refurb.inventory.evidence.views import drives as evidence_views_drives
from refurb.inventory.evidence.views import erasures as evidence_views_erasures
from refurb.inventory.evidence.views import hardware as evidence_views_hardware
from refurb.inventory.evidence.views import impact as evidence_views_impact
from refurb.inventory.evidence.views import loose_drives as evidence_views_loose_drives
from refurb.inventory.evidence.views import rejudged as evidence_views_rejudged
from refurb.inventory.evidence.views import reports as evidence_views_reports
from refurb.inventory.evidence.views import review as evidence_views_review
from refurb.inventory.labels import models as labels_models
from refurb.inventory.labels.views import label_runs as labels_views_label_runs
from refurb.inventory.labels.views import labels as labels_views_labels
from refurb.inventory.lists import api as lists_api
from refurb.inventory.lists import models as lists_models
from refurb.inventory.lists import views as lists_views
from refurb.inventory.lists.actions import imports as lists_actions_imports
from refurb.inventory.models import checks as models_checks
from refurb.inventory.models import devices as models_devices
from refurb.inventory.models import donations as models_donations
from refurb.inventory.models import evidence as models_evidence
from refurb.inventory.models import macs as models_macs
from refurb.inventory.pages import devices as pages_devices
from refurb.inventory.pages import devices_api as pages_devices_api
from refurb.inventory.pages import donations as pages_donations
from refurb.inventory.pages import donations_api as pages_donations_api
from refurb.inventory.pages import intake as pages_intake
from refurb.inventory.pages import scan as pages_scan
from refurb.inventory.papers import effects as papers_effects
from refurb.inventory.papers import models as papers_models
from refurb.inventory.papers.bundles import actions as papers_bundles_actions
from refurb.inventory.papers.bundles import models as papers_bundles_models
from refurb.inventory.papers.bundles import views as papers_bundles_views
from refurb.inventory.papers.receipts import api as papers_receipts_api
from refurb.inventory.papers.receipts import models as papers_receipts_models
from refurb.inventory.papers.receipts import views as papers_receipts_views
from refurb.inventory.papers.views import donor as papers_views_donor
from refurb.inventory.papers.views import donor_says as papers_views_donor_says
from refurb.inventory.papers.views import papers as papers_views_papers
from refurb.inventory.papers.years import api as papers_years_api
from refurb.inventory.papers.years import models as papers_years_models
from refurb.inventory.papers.years import views as papers_years_views
from refurb.inventory.parts import api as parts_api
from refurb.inventory.parts import models as parts_models
from refurb.inventory.parts.views import device_parts as parts_views_device_parts
from refurb.inventory.parts.views import parts as parts_views_parts
from refurb.inventory.releases import api as releases_api
from refurb.inventory.releases import effects as releases_effects
from refurb.inventory.releases import views as releases_views
from refurb.inventory.targets import api as targets_api
from refurb.inventory.targets import models as targets_models
from refurb.inventory.targets import views as targets_views
from refurb.inventory.waste import actions as waste_actions
from refurb.inventory.waste import api as waste_api
from refurb.inventory.waste import models as waste_models
from refurb.inventory.waste import views as waste_views

LOADED = (
    agent_api,
    agent_views,
    bench_api_batch,
    bench_api_work,
    bench_models,
    bench_views_batch,
    bench_views_work,
    checks_api,
    checks_views_checks,
    checks_views_policy,
    devices_actions_devices,
    devices_actions_handovers,
    dock_actions_counts,
    dock_actions_stock,
    dock_api,
    dock_views_intake_slips,
    dock_views_reception,
    donations_actions_intake,
    donations_effects_contacts,
    donations_effects_news,
    donations_effects_proposals,
    donations_models_appointments,
    donations_models_contact_changes,
    donations_models_declared,
    donations_models_proposals,
    donations_models_refused_lots,
    donations_models_releases,
    donations_views,
    duplicates_actions,
    duplicates_api,
    duplicates_models,
    duplicates_views_duplicates,
    evidence_api_drives,
    evidence_api_evidence,
    evidence_models,
    evidence_views_clocks,
    evidence_views_rejudged,
    evidence_views_donor_statements,
    evidence_views_drives,
    evidence_views_erasures,
    evidence_views_hardware,
    evidence_views_impact,
    evidence_views_loose_drives,
    evidence_views_reports,
    evidence_views_review,
    labels_models,
    labels_views_label_runs,
    labels_views_labels,
    lists_actions_imports,
    lists_api,
    lists_models,
    lists_views,
    models_checks,
    models_devices,
    models_donations,
    models_evidence,
    models_macs,
    pages_devices,
    pages_devices_api,
    pages_donations,
    pages_donations_api,
    pages_intake,
    pages_scan,
    papers_effects,
    papers_models,
    papers_views_donor,
    papers_views_donor_says,
    papers_views_papers,
    papers_bundles_actions,
    papers_bundles_models,
    papers_bundles_views,
    papers_receipts_api,
    papers_receipts_models,
    papers_receipts_views,
    papers_years_api,
    papers_years_models,
    papers_years_views,
    parts_api,
    parts_models,
    parts_views_device_parts,
    parts_views_parts,
    releases_api,
    releases_effects,
    releases_views,
    targets_api,
    targets_models,
    targets_views,
    waste_actions,
    waste_api,
    waste_models,
    waste_views,
)
