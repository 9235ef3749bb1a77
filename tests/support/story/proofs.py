"""What two people prove together in the story: a drive destroyed, a drive or a memory erased with a tool that writes no log."""

from typing import Any

from sqlalchemy import select

from refurb.inventory.evidence.actions.destructions import confirm_destruction, declare_destruction
from refurb.inventory.evidence.actions.loose_drives import add_drive
from refurb.inventory.evidence.actions.statements import confirm_statement, state_erasure, state_memory_reset
from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import Destruction, Drive, ErasureStatement
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.access import Actor, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from tests.support.chapters import chapter
from tests.support.story import people


def first() -> Actor:
    """Whoever does it."""
    return people.actor(Role.TECHNICIAN)


def second() -> Actor:
    """Whoever has seen it."""
    return people.actor(Role.COORDINATOR)


def declared(drive: Drive, **facts: Any) -> Destruction:
    """The technician says that a drive is destroyed."""
    who = first()
    with unit_of_work():
        return declare_destruction(who, drive, **{"method": DestructionMethod.DRILLED, "note": "plateaux percés", **facts})


def destroyed(drive: Drive, **facts: Any) -> Destruction:
    """The same, and the coordinator has seen it."""
    said, who = declared(drive, **facts), second()
    with unit_of_work():
        confirm_destruction(who, said)
    return said


def stated(drive: Drive, **facts: Any) -> ErasureStatement:
    """The technician says how a drive was erased."""
    who = first()
    usual = {"technique": Technique.OVERWRITE, "tool": "BIOS HP", "verification": "last", "medium": Medium.SSD, "ended_at": now()}
    with unit_of_work():
        return state_erasure(who, drive, **{**usual, **facts})


def reset_stated(device: Device, **facts: Any) -> ErasureStatement:
    """The technician says that a tablet's memory was reset."""
    who = first()
    usual = {"technique": Technique.FACTORY_RESET, "tool": "Android", "tool_version": "14", "verification": "device", "ended_at": now()}
    with unit_of_work():
        return state_memory_reset(who, device, **{**usual, **facts})


def confirmed(statement: ErasureStatement) -> ErasureStatement:
    """The coordinator agrees."""
    who = second()
    with unit_of_work():
        confirm_statement(who, statement)
    return statement


@chapter
def memory_reset(device: Device) -> Device:
    """A tablet whose memory two people say is reset."""
    confirmed(reset_stated(device))
    return device


def drive_of_serial(serial: str) -> Drive:
    """The drive with this serial."""
    return db.session.scalars(select(Drive).where(Drive.serial == serial)).one()


@chapter
def in_stock(serial: str | None) -> Drive:
    """A drive that was entered by hand, in no machine."""
    who = first()
    with unit_of_work():
        return add_drive(who, None, serial=serial, medium=Medium.SSD)
