"""The letters of a change of contact: to the new address with a button, to the former one that it was asked, and that it is done."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.letters import write_letter
from refurb.documents.links import make_link
from refurb.inventory.donations.actions.contacts import LASTS, MAIL_CONTACT_ASKED, MAIL_CONTACT_TOLD
from refurb.inventory.donations.donor import LANGUAGE, contact_told
from refurb.inventory.donations.models.contact_changes import ContactChange
from refurb.inventory.donations.texts import DONOR_CONTACT
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing
from refurb.kernel.deeds.letters import About, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.words import _l, day

CONTACT_LINK = "donor contact"
"""The purpose for which the link is signed."""


class ChangeOver(Nothing):
    """The change is confirmed, or was forgotten: nobody needs its letter."""

    code = "letter.contact_change_over"


def contact_letter(change: ContactChange, part: str, link: str = "") -> Letter:
    """One of the three letters: « asked » goes to the new address, « told » and « done » to the former one."""
    with force_locale(LANGUAGE):
        facts: dict[str, Any] = {"donation": change.donation.reference}
        if part == "asked":
            until = day(local(change.asked_at + LASTS).date())
            facts |= {"link": link or f"{current_app.config['BASE_URL']}/dons/contact/{make_link(CONTACT_LINK, change.id)}", "until": until}
        else:
            facts |= {"contact": contact_told()}
        to = change.email if part == "asked" else change.former
        return write_letter(
            DONOR_CONTACT, key=f"contact-{part}-{change.id}", to=to or "", subject=f"{part}.subject", body=f"{part}.body", **facts
        )


def _about(facts: Mapping[str, Any]) -> About | None:
    change = db.session.get(ContactChange, facts["change_id"])
    if change is None:
        return None
    reference = change.donation.reference
    return About(reference, f"/dons/{reference}", change.former if "is_done" in facts else change.email, Permission.DONATION_READ)


@letter(MAIL_CONTACT_ASKED, _l("Nouveau contact d'un donateur, à confirmer"), _about)
def mail_contact_asked(*, change_id: int) -> Letter:
    """Ask the new address, unless the change is confirmed or gone already."""
    change = db.session.get(ContactChange, change_id)
    if change is None or change.confirmed_at is not None:
        raise ChangeOver
    return contact_letter(change, "asked")


@letter(MAIL_CONTACT_TOLD, _l("Changement de contact, dit à l'ancien"), _about)
def mail_contact_told(*, change_id: int, is_done: bool) -> Letter:
    """Tell the former address."""
    change = db.session.get(ContactChange, change_id)
    if change is None:
        raise ChangeOver
    return contact_letter(change, "done" if is_done else "told")
