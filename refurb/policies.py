"""The policies of the service: which there are, what each would change today, and what else must hold before one is adopted."""

from collections.abc import Callable, Iterable
from typing import Any

from refurb.accounts.factors.policy import ACCOUNTS
from refurb.accounts.factors.preview import preview_accounts, somebody_still_proves
from refurb.directory.agenda.calendar import AGENDA
from refurb.directory.agenda.preview import preview_agenda
from refurb.inventory.bench.policy import BENCH
from refurb.inventory.bench.preview import preview_bench
from refurb.inventory.checklists.policy import CHECKLISTS
from refurb.inventory.checklists.preview import preview_checklists
from refurb.inventory.checklists.signers import unsignable
from refurb.inventory.donations.cautions import SOLIDARITY_PRICES
from refurb.inventory.donations.queries.preview import preview_prices, preview_slots
from refurb.inventory.donations.slots import SLOTS
from refurb.inventory.labels.formats import LABELS
from refurb.inventory.labels.preview import preview_labels
from refurb.inventory.parts.policy import PARTS
from refurb.inventory.parts.preview import preview_parts
from refurb.inventory.targets.policy import TARGETS
from refurb.inventory.targets.preview import preview_targets
from refurb.kernel.deeds.policy import Complaint, PolicyFile
from refurb.kernel.deeds.wired import PolicyPreview
from refurb.lending.loans.preview import preview_loans
from refurb.lending.terms import LOANS
from refurb.referrals.preview import preview_order
from refurb.referrals.priority import ELIGIBILITY

# The files of config/policy: every one is checked when the service starts.
POLICIES: tuple[PolicyFile[Any], ...] = (
    ACCOUNTS,
    AGENDA,
    BENCH,
    CHECKLISTS,
    ELIGIBILITY,
    LABELS,
    LOANS,
    PARTS,
    SLOTS,
    SOLIDARITY_PRICES,
    TARGETS,
)

# What adopting a policy would change on today's data.
POLICY_EFFECTS: dict[str, PolicyPreview] = {
    ACCOUNTS.name: preview_accounts,
    AGENDA.name: preview_agenda,
    BENCH.name: preview_bench,
    CHECKLISTS.name: preview_checklists,
    ELIGIBILITY.name: preview_order,
    LABELS.name: preview_labels,
    LOANS.name: preview_loans,
    PARTS.name: preview_parts,
    SLOTS.name: preview_slots,
    SOLIDARITY_PRICES.name: preview_prices,
    TARGETS.name: preview_targets,
}
POLICY_GUARDS: dict[str, Callable[[Any], Iterable[Complaint]]] = {
    ACCOUNTS.name: somebody_still_proves,
    CHECKLISTS.name: unsignable,
}
