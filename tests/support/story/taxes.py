"""A territory that gives tax receipts, and gifts that somebody has valued."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from refurb.directory.fiscal.actions import save_basis
from refurb.directory.fiscal.models import FiscalBasis
from refurb.directory.fiscal.queries import fiscal_versions
from refurb.directory.fiscal.words import FiscalRuling, FiscalStanding
from refurb.directory.letterhead.actions import name_signatory, save_letterhead
from refurb.directory.letterhead.words import LegalForm
from refurb.directory.models import Organisation
from refurb.documents.models import Paper
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.receipts.actions import issue_receipt, value_gift
from refurb.inventory.papers.receipts.models import GiftValuation
from refurb.inventory.papers.receipts.words import Method
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.chapters import chapter
from tests.support.story import gifts, people

LETTER = b"%PDF-1.4 la lettre"
HEAD: dict[str, Any] = {
    "name": "Association Les Octets de la Vienne", "short_name": "Les Octets", "legal_form": LegalForm.ASSOCIATION, "siret": None,
    "rna": "W862001234", "street": "3 rue de la Fiction", "postcode": "86000", "commune": "Poitiers", "email": "bonjour@octets.example",
    "phone": None, "dpo_name": None, "dpo_email": None, "dpo_address": None, "publisher": None, "host": None, "accent": None,
}  # fmt: skip


def based(**changes: Any) -> FiscalBasis:
    """The legal basis is entered, for both kinds of donors."""
    told = {
        "standing": FiscalStanding.GENERAL_INTEREST, "purpose": "Équiper des foyers modestes en ordinateurs remis en état.",
        "individuals": True, "companies": True, "ruling": FiscalRuling.NONE, "ruling_reference": None, "ruling_on": None,
        "decided_by": "Conseil d'administration", "decided_on": today() - timedelta(days=20),
    }  # fmt: skip
    seen = fiscal_versions(1)
    with unit_of_work():
        return save_basis(people.actor(Role.ADMIN), seen=seen[0].number if seen else 0, **told | changes)


@chapter
def opened() -> None:
    """Receipts are open: the basis, the letterhead, and somebody who signs."""
    admin = people.actor(Role.ADMIN)
    with unit_of_work():
        save_letterhead(admin, seen=0, **HEAD)
    with unit_of_work():
        name_signatory(
            admin, seen=1, name="Paule Frénet", function="trésorière", since=today() - timedelta(days=9), until=None, signs_donations=False,
            signs_erasures=False, signs_receipts=True,
        )  # fmt: skip
    based()


def _of_a_person(count: int) -> Donation:
    with unit_of_work():
        donation = announce_donation(
            people.actor(Role.COORDINATOR),
            legal_origin=LegalOrigin.INDIVIDUAL,
            lines={DeviceKind.LAPTOP: count},
            donor_name="Odile Ferrand",
        )
    return gifts.arrived(donation, count)


@chapter
def given(origin: LegalOrigin = LegalOrigin.COMPANY, count: int = 2) -> Donation:
    """A gift that was received, of a donor of whom all is known that a receipt asks."""
    donation = gifts.received(count, origin=origin) if origin is not LegalOrigin.INDIVIDUAL else _of_a_person(count)
    with unit_of_work():
        donor = db.session.scalars(select(Organisation).where(Organisation.id == donation.donor_id)).one()
        donor.address, donor.postcode, donor.place = "Zone de la Fiction", "86100", "Châtellerault"
        donor.siren = "999001007" if origin is LegalOrigin.COMPANY else None
    return donation


def valued(donation: Donation, cents: int = 123_450, who: Any = None, **changes: Any) -> GiftValuation:
    """What it is worth, by whoever may say so."""
    told: dict[str, Any] = (
        {"letter": LETTER, "method": Method.BOOK, "donor_form": "SAS"}
        if donation.legal_origin is LegalOrigin.COMPANY
        else {"basis": "Trois annonces du même modèle."}
    )
    with unit_of_work():
        return value_gift(who or people.actor(Role.COORDINATOR), donation, cents=cents, **{"told_on": today(), **told, **changes})


def receipted(donation: Donation, who: Any = None) -> Paper:
    """The receipt, issued."""
    with unit_of_work():
        return issue_receipt(who or people.actor(Role.COORDINATOR), donation)
