"""What the workshop reads in a scanned number, and what it tells of its things: the maker's serial number, a drive's mark, a tag."""

from collections.abc import Callable

from flask import url_for
from sqlalchemy import select

from refurb.directory.queries import code_row
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import codes_with_serial, standing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.queries.declared import declared_meant
from refurb.inventory.evidence.queries.loose_drives import drives_meant, mark_of
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.models.evidence import Drive
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.scans import Meaning, ScanCard
from refurb.kernel.speech.errors import NotFound


def read_number(actor: Actor, typed: str) -> Meaning | None:
    """A number that stands on the thing itself: a machine's, else a drive's, else what a donor's list says is to come."""
    if not typed or not actor.may(Permission.DEVICE_READ):
        return None
    same = codes_with_serial(typed)
    if same:
        row = code_row(same[0]) if len(same) == 1 else None
        several = Meaning(Device.KIND, None, typed, url_for("inventory.devices_list", q=typed))
        return Meaning(row.subject_kind, row.subject_id, row.code) if row else several
    drives = drives_meant(typed, 2)
    if len(drives) == 1:
        return Meaning(Drive.KIND, drives[0].id, mark_of(drives[0].id))
    if drives:
        return Meaning(Drive.KIND, None, typed, url_for("inventory.drive_list", q=typed, ou="tous"))
    declared = declared_meant(typed, 1) if actor.may(Permission.DONATION_READ) else []
    return Meaning(Donation.KIND, None, declared[0][1], url_for("inventory.donation", reference=declared[0][1])) if declared else None


def device_card(actor: Actor, device_id: int) -> ScanCard:
    """A machine: what it is, and the page of the bench, which has the next thing to do."""
    code = db.session.scalar(select(Device.code).where(Device.id == device_id))
    if code is None:
        raise NotFound
    if not actor.may(Permission.DEVICE_READ):
        return ScanCard(url=url_for("inventory.scan", typed=code))
    device = standing(actor, code)
    word = str(device_machine.looks[device.state].word)
    return ScanCard(name=device_title(device), state=device.state, word=word, url=url_for("inventory.scan", typed=device.code))


def drive_card(actor: Actor, drive_id: int) -> ScanCard:
    """A drive, by its mark and its serial number."""
    drive = db.session.get(Drive, drive_id) if actor.may(Permission.DEVICE_READ) else None
    if drive is None:
        raise NotFound
    name = f"{mark_of(drive.id)}, {drive.serial}" if drive.serial else mark_of(drive.id)
    return ScanCard(name=name, url=url_for("inventory.drive", number=drive.id))


CARDS: dict[str, Callable[[Actor, int], ScanCard]] = {Device.KIND: device_card, Drive.KIND: drive_card}
"""What is told of each kind of thing that is scanned."""
