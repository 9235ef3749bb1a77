"""Drives destroyed: one person says so, another confirms having seen it; only then does it count."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.inventory.devices.actions.devices import PastTheGate
from refurb.inventory.devices.rules import DrivesNotClean, every_drive_is_clean
from refurb.inventory.evidence.actions.destructions import (
    DestructionWaits,
    OtherWitness,
    confirm_destruction,
    decline_destruction,
    name_slip,
)
from refurb.inventory.evidence.actions.drives import DriveDestroyed
from refurb.inventory.evidence.actions.loose_drives import DestructionPending, install_drive
from refurb.inventory.evidence.actions.statements import AlreadyDecided, NotAPerson, SecondPersonNeeded
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db, writing
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import evidence, people, proofs
from tests.support.story.evidence import Disk, Wipe, lshw


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk("A1"), Disk("B2")))
    return found


@pytest.fixture
def drive(device):
    return drives_inside(device)[0]


def confirm(declared, who=None):
    with unit_of_work():
        confirm_destruction(who or proofs.second(), declared)


def test_a_destroyed_drive_counts_as_clean_once_confirmed_and_has_left(device, drive):
    declared = proofs.declared(drive, slip="BSD-2026-118")
    assert (drive.destroyed_at, drives_inside(device)[0].serial) == (None, "B2")
    evidence.wipe(Wipe("B2"))
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(device)
    confirm(declared)
    every_drive_is_clean(device)
    shown = next(each for each in drives_shown(device) if each.drive.serial == "A1")
    assert (shown.standing.value, shown.until is not None, drive.destruction_slip) == ("destroyed", True, "BSD-2026-118")
    happened = next(each for each in events_of(device) if each.move == "drive_destroyed")
    assert happened.facts["slip"] == "BSD-2026-118"
    assert "plateaux" not in str([each.facts for each in events_of(drive)]), "what a person wrote stays out of the history"


def test_whoever_declares_does_not_confirm(drive):
    declared = proofs.declared(drive)
    with pytest.raises(SecondPersonNeeded):
        confirm(declared, proofs.first())
    with pytest.raises(SecondPersonNeeded):
        proofs.declared(drives_inside(drive.stays[0].device)[0], witness_id=proofs.first().id)


def test_a_named_witness_is_the_only_one(drive):
    declared = proofs.declared(drive, witness_id=proofs.second().id)
    with pytest.raises(OtherWitness):
        confirm(declared, people.actor(Role.ADMIN))
    confirm(declared)
    assert drive.destroyed_at is not None


def test_a_machine_is_nobody(drive):
    declared = proofs.declared(drive)
    with pytest.raises(NotAPerson):
        confirm(declared, SERVICE)
    with pytest.raises(Forbidden):
        confirm(declared, people.actor(Role.DESK))


def test_it_is_declared_once_and_decided_once(drive):
    declared = proofs.declared(drive)
    with pytest.raises(DestructionWaits):
        proofs.declared(drive)
    with pytest.raises(DestructionPending), unit_of_work():
        install_drive(proofs.first(), drive.stays[0].device, drive)
    confirm(declared)
    with pytest.raises(AlreadyDecided):
        confirm(declared)
    with pytest.raises(DriveDestroyed):
        proofs.declared(drive)


def test_one_that_was_not_destroyed_is_in_stock(device, drive):
    declared = proofs.declared(drive)
    with unit_of_work():
        decline_destruction(proofs.second(), declared, reason="Retrouvé dans le tiroir.")
    assert drive.destroyed_at is None
    happened = events_of(drive)[0]
    assert (happened.move, notes_of([happened])[happened.id]["reason"]) == ("destruction_declined", "Retrouvé dans le tiroir.")
    proofs.destroyed(drive)
    assert drive.destroyed_at is not None


def test_the_slip_is_named_later(drive):
    proofs.destroyed(drive)
    with unit_of_work():
        name_slip(proofs.first(), drive, slip="BSD-9")
    assert (drive.destruction_slip, drive.destructions[0].slip) == ("BSD-9", "BSD-9")


def test_past_the_gate_no_drive_is_destroyed(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests")
    with pytest.raises(PastTheGate):
        proofs.declared(drives_inside(device)[0])


def test_the_wall_asks_for_the_second_person_too(drive):
    number = drive.id
    db.session.rollback()
    token = writing.set(True)
    try:
        with pytest.raises(IntegrityError, match="drives_destroyed"), db.engine.begin() as connection:
            connection.execute(text("UPDATE drives SET destroyed_at = CURRENT_TIMESTAMP WHERE id = :id"), {"id": number})
    finally:
        writing.reset(token)
    proofs.destroyed(proofs.drive_of_serial("A1"))
    db.session.rollback()
    token = writing.set(True)
    try:
        with pytest.raises(IntegrityError, match="drives_destroyed"), db.engine.begin() as connection:
            connection.execute(text("UPDATE drives SET destroyed_at = NULL WHERE id = :id"), {"id": number})
    finally:
        writing.reset(token)
