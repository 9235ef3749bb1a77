"""The letters of machines: the link of a slot, that it cannot be, that a machine works again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.letters import page_address, write_letter
from refurb.directory.sites.words import said_hour
from refurb.documents.links import make_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _l, day, moment
from refurb.lending.machines.actions import HELD_HOURS, MAIL_SLOT_LINK, TELL_SLOT, TELL_WATCH
from refurb.lending.machines.models import MachineSlot, MachineWatch
from refurb.lending.machines.texts import MACHINE_NEWS
from refurb.lending.machines.words import SlotState

SLOT_LINK = "machine slot"
"""The purpose of the link in a letter: it confirms and cancels."""
LANGUAGE = "fr"


class SlotOver(Nothing):
    """The slot is confirmed, or let go: nobody needs its link."""

    code = "letter.slot_over"


def slot_url(slot: MachineSlot) -> str:
    """The address of somebody's slot."""
    base: str = current_app.config["BASE_URL"]
    return f"{base}/mon-creneau/{make_link(SLOT_LINK, slot.id)}"


def _found(slot_id: int) -> MachineSlot:
    found = db.session.get(MachineSlot, slot_id)
    if found is None or found.borrower is None:
        raise SlotOver
    if not found.borrower.email:
        raise NobodyToWriteTo
    return found


def slot_letter(kind: str, slot: MachineSlot, link: str | None = None) -> Letter:
    """A letter about a slot, `body` or `out`; nothing that a stranger typed is repeated."""
    recipient = slot.borrower.email if slot.borrower else None
    assert recipient is not None
    return write_letter(
        MACHINE_NEWS,
        key=f"{_KINDS[kind]}-{slot.id}",
        to=recipient,
        body=kind,
        machine=slot.machine.name,
        day=day(slot.day, "full"),
        first=said_hour(slot.from_minute),
        until=said_hour(slot.until_minute),
        lapses=moment(slot.made_at + timedelta(hours=HELD_HOURS)),
        link=link or slot_url(slot),
    )


_KINDS = {"body": "slot_mail", "out": "out_mail"}
"""By which word a letter is known again, so that it leaves once."""


def _about_slot(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(MachineSlot, facts["slot_id"])
    if found is None:
        return None
    recipient = found.borrower.email if found.borrower else None
    return About(found.machine.name, f"/creneaux/{found.id}", recipient, Permission.MACHINE_WRITE)


@letter(MAIL_SLOT_LINK, _l("Lien d'un créneau de machine"), _about_slot)
def mail_slot_link(*, slot_id: int) -> Letter:
    """Send the link, unless it was used already."""
    found = _found(slot_id)
    if found.state is not SlotState.HELD:
        raise SlotOver
    with force_locale(found.language or LANGUAGE):
        return slot_letter("body", found)


@letter(TELL_SLOT, _l("Créneau annulé, machine hors service"), _about_slot)
def tell_slot(*, slot_id: int) -> Letter:
    """Say that the machine does not work, and the slot cannot be."""
    found = _found(slot_id)
    with force_locale(found.language or LANGUAGE):
        return slot_letter("out", found)


def watch_letter(watch: MachineWatch) -> Letter:
    """The letter that says that a machine works again."""
    return write_letter(
        MACHINE_NEWS,
        key=f"watch-{watch.id}",
        to=watch.email,
        subject="back_subject",
        body="back",
        machine=watch.machine.name,
        link=page_address(f"/machines/{watch.machine_id}"),
    )


def _about_watch(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(MachineWatch, facts["watch_id"])
    return About(found.machine.name, f"/machines/{found.machine_id}/journal", found.email, Permission.MACHINE_WRITE) if found else None


@letter(TELL_WATCH, _l("Machine de nouveau en service"), _about_watch)
def tell_watch(*, watch_id: int) -> Letter:
    """Say that it works again, if it still does."""
    found = db.session.get(MachineWatch, watch_id)
    if found is None or found.machine.is_out:
        raise SlotOver
    with force_locale(found.language):
        return watch_letter(found)
