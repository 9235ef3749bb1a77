"""The letters of a change of address: the link to the new one, and what the former one is told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.accounts.addresses.actions import SEND_ADDRESS_LINK, TELL_FORMER_ADDRESS, address_of_change
from refurb.accounts.addresses.models import AddressChange
from refurb.accounts.texts import FORMER_ADDRESS, NEW_ADDRESS
from refurb.directory.letters import write_letter
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _l


def _about(facts: Mapping[str, Any], *, former: bool = False) -> About | None:
    change = db.session.get(AddressChange, facts["subject_id"])
    if change is None:
        return None
    to = change.before if former else change.email
    return About(change.account.name, f"/comptes/{change.account_id}", to, Permission.ACCOUNT_ADMIN)


def _about_former(facts: Mapping[str, Any]) -> About | None:
    return _about(facts, former=True)


@letter(SEND_ADDRESS_LINK, _l("Lien pour changer d'adresse"), _about)
def send_address_link(*, subject_kind: str, subject_id: int) -> Letter:
    """Write to the new address; to nobody, once the link was used or its day is over."""
    del subject_kind
    change = db.session.get(AddressChange, subject_id)
    if change is None or change.used_at is not None or change.ends_at <= now():
        raise NotTold
    with force_locale(change.account.language):
        return new_address_letter(change.account.name, change.email, address_of_change(change), f"{SEND_ADDRESS_LINK}-{change.id}")


@letter(TELL_FORMER_ADDRESS, _l("Ancienne adresse prévenue d'un changement"), _about_former)
def tell_former_address(*, subject_kind: str, subject_id: int) -> Letter:
    """Tell the former address that a change was asked for, and again once it was done."""
    del subject_kind
    change = db.session.get(AddressChange, subject_id)
    if change is None:
        raise NotTold
    step = "done" if change.used_at else "asked"
    with force_locale(change.account.language):
        return former_address_letter(change.account.name, change.before, step, f"{TELL_FORMER_ADDRESS}-{change.id}-{step}")


def new_address_letter(name: str, to: str, link: str, key: str) -> Letter:
    """The letter to the new address, in the language of the moment."""
    return write_letter(NEW_ADDRESS, key=key, to=to, name=name, link=link)


def former_address_letter(name: str, to: str, step: str, key: str) -> Letter:
    """The letter to the former address, when the change is `asked` for and when it is `done`."""
    return write_letter(FORMER_ADDRESS, key=key, to=to, body=step, name=name)
