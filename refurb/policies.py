"""The policies of the service: which there are, what each would change today, and what else must hold before one is adopted."""

from collections.abc import Callable, Iterable
from typing import Any

from refurb.accounts.factors.actions import end_unserved_proofs
from refurb.accounts.factors.arrival import need_proof
from refurb.accounts.factors.policy import ACCOUNTS
from refurb.accounts.factors.preview import preview_accounts, somebody_still_proves
from refurb.accounts.samples import ACCOUNT_SAMPLES
from refurb.accounts.texts import ACCOUNT_CHANGED, FACTOR_REMINDER, FORMER_ADDRESS, INVITATION, NEW_ADDRESS, PASSWORD
from refurb.ceremonies.after.samples import REPORT_SAMPLES
from refurb.ceremonies.after.texts import REPORT_TEXT
from refurb.ceremonies.consents.samples import CONSENT_SAMPLES
from refurb.ceremonies.consents.texts import CONSENT_LETTER, CONSENT_TEXT
from refurb.ceremonies.guests.samples import CEREMONY_SAMPLES
from refurb.ceremonies.guests.texts import CEREMONY_FAMILY, CEREMONY_GUEST
from refurb.directory.agenda.calendar import AGENDA
from refurb.directory.agenda.preview import preview_agenda
from refurb.directory.durations import RETENTION
from refurb.directory.mailing.texts import MAIL_SAMPLES, MAIL_TRIAL
from refurb.directory.texting.policy import SMS, TEXT_MESSAGES
from refurb.directory.texting.samples import SMS_SAMPLES
from refurb.documents.heads import HEAD_SAMPLES, HISTORY_HEAD
from refurb.inventory.bench.policy import BENCH
from refurb.inventory.bench.preview import preview_bench
from refurb.inventory.checklists.policy import CHECKLISTS
from refurb.inventory.checklists.preview import preview_checklists
from refurb.inventory.checklists.signers import unsignable
from refurb.inventory.dock.samples import DOCK_SAMPLES
from refurb.inventory.dock.texts import INTAKE_TEXT
from refurb.inventory.donations.cautions import SOLIDARITY_PRICES
from refurb.inventory.donations.queries.preview import preview_prices, preview_slots
from refurb.inventory.donations.slots import SLOTS
from refurb.inventory.donations.texts import DONATION_NEWS, DONOR_CONTACT, DONOR_PAPERS, PROPOSAL
from refurb.inventory.evidence.impact import DATA_IMPACT
from refurb.inventory.labels.formats import LABELS
from refurb.inventory.labels.preview import preview_labels
from refurb.inventory.papers.carbon import CARBON
from refurb.inventory.papers.receipts.texts import RECEIPT_TEXT
from refurb.inventory.papers.samples import DONATION_SAMPLES
from refurb.inventory.papers.texts import DONATION_TEXT, ERASURE_TEXT
from refurb.inventory.papers.years.texts import BILAN_TEXT, REEN_TEXT, REUSE_TEXT
from refurb.inventory.parts.policy import PARTS
from refurb.inventory.parts.preview import preview_parts
from refurb.inventory.releases.texts import DONOR_RELEASES
from refurb.inventory.targets.policy import TARGETS
from refurb.inventory.targets.preview import preview_targets
from refurb.keeping.effects import BACKUP_FAILED, KEEPING_SAMPLES
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.policy import Complaint, PolicyFile
from refurb.kernel.deeds.wired import PolicyPreview, TextSample
from refurb.lending.catalogue.samples import ONLINE_SAMPLES
from refurb.lending.catalogue.texts import ONLINE_LINK, ONLINE_NEWS, PASSAGE_OFF
from refurb.lending.loans.preview import preview_loans
from refurb.lending.loans.samples import LOAN_SAMPLES
from refurb.lending.loans.texts import LOAN_TEXT
from refurb.lending.machines.samples import MACHINE_SAMPLES
from refurb.lending.machines.texts import MACHINE_NEWS
from refurb.lending.reminders.samples import REMINDER_SAMPLES
from refurb.lending.reminders.texts import LOAN_RECALLED, LOAN_SIGNED, LOAN_TO_SIGN, LOANS_DUE
from refurb.lending.series.samples import WORKSHOP_SAMPLES
from refurb.lending.series.texts import WORKSHOP_NEWS
from refurb.lending.terms import LOANS
from refurb.lending.waits.samples import WAIT_SAMPLES
from refurb.lending.waits.texts import WAIT_OFFER
from refurb.referrals.aftersales.family import FAMILY_PAGE
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.cases.bag_policy import BAGS
from refurb.referrals.cases.connection_letters import CONNECTION_END
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.notice import NOTICE
from refurb.referrals.cases.participation_policy import PARTICIPATION, beyond_the_law
from refurb.referrals.cases.preview import preview_order
from refurb.referrals.cases.priority import ELIGIBILITY
from refurb.referrals.cases.samples import REFERRAL_SAMPLES
from refurb.referrals.cases.texts import CONVENTION_REMINDER, HANDOVER_TEXT, PARTICIPATION_TEXT, REFERRAL_NEWS
from refurb.referrals.cases.translations import SLIP_LANGUAGES
from refurb.referrals.committees.letters import COMMITTEE_LETTER
from refurb.referrals.committees.samples import COMMITTEE_SAMPLES
from refurb.referrals.committees.texts import MINUTES_TEXT
from refurb.referrals.endowments.samples import ENDOWMENT_SAMPLES
from refurb.referrals.endowments.texts import ENDOWMENT_NEWS, ENDOWMENT_TEXT
from refurb.referrals.followup.samples import NEWS_SAMPLES
from refurb.referrals.followup.texts import NEWS_ASKED, NEWS_ASKED_OF_PARTNER
from refurb.referrals.handovers.samples import APPOINTMENT_SAMPLES
from refurb.referrals.handovers.texts import HANDOVER_APPOINTMENT, HANDOVER_INVITATION, HOLDING_END
from refurb.referrals.households.policy import HOUSEHOLDS
from refurb.referrals.households.preview import preview_households
from refurb.referrals.quotas.policy import QUOTAS
from refurb.referrals.quotas.preview import preview_quotas, unknown_partners
from refurb.reporting.public import PAGE_SAMPLES
from refurb.reporting.texts import ACCESSIBILITY_PAGE, CONTACT_PAGE, HELP_PAGE, LEGAL_PAGE, PRIVACY_PAGE
from refurb.retention.preview import preview_durations
from refurb.visits.policy import VISIT_WORDS

