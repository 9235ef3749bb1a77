"""Drives of the demonstration as things of their own: in stock, erased without a log, destroyed, each waiting for what comes next."""

from datetime import timedelta

from sqlalchemy import select

from refurb.demo.diary import Cast, Diary
from refurb.inventory.evidence.actions.destructions import declare_destruction
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.actions.loose_drives import add_drive
from refurb.inventory.evidence.actions.statements import state_erasure
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.techniques import DestructionMethod, Technique
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now

HAND_SPAN = timedelta(minutes=50)


def plan_drives(cast: Cast, diary: Diary) -> None:
    """Note in the diary what is done with drives apart from their machines."""
    diary.note(3, "15:40", lambda: _keep_what_was_stripped(cast))
    diary.note(2, "11:20", lambda: _find_in_a_drawer(cast))
    diary.note(1, "16:10", lambda: _erase_by_the_firmware(cast))
    diary.note(1, "17:05", lambda: _drill(cast))


def _keep_what_was_stripped(cast: Cast) -> None:
    """The clean drives of the machines kept for parts go to the shelf."""
    for device in db.session.scalars(select(Device).where(Device.state == DeviceState.PARTS).order_by(Device.id)).all():
        for drive in drives_inside(device):
            remove_drive(cast.actors["technician"], device, drive)


def _find_in_a_drawer(cast: Cast) -> None:
    add_drive(cast.actors["apprentice"], None, serial=None, medium=Medium.HDD, manufacturer="Toshiba", size_bytes=320_072_933_376)


def _erase_by_the_firmware(cast: Cast) -> None:
    """A laptop whose BIOS erases its drive, and writes no log of it."""
    drive = add_drive(
        cast.actors["technician"],
        None,
        serial="S2R5NX0H604718",
        medium=Medium.SSD,
        manufacturer="Samsung",
        model="PM871b",
        size_bytes=256_060_514_304,
    )
    state_erasure(
        cast.actors["technician"], drive, technique=Technique.ENHANCED_SECURE_ERASE, tool="BIOS HP Secure Erase", tool_version="01.24",
        verification="device", started_at=now() - HAND_SPAN, ended_at=now(),
    )  # fmt: skip


def _drill(cast: Cast) -> None:
    """A disk that fails, drilled before a witness who has not confirmed it yet."""
    drive = add_drive(
        cast.actors["apprentice"], None, serial="WD-WX21A93K7710", medium=Medium.HDD, manufacturer="Western Digital", model="WD5000LPVX",
        size_bytes=500_107_862_016,
    )  # fmt: skip
    declare_destruction(
        cast.actors["apprentice"], drive, method=DestructionMethod.DRILLED, note="Plateaux percés en trois points.",
        witness_id=cast.actors["technician"].id,
    )  # fmt: skip
