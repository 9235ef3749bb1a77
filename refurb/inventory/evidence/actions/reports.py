"""Reading what the hardware tools print about a device: its facts, its drives, and the proofs that were waiting for them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import inspect, select

from refurb.inventory.devices.actions.devices import refuse_same_serial, words_of
from refurb.inventory.devices.actions.held import meet_release
from refurb.inventory.donations.actions.declared import meet_declared
from refurb.inventory.evidence.actions.drives import mention_of, refuse_off_bench, settle_drives
from refurb.inventory.evidence.actions.erasures import judge_waiting
from refurb.inventory.evidence.queries.evidence import drives_inside, holders_of, reports_shown
from refurb.inventory.evidence.verdicts import facts_again
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import HardwareReport
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.readers.brands import brand, model_name
from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import HardwareFacts, ReportWarning
from refurb.inventory.readers.merge import merge, rank_of
from refurb.inventory.readers.merge_drives import lists_drives
from refurb.inventory.readers.serials import kept_drive_serial
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Invalid

# What a report says of the machine itself: the column of the device, and how long its text may be.
MACHINE_FACTS: dict[str, int | None] = {
    "manufacturer": 120,
    "model": 160,
    "serial": 120,
    "uuid": 36,
    "cpu": 160,
    "ram_mb": None,
    "gpu": 160,
}
# A difference between the report and what a person corrected is told, for those facts that somebody reads on the machine.
_DIFFERENCES = {
    "manufacturer": "hardware.manufacturers_differ",
    "model": "hardware.models_differ",
    "ram_mb": "hardware.ram_differs",
}


class OtherMachine(Conflict):
    """The report speaks of another serial than the device's own."""

    code = "report.other_machine"


@dataclass(frozen=True)
class Upload:
    """One file as it came in."""

    filename: str
    content: bytes


@dataclass(frozen=True)
class HardwareFile:
    """A file of a hardware tool as it came, and what it says, or why it says nothing."""

    filename: str
    content: bytes
    read: HardwareFacts | Fault


def hardware_files(uploads: Iterable[Upload]) -> list[HardwareFile]:
    """What the files say, read before the unit of work that keeps them: nobody waits for a reader to come to its end."""
    return [HardwareFile(each.filename, each.content, _facts_in(each)) for each in uploads]


def _facts_in(upload: Upload) -> HardwareFacts | Fault:
    try:
        return _recognisable(read_hardware(upload.content, upload.filename))
    except Unreadable as unreadable:
        return Fault(unreadable.code, **unreadable.facts)


@dataclass(frozen=True)
class Reading:
    """What became of one upload: its files on record, which of them were known already, the drives seen, the reserves."""

    reports: tuple[HardwareReport, ...]
    known: tuple[HardwareReport, ...]
    drives: int
    warnings: tuple[ReportWarning, ...]


def read_hardware_report(actor: Actor, device: Device, content: bytes, filename: str) -> Reading:
    """Read one file about a device, and keep it; see `keep_hardware_reports`."""
    return read_hardware_reports(actor, device, [Upload(filename, content)])


def read_hardware_reports(actor: Actor, device: Device, uploads: Sequence[Upload]) -> Reading:
    """Read files about a device, and keep them; see `keep_hardware_reports`."""
    return keep_hardware_reports(actor, device, hardware_files(uploads))


def keep_hardware_reports(actor: Actor, device: Device, sent: Sequence[HardwareFile]) -> Reading:
    """Keep the files for ever, and fill in the device and its drives from them; all of the files, or none.

    What a person corrected stays as it is; a later report changes only what an earlier one wrote. Each drive is found by its serial or
    is new, and is now in this device: one that stood in another device leaves it. A file that the device has already changes nothing.
    Raises `Invalid` with the faults of each file under `files`, or the `Refusal` that keeps the whole upload out.
    """
    check(actor, Permission.DEVICE_DIAGNOSE)
    read = _readable(sent)
    serials = {drive.serial for facts in read.values() for drive in facts.drives if drive.serial}
    _lock_with(device, holders_of(serials))
    refuse_off_bench(device)
    earlier = reports_shown(device)
    known = {report.file: report for report in earlier}
    fresh = {digest: facts for digest, facts in read.items() if digest not in known}
    again = tuple(known[digest] for digest in read if digest in known)
    if not fresh:
        judge_waiting(actor, drives_inside(device))
        return Reading((), again, 0, ())
    merged = _merged(list(fresh.values()), earlier)
    with db.session.no_autoflush:  # Written at once, when all is said: nothing that is asked meanwhile is about what is new.
        differences = _fill_in(device, merged, earlier)
        found = settle_drives(actor, device, merged, _mentioned(fresh.values()))
        _note_macs(device, merged.macs)
        reports = _keep(actor, device, sent, fresh)
    tools = " + ".join(dict.fromkeys(report.tool for report in reports))
    record(device, "report_read", actor, tools=tools, reports=[report.id for report in reports], drives=[drive.id for drive in found])
    judge_waiting(actor, found)
    return Reading(reports, again, len(found), (*_worth_telling(device, merged), *differences))


