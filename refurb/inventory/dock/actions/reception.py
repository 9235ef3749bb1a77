"""Give what was counted on the dock its codes, claim labels printed in advance, note what is not taken and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from refurb.directory.actions import CodeTaken, CodeUnknown, lead_to
from refurb.directory.models import Code
from refurb.directory.queries import code_row
from refurb.inventory.devices.actions.devices import NotReceived, enter_device, intake_device, words_of
from refurb.inventory.devices.actions.entries import DeviceEntry, make_devices
from refurb.inventory.devices.queries.devices import entered_by_kind
from refurb.inventory.donations.models.refused_lots import RefusedLot
from refurb.inventory.donations.words import ArrivalRefusal
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import read_code, spell
from refurb.kernel.speech.errors import Conflict, Fault, Invalid

OPEN = frozenset({DonationState.RECEIVED, DonationState.SORTED})


class AlreadyScanned(Conflict):
    """This label is on a machine of this very donation: it was scanned before."""

    code = "donation.already_scanned"


class Claimed(StrEnum):
    """What a scanned label did."""

    DETAILED = "detailed"
    RELABELLED = "relabelled"
    EXTRA = "extra"


@dataclass(frozen=True)
class ClaimedLabel:
    """A device, and how it came by its label: one of those counted, one that had an unprinted code, or one more than counted."""

    device: Device
    outcome: Claimed


def left_to_detail(donation: Donation) -> dict[DeviceKind, int]:
    """How many of each kind were counted and have no code yet; kinds of which none was counted are left out."""
    entered = entered_by_kind(donation)
    return {line.kind: max(0, line.received - entered[line.kind]) for line in donation.lines if line.received}


def _hold_open(donation: Donation) -> None:
    lock(donation)
    if donation.state not in OPEN:
        raise NotReceived(reference=donation.reference)


def detail(actor: Actor, donation: Donation, kind: DeviceKind, count: int) -> Sequence[Device]:
    """Make devices, with new codes, for so many of those that were counted of a kind and have none."""
    check(actor, Permission.DEVICE_INTAKE)
    _hold_open(donation)
    left = left_to_detail(donation).get(kind, 0)
    if not 0 < count <= left:
        raise Invalid({"count": [Fault("donation.more_than_counted", left=left)]})
    made = make_devices(actor, donation, [DeviceEntry(kind)] * count)
    record(donation, "itemised", actor, kind=kind, count=count)
    return made


def claim_label(actor: Actor, donation: Donation, kind: DeviceKind, typed: str) -> ClaimedLabel:
    """Give the label that was scanned to a machine of the donation.

    First to one that was counted and has no code, then to one whose code was never printed, and else to one more than was counted.
    Refuses a label that was never printed here, one that was scanned before, and one that is on something else.
    """
    check(actor, Permission.DEVICE_INTAKE)
    code = read_code(typed)
    _hold_open(donation)
    row = code_row(code)
    if row is None:
        raise CodeUnknown(code=spell(code))
    if row.subject_kind is not None:
        theirs = db.session.scalar(select(Device.donation_id).where(Device.code == code))
        raise AlreadyScanned(code=spell(code)) if theirs == donation.id else CodeTaken(code=spell(code))
    if left_to_detail(donation).get(kind, 0):
        return ClaimedLabel(enter_device(actor, donation, kind, code=code), Claimed.DETAILED)
    bare = db.session.scalar(
        select(Device)
        .where(
            Device.donation_id == donation.id,
            Device.kind == kind,
            Device.state == DeviceState.RECEIVED,
            Device.labelled_at.is_(None),
            Device.serial.is_(None),
            Device.model.is_(None),
        )
        .order_by(Device.id)
        .limit(1)
    )
    if bare is None:
        return ClaimedLabel(intake_device(actor, donation, kind, code=code), Claimed.EXTRA)
    _relabel(actor, bare, row)
    return ClaimedLabel(bare, Claimed.RELABELLED)


def _relabel(actor: Actor, device: Device, printed: Code) -> None:
    """Let the printed code take the place of one that nobody has ever seen on a machine."""
    lock(device)
    before = db.session.get_one(Code, device.code)
    lead_to(printed, device)
    device.code, device.labelled_at = printed.code, now()
    device.search = words_of(device)
    db.session.flush()
    db.session.delete(before)
    record(device, "label_claimed", actor, code=printed.code, instead_of=before.code)


def refuse_on_arrival(
    actor: Actor, donation: Donation, *, kind: DeviceKind, count: int, reason: ArrivalRefusal, note: str | None = None
) -> RefusedLot:
    """Note what was brought and not taken: it stays the donor's, has no code, and counts in nothing that was collected."""
    check(actor, Permission.DEVICE_INTAKE)
    _hold_open(donation)
    return note_refused(actor, donation, kind=kind, count=count, reason=reason, note=note)


def note_refused(
    actor: Actor, donation: Donation, *, kind: DeviceKind, count: int, reason: ArrivalRefusal, note: str | None = None
) -> RefusedLot:
    """Write the lot; the caller holds the donation."""
    lot = RefusedLot(
        donation_id=donation.id, kind=kind, count=count, reason=reason, note=note or None, refused_at=now(), refused_by=actor.id
    )
    db.session.add(lot)
    record(donation, "items_refused", actor, kind=kind, count=count, reason=reason)
    return lot
