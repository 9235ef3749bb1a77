"""How a donor is reached: the address, the signed link, the language of what we write."""

from datetime import timedelta
from typing import NamedTuple

from flask import current_app
from sqlalchemy import select

from refurb.directory.organisations.queries import contacts_of
from refurb.directory.queries import home
from refurb.directory.words import Purpose
from refurb.documents.links import LASTS_DAYS, make_addressed_link, make_link, open_either_link
from refurb.inventory.models.donations import Donation
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import day

LANGUAGE = "fr"
"""Papers are issued in the language of the administration, whatever language the screen of whoever issues them speaks."""

MOST = 50
"""So many donations of one donor are shown together; older ones are opened by their own link."""


class NoEmail(Refusal):
    """Neither the donation's contact nor the donor has an e-mail address."""

    code = "donation.no_email"


def has_email(donation: Donation) -> bool:
    """Whether there is an address to write to."""
    return _address(donation) is not None


def _address(donation: Donation) -> str | None:
    """The donation's contact's address; that of somebody else for donations where the contact is no longer there; the donor's own."""
    contact = donation.contact
    if contact is not None and contact.ended_on is not None:
        others = sorted(contacts_of(donation.donor), key=lambda each: each.purpose is not Purpose.DONATIONS)
        contact = next((each for each in others if each.email and each.purpose in {Purpose.DONATIONS, Purpose.GENERAL}), None)
    return (contact.email if contact else None) or donation.donor.email


def reached_alike(donation: Donation) -> list[Donation]:
    """The donations of the same donor that are told to the same address, the newest first; itself, whatever else there is."""
    address = _address(donation)
    if not address:
        return [donation]
    found = db.session.scalars(select(Donation).where(Donation.donor_id == donation.donor_id).order_by(Donation.id.desc()).limit(MOST))
    return [each for each in found if each.id == donation.id or (_address(each) or "").casefold() == address.casefold()] or [donation]


def recipient_of(donation: Donation) -> str:
    """The address the donor's papers go to: the contact's, else the organisation's own; or `NoEmail`."""
    address = _address(donation)
    if not address:
        raise NoEmail(donor=donation.donor.name)
    return address


def about_donation(donation: Donation | None) -> About | None:
    """What a letter to a donor is about; None where the donation is gone."""
    if donation is None:
        return None
    try:
        recipient: str | None = recipient_of(donation)
    except NoEmail:
        recipient = None
    return About(donation.reference, f"/dons/{donation.reference}", recipient, Permission.DONATION_READ)


DONOR_LINK = "donor papers"
"""The purpose for which the donor's link is signed."""


def donor_url(donation: Donation) -> str:
    """The address that opens the donor's page, for `LASTS_DAYS` days."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}/dons/suivi/{donor_token(donation)}"


def donor_token(donation: Donation) -> str:
    """What opens the donor's page, for as long as the donor is reached at the same address: a successor has a link of her own."""
    address = _address(donation)
    return make_addressed_link(DONOR_LINK, donation.id, address) if address else make_link(DONOR_LINK, donation.id)


class OpenedLink(NamedTuple):
    """The donation that a link is about, all those that it opens, and whether it proves that its holder has the donor's address."""

    donation: Donation
    alike: list[Donation]
    is_addressed: bool


def opened_by(token: str, *, days: int = LASTS_DAYS) -> OpenedLink:
    """What a link opens.

    Those that are told to the same address go with it where the link was sent there. A link of before, which says no address, opens its own
    donation alone; one that was sent to an address that is no longer the donor's opens nothing.
    """
    number, is_addressed = open_either_link(DONOR_LINK, token, _address_of, days=days)
    donation = db.session.get(Donation, number)
    if donation is None:
        raise NotFound
    return OpenedLink(donation, reached_alike(donation) if is_addressed else [donation], is_addressed)


def _address_of(number: int) -> str | None:
    donation = db.session.get(Donation, number)
    return _address(donation) if donation else None


def link_until() -> str:
    """The day until which a link made today works, in words."""
    return day(today() + timedelta(days=LASTS_DAYS))


def contact_told() -> str:
    """How a donor reaches us; "" where nobody has said."""
    card = home()
    return card.email or (spell_phone(card.phone) if card.phone else "")
