"""The letters of machines: the link of a slot, that it cannot be, that a machine works again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.directory.sites.words import said_hour
from refurb.documents.links import make_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Nothing
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.words import _, _l, moment
from refurb.lending.machines.actions import HELD_HOURS, MAIL_SLOT_LINK, TELL_SLOT, TELL_WATCH
from refurb.lending.machines.models import MachineSlot, MachineWatch
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


def slot_letter(kind: str, slot: MachineSlot) -> Letter:
    """A letter about a slot; nothing that a stranger typed is repeated."""
    card, recipient = home(), slot.borrower.email if slot.borrower else None
    assert recipient is not None
    tongue = slot.language or LANGUAGE
    with force_locale(tongue):
        text = current_app.jinja_env.get_template(f"lending/machines/{kind}.txt").render(
            home=card,
            slot=slot,
            lapses=moment(slot.made_at + timedelta(hours=HELD_HOURS)),
            hour=said_hour(slot.from_minute),
            until=said_hour(slot.until_minute),
            url=slot_url(slot),
        )
        subject = _("%(machine)s : votre créneau", machine=slot.machine.name)
    return Letter(
        key=f"{kind}-{slot.id}", to=recipient, subject=subject, text=text, sender_name=card.name, reply_to=card.email, language=tongue
    )


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
    return slot_letter("slot_mail", found)


@letter(TELL_SLOT, _l("Créneau annulé, machine hors service"), _about_slot)
def tell_slot(*, slot_id: int) -> Letter:
    """Say that the machine does not work, and the slot cannot be."""
    return slot_letter("out_mail", _found(slot_id))


def watch_letter(watch: MachineWatch) -> Letter:
    """The letter that says that a machine works again."""
    card, base = home(), current_app.config["BASE_URL"]
    with force_locale(watch.language):
        text = current_app.jinja_env.get_template("lending/machines/watch_mail.txt").render(
            home=card, machine=watch.machine, url=f"{base}/machines/{watch.machine_id}"
        )
        subject = _("%(machine)s : de nouveau en service", machine=watch.machine.name)
    return Letter(
        key=f"watch-{watch.id}",
        to=watch.email,
        subject=subject,
        text=text,
        sender_name=card.name,
        reply_to=card.email,
        language=watch.language,
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
    return watch_letter(found)