def _readable(sent: Sequence[HardwareFile]) -> dict[str, HardwareFacts]:
    """The facts of each file by its digest, or the faults of those that give none."""
    read: dict[str, HardwareFacts] = {}
    faults: list[Fault] = []
    for file in sent:
        if isinstance(file.read, Fault):
            faults.append(file.read if len(sent) == 1 else Fault("upload.of_file", filename=file.filename, fault=file.read))
        else:
            read[files.digest_of(file.content)] = file.read
    if faults:
        raise Invalid({"files": faults})
    if not read:
        raise Invalid({"files": [Fault("upload.none_chosen")]})
    return read


def _recognisable(facts: HardwareFacts) -> HardwareFacts:
    """The same facts, each drive under the serial that it is recognised by."""
    return replace(facts, drives=tuple(replace(drive, serial=kept_drive_serial(drive.serial)) for drive in facts.drives))


def _lock_with(device: Device, others: Iterable[int]) -> None:
    """Lock the device and the others in the order of their ids, so that two uploads never wait for each other."""
    # Not `device.id`, which would read the row that the lock is about to read.
    (own,) = inspect(device).identity or (device.id,)
    wanted = set(others) - {own}
    rows = {each.id: each for each in db.session.scalars(select(Device).where(Device.id.in_(wanted)))} if wanted else {}
    for _, row in sorted({**rows, own: device}.items()):
        lock(row)


def _merged(fresh: list[HardwareFacts], earlier: Sequence[HardwareReport]) -> HardwareFacts:
    """What the new files say together; a file about drives alone is read beside the latest one about the whole machine."""
    whole = next((report for report in earlier if lists_drives(report.tool)), None)
    if whole is not None and not any(lists_drives(facts.tool) for facts in fresh):
        return merge([*fresh, facts_again(whole.facts)])
    merged = merge(fresh)
    for reserve in merged.warnings:
        if reserve.code == "hardware.serials_differ":
            raise OtherMachine(kept=reserve.facts["kept"], other=reserve.facts["other"])
    return merged


def _mentioned(fresh: Iterable[HardwareFacts]) -> set[tuple[str | None, int | None]]:
    """What names each drive that the new files speak of: its serial, or else its size."""
    return {mention_of(drive) for facts in fresh for drive in facts.drives}


def _fill_in(device: Device, merged: HardwareFacts, earlier: Sequence[HardwareReport]) -> list[ReportWarning]:
    """Write the machine's facts where nothing stands, or where an earlier report wrote; tell what a person wrote otherwise."""
    written: dict[str, Any] = {}
    differences: list[ReportWarning] = []
    for name, longest in MACHINE_FACTS.items():
        said, stands = _as_said(name, getattr(merged, name), merged.manufacturer), getattr(device, name)
        said = said[:longest] if isinstance(said, str) else said
        if said is None or _same(said, stands):
            continue
        writers = [report for report in earlier if _same(_as_said(name, report.facts.get(name), report.facts.get("manufacturer")), stands)]
        if stands is None or (writers and not _knew_better(name, writers, merged.tool)):
            written[name] = said
        elif name in _DIFFERENCES and not writers:
            differences.append(ReportWarning(_DIFFERENCES[name], {"kept": stands, "other": said}))
    if merged.serial and device.serial and not _same(merged.serial, device.serial):
        raise OtherMachine(kept=device.serial, other=merged.serial)
    for name, value in written.items():
        setattr(device, name, value)
    refuse_same_serial(device)
    meet_declared(device)
    meet_release(device)
    device.search = words_of(device)
    return differences


def _knew_better(name: str, writers: Sequence[HardwareReport], tool: str) -> bool:
    """Whether a tool that is trusted more wrote a fact that does not change: memory does, and the latest report tells it."""
    return name != "ram_mb" and min(rank_of(name, report.tool) for report in writers) < rank_of(name, tool)


def _as_said(name: str, fact: Any, maker: str | None) -> Any:
    """A fact as the device keeps it: the maker and the model as people say them."""
    if name == "manufacturer":
        return brand(fact)
    return model_name(fact, maker) if name == "model" else fact


def _same(one: object, other: object) -> bool:
    return fold(one) == fold(other) if isinstance(one, str) and isinstance(other, str) else one == other


def _note_macs(device: Device, seen: Sequence[str]) -> None:
    """Remember the addresses of its network cards; a card that left is still how the machine may be recognised."""
    if not seen:
        return
    known = set(db.session.scalars(select(DeviceMac.mac).where(DeviceMac.device_id == device.id)))
    db.session.add_all(DeviceMac(device_id=device.id, mac=mac) for mac in seen if mac not in known)


def _keep(actor: Actor, device: Device, sent: Sequence[HardwareFile], fresh: dict[str, HardwareFacts]) -> tuple[HardwareReport, ...]:
    by_digest = {files.digest_of(file.content): file for file in sent}
    reports = tuple(
        HardwareReport(
            device=device,
            tool=facts.tool,
            file=files.keep(by_digest[digest].content),
            filename=by_digest[digest].filename[:200],
            size=len(by_digest[digest].content),
            facts=facts.to_json(),
            received_at=now(),
            actor_id=actor.id,
        )
        for digest, facts in fresh.items()
    )
    db.session.add_all(reports)
    db.session.flush()
    return reports


def _worth_telling(device: Device, merged: HardwareFacts) -> list[ReportWarning]:
    """The reserves of the readers, less those that a person has settled."""
    return [each for each in merged.warnings if not (each.code == "hardware.no_identity" and device.serial)]
