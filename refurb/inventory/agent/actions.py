"""What the bench agent does: it sends all that the tools said in one go, about a machine whose code was typed, or that is recognised."""

from collections.abc import Sequence
from dataclasses import dataclass

from refurb.directory.actions import CodeUnknown
from refurb.directory.queries import code_row
from refurb.inventory.devices.actions.devices import intake_device
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.queries.recognition import devices_like
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.evidence.actions.erasures import ErasureFile, ErasureReading, keep_erasure_report
from refurb.inventory.evidence.actions.reports import HardwareFile, Reading, keep_hardware_reports
from refurb.inventory.models.devices import Device
from refurb.inventory.readers.facts import HardwareFacts
from refurb.inventory.readers.merge import merge
from refurb.inventory.targets.actions import note_firmware
from refurb.inventory.targets.firmware import Firmware
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import read_code, spell
from refurb.kernel.speech.errors import Conflict, Fault, Invalid, NotFound, Refusal

_KINDS = {
    "laptop": DeviceKind.LAPTOP,
    "tablet": DeviceKind.TABLET,
    "desktop": DeviceKind.DESKTOP,
    "all_in_one": DeviceKind.DESKTOP,
    "mini": DeviceKind.DESKTOP,
    "server": DeviceKind.DESKTOP,
}


class MachineUnknown(Refusal):
    """Nobody typed a code, and no device of ours has this serial number or product UUID."""

    code = "agent.machine_unknown"
    status = 404


class SeveralMachines(Conflict):
    """Several devices of ours answer to what the report says: a person says which by its code."""

    code = "agent.several_machines"


class CodeUnclaimed(Refusal):
    """The label was printed in advance, and is on no machine yet."""

    code = "agent.code_unclaimed"


@dataclass(frozen=True)
class Unread:
    """A file that gave nothing, and why; the others count all the same."""

    filename: str
    fault: Fault


@dataclass(frozen=True)
class AgentReading:
    """What became of one sending of the agent about a machine."""

    device: Device
    reading: Reading
    unread: tuple[Unread, ...]
    recognised: bool
    claimed: bool


def keep_sent_hardware(
    actor: Actor, sent: Sequence[HardwareFile], *, code: str | None = None, donation: str | None = None, firmware: Firmware | None = None
) -> AgentReading:
    """Keep all that the tools said of the machine on the bench, read before (`hardware_files`).

    A tool that failed leaves a file that says nothing: it is told, and the others are read. `code` is what was typed or scanned; without
    it the machine is recognised by serial number or product UUID. `donation` is the reference under which an unclaimed label enters.
    `firmware` is what the kernel of the machine shows of it.
    Raises `MachineUnknown`, `SeveralMachines`, `CodeUnclaimed`, `CodeUnknown`, or what reading the files raises.
    """
    check(actor, Permission.DEVICE_DIAGNOSE)
    readable, unread, facts = _sift(sent)
    if not facts:
        raise Invalid({"files": [Fault("upload.of_file", filename=each.filename, fault=each.fault) for each in unread]})
    merged = merge(facts)
    device = _named(actor, code) if code else _recognised(merged)
    claimed = device is None
    if device is None:
        device = _claimed(actor, code or "", donation, merged)
    reading = keep_hardware_reports(actor, device, readable)
    note_firmware(actor, device, firmware or Firmware())
    return AgentReading(device, reading, tuple(unread), recognised=not code, claimed=claimed)


def read_sent_erasures(actor: Actor, files: Sequence[ErasureFile]) -> tuple[list[tuple[str, ErasureReading]], list[Unread]]:
    """Keep every file that an eraser left, each by itself: one that is refused does not keep the others out."""
    check(actor, Permission.DEVICE_ERASE)
    read: list[tuple[str, ErasureReading]] = []
    unread: list[Unread] = []
    for file in files:
        try:
            with db.session.begin_nested():
                read.append((file.filename, keep_erasure_report(actor, file)))
        except Invalid as invalid:
            unread += [Unread(file.filename, fault) for faults in invalid.fields.values() for fault in faults]
        except Refusal as refusal:
            unread.append(Unread(file.filename, Fault(refusal.code, **refusal.facts)))
    return read, unread


def _sift(sent: Sequence[HardwareFile]) -> tuple[list[HardwareFile], list[Unread], list[HardwareFacts]]:
    if not sent:
        raise Invalid({"files": [Fault("upload.none_chosen")]})
    unread = [Unread(each.filename, each.read) for each in sent if isinstance(each.read, Fault)]
    readable = [each for each in sent if not isinstance(each.read, Fault)]
    return readable, unread, [each.read for each in readable if not isinstance(each.read, Fault)]


def _named(actor: Actor, typed: str) -> Device | None:
    """The device of a code; None for a label that is on nothing yet."""
    code = read_code(typed)
    row = code_row(code)
    if row is None:
        raise CodeUnknown(code=spell(code))
    if row.subject_kind is None:
        return None
    # The label of a record that was joined to another leads to that one; a thing of the lending pool keeps the device's own code.
    device = db.session.get(Device, row.subject_id) if row.subject_kind == Device.KIND else None
    return device or device_by_code(actor, code)


def _recognised(facts: HardwareFacts) -> Device:
    found = devices_like(manufacturer=facts.manufacturer, serial=facts.serial, uuid=facts.uuid)
    if not found:
        raise MachineUnknown(serial=facts.serial or "?")
    if len(found) > 1:
        raise SeveralMachines(serial=facts.serial or "?", codes=", ".join(spell(each.code) for each in found))
    return found[0]


def _claimed(actor: Actor, typed: str, reference: str | None, facts: HardwareFacts) -> Device:
    """A device that enters with its donation, under the label that was stuck on it; needs the permission of intake."""
    code = read_code(typed)
    if not reference or not actor.may(Permission.DEVICE_INTAKE):
        raise CodeUnclaimed(code=spell(code))
    try:
        donation = donation_by_reference(actor, reference)
    except NotFound:
        raise Invalid({"donation": [Fault("agent.donation_unknown", reference=reference[:16])]}) from None
    kind = _KINDS.get(facts.chassis or "", DeviceKind.LAPTOP if facts.battery else DeviceKind.DESKTOP)
    return intake_device(actor, donation, kind, code=code)
