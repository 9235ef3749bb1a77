"""When what is kept about people is forgotten: every term of every room, in the order in which the public is told."""

from refurb.accounts import kept_forms, throttle
from refurb.accounts import retention as accounts
from refurb.accounts.actions import forget_sessions
from refurb.accounts.addresses.actions import forget_changes
from refurb.accounts.factors.actions import forget_old_trust
from refurb.accounts.invitations.actions import forget_invitations
from refurb.accounts.passwords.actions import forget_links
from refurb.ceremonies import retention as ceremonies
from refurb.directory import retention as directory
from refurb.directory.organisations.actions.forgetting import forget_contacts
from refurb.documents import retention as documents
from refurb.exchange.actions import forget_tables
from refurb.inventory import retention as inventory
from refurb.inventory.bench.actions.batch import forget_batches
from refurb.inventory.donations import retention as donations
from refurb.inventory.donations.actions.contacts import forget_contact_changes
from refurb.inventory.donations.actions.proposals import forget_proposals
from refurb.inventory.lists.actions.lists import forget_lists
from refurb.inventory.papers.bundles.actions import forget_bundles
from refurb.inventory.papers.receipts import retention as receipts
from refurb.kernel.deeds.effects import forget_written
from refurb.kernel.deeds.idempotency import forget_old_keys
from refurb.kernel.deeds.security import forget_security_events
from refurb.kernel.deeds.terms import Kept, Term
from refurb.lending import rooms as lending
from refurb.referrals import retention as referrals
from refurb.retention.forgetting import forget_person_requests
from refurb.visits import retention as visits

# First who is helped, borrows or gives, then who works here.
TERMS: tuple[Term, ...] = (
    *referrals.TERMS,
    *lending.TERMS,
    *donations.TERMS,
    *ceremonies.TERMS,
    forget_proposals,
    forget_lists,
    *receipts.TERMS,
    forget_bundles,
    forget_contact_changes,
    forget_tables,
    forget_contacts,
    *accounts.TERMS,
    forget_invitations,
    forget_changes,
    forget_links,
    forget_old_trust,
    forget_sessions,
    throttle.forget_lanes,
    kept_forms.forget_forms,
    forget_old_keys,
    forget_batches,
    forget_security_events,
    directory.forget_copies,
    directory.forget_holds,
    forget_person_requests,
    forget_written,
)
# What is kept about people as long as something else stands.
KEPT: tuple[Kept, ...] = (*accounts.KEPT, *lending.KEPT, *directory.KEPT, *documents.KEPT, *inventory.KEPT, *visits.KEPT)