# The files of config/policy: every one is checked when the service starts.
POLICIES: tuple[PolicyFile[Any], ...] = (
    ACCOUNTS, AFTER, AGENDA, BAGS, BENCH, CARBON, CHECKLISTS, ELIGIBILITY, HOLDING, HOUSEHOLDS, LABELS, LOANS, NOTICE, PARTICIPATION,
    PARTS, QUOTAS, RETENTION, SLOTS, SOLIDARITY_PRICES, TARGETS,
    DATA_IMPACT,
    VISIT_WORDS,
    FAMILY_PAGE, PROPOSAL, DONATION_NEWS, DONOR_PAPERS, REFERRAL_NEWS, CONVENTION_REMINDER, CONNECTION_END, COMMITTEE_LETTER,
    HANDOVER_INVITATION, HANDOVER_APPOINTMENT, HOLDING_END, CEREMONY_GUEST, CEREMONY_FAMILY, ENDOWMENT_NEWS,
    NEWS_ASKED, NEWS_ASKED_OF_PARTNER,
    DONOR_CONTACT,
    DONOR_RELEASES,
    LOANS_DUE, LOAN_SIGNED, LOAN_TO_SIGN, LOAN_RECALLED, ONLINE_LINK, ONLINE_NEWS, PASSAGE_OFF, WAIT_OFFER, WORKSHOP_NEWS,
    MACHINE_NEWS,
    INVITATION, PASSWORD, NEW_ADDRESS, FORMER_ADDRESS, FACTOR_REMINDER, ACCOUNT_CHANGED, BACKUP_FAILED, HISTORY_HEAD, MAIL_TRIAL,
    DONATION_TEXT, ERASURE_TEXT, INTAKE_TEXT, HANDOVER_TEXT, SLIP_LANGUAGES, LOAN_TEXT, MINUTES_TEXT, ENDOWMENT_TEXT,
    LEGAL_PAGE, PRIVACY_PAGE, ACCESSIBILITY_PAGE, HELP_PAGE, CONTACT_PAGE,
    PARTICIPATION_TEXT,
    CONSENT_LETTER, REPORT_TEXT, CONSENT_TEXT,
    BILAN_TEXT, REUSE_TEXT, REEN_TEXT, RECEIPT_TEXT,
    SMS, TEXT_MESSAGES,
)  # fmt: skip

# What adopting a policy would change on today's data.
POLICY_EFFECTS: dict[str, PolicyPreview] = {
    ACCOUNTS.name: preview_accounts,
    AGENDA.name: preview_agenda,
    BENCH.name: preview_bench,
    CHECKLISTS.name: preview_checklists,
    ELIGIBILITY.name: preview_order,
    HOUSEHOLDS.name: preview_households,
    LABELS.name: preview_labels,
    LOANS.name: preview_loans,
    PARTS.name: preview_parts,
    QUOTAS.name: preview_quotas,
    RETENTION.name: preview_durations,
    SLOTS.name: preview_slots,
    SOLIDARITY_PRICES.name: preview_prices,
    TARGETS.name: preview_targets,
}
POLICY_GUARDS: dict[str, Callable[[Any], Iterable[Complaint]]] = {
    ACCOUNTS.name: somebody_still_proves,
    CHECKLISTS.name: unsignable,
    PARTICIPATION.name: beyond_the_law,
    QUOTAS.name: unknown_partners,
}
POLICY_ASKS: dict[str, Callable[[Actor], None]] = {ACCOUNTS.name: need_proof}
POLICY_FOLLOWS: dict[str, Callable[[], int]] = {ACCOUNTS.name: end_unserved_proofs}

# On what a text is looked at before it is adopted.
TEXT_SAMPLES: dict[str, TextSample] = {
    **ACCOUNT_SAMPLES, **DONATION_SAMPLES, **DOCK_SAMPLES, **REFERRAL_SAMPLES, **APPOINTMENT_SAMPLES, **COMMITTEE_SAMPLES, **NEWS_SAMPLES,
    **CEREMONY_SAMPLES, **ENDOWMENT_SAMPLES,
    **CONSENT_SAMPLES, **REPORT_SAMPLES,
    **LOAN_SAMPLES, **REMINDER_SAMPLES, **ONLINE_SAMPLES, **WAIT_SAMPLES, **WORKSHOP_SAMPLES, **MACHINE_SAMPLES,
    **KEEPING_SAMPLES, **HEAD_SAMPLES, **MAIL_SAMPLES, **PAGE_SAMPLES,
    **SMS_SAMPLES,
}  # fmt: skip
