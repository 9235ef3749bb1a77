"""Erasures without a log: what a technician states counts for nothing before a second person has confirmed it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from refurb.inventory.devices.actions.devices import MemoryIsSoldered, correct_device, declare_without_drive
from refurb.inventory.devices.rules import DrivesNotClean, DrivesUnknown, MemoryNotReset, every_drive_is_clean
from refurb.inventory.evidence.actions.erasures import read_erasure_report
from refurb.inventory.evidence.actions.statements import (
    AlreadyDecided,
    NotAPerson,
    NotSoldered,
    SecondPersonNeeded,
    StatementVoid,
    StatementWaits,
    confirm_statement,
    decline_statement,
)
from refurb.inventory.evidence.queries.evidence import drives_inside, drives_shown
from refurb.inventory.evidence.queries.review import unmatched_count
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.drives import Medium
from refurb.inventory.words.techniques import Technique, level_of
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db, writing
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Forbidden, Invalid
from tests.support.story import evidence, people, proofs, workshop
from tests.support.story.evidence import Disk, Wipe, lshw, smartctl


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk("A1")), smartctl(Disk("A1")))
    return found


@pytest.fixture
def drive(device):
    return drives_inside(device)[0]


@pytest.fixture
def tablet(context):
    return evidence.arrive(DeviceKind.TABLET)[0]


def test_what_is_stated_counts_once_another_person_confirms_it(device, drive):
    statement = proofs.stated(drive, technique=Technique.ATA_SANITIZE, verification="device")
    assert [each.standing.value for each in drives_shown(device)] == ["to_confirm"]
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(device)
    proofs.confirmed(statement)
    every_drive_is_clean(device)
    assert (statement.level, statement.erasure.level, statement.erasure.status.value) == ("purge", "purge", "accepted")
    assert b'"technique": "ata_sanitize"' in files.fetch(statement.erasure.report.file), "what was stated is kept as it was"


@pytest.mark.parametrize(
    ("technique", "medium", "level"),
    [
        (Technique.OVERWRITE, Medium.HDD, "clear"),
        (Technique.OVERWRITE, Medium.SSD, "clear"),
        (Technique.SECURE_ERASE, Medium.HDD, "clear"),
        (Technique.ENHANCED_SECURE_ERASE, Medium.SSD, "purge"),
        (Technique.NVME_FORMAT, Medium.NVME, "clear"),
        (Technique.NVME_SANITIZE, Medium.NVME, "purge"),
        (Technique.NVME_SANITIZE, Medium.HDD, None),
        (Technique.FACTORY_RESET, Medium.EMMC, "clear"),
        (Technique.FACTORY_RESET, Medium.SSD, None),
        (Technique.CRYPTO_ERASE, Medium.UNKNOWN, None),
    ],
)
def test_the_level_follows_technique_and_medium(technique, medium, level):
    assert level_of(technique, medium) == level


def test_a_technique_of_another_medium_is_refused(drive):
    with pytest.raises(Invalid) as invalid:
        proofs.stated(drive, technique=Technique.NVME_SANITIZE)
    assert [each.code for each in invalid.value.fields["technique"]] == ["statement.technique_not_for_medium"]


@pytest.mark.parametrize(("ended", "code"), [(timedelta(days=-3), "erasure.too_old"), (timedelta(days=3), "erasure.in_future")])
def test_a_time_that_cannot_be_is_refused(drive, ended, code):
    with pytest.raises(Invalid) as invalid:
        proofs.stated(drive, ended_at=now() + ended)
    assert [each.code for each in invalid.value.fields["ended_at"]] == [code]


def test_whoever_states_does_not_confirm(drive):
    statement = proofs.stated(drive)
    with pytest.raises(SecondPersonNeeded), unit_of_work():
        confirm_statement(proofs.first(), statement)
    with pytest.raises(NotAPerson), unit_of_work():
        confirm_statement(SERVICE, statement)
    with pytest.raises(Forbidden), unit_of_work():
        confirm_statement(people.actor(Role.DESK), statement)
    proofs.confirmed(statement)
    with pytest.raises(AlreadyDecided):
        proofs.confirmed(statement)


def test_one_that_is_declined_never_counts(device, drive):
    statement = proofs.stated(drive)
    with unit_of_work():
        decline_statement(proofs.second(), statement, reason="L'écran disait « échec ».")
    with pytest.raises(AlreadyDecided):
        proofs.confirmed(statement)
    assert [(each.standing.value, each.refused.reason) for each in drives_shown(device)] == [("refused", "erasure.declined")]


def test_a_later_failed_log_says_otherwise(device, drive):
    proofs.confirmed(proofs.stated(drive, ended_at=now() - timedelta(hours=1)))
    evidence.wipe(Wipe("A1", status="-FAILED-"))
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(device)


def test_a_tablet_passes_when_a_second_person_has_seen_its_first_start_screen(tablet):
    evidence.fire(tablet, "accept")
    statement = proofs.reset_stated(tablet)
    with pytest.raises(MemoryNotReset):
        every_drive_is_clean(tablet)
    with pytest.raises(StatementWaits):
        proofs.reset_stated(tablet)
    proofs.confirmed(statement)
    evidence.fire(tablet, "finish_erasure")


def test_a_bare_word_about_a_tablet_is_refused(tablet, device):
    with pytest.raises(MemoryIsSoldered), unit_of_work():
        declare_without_drive(proofs.first(), tablet)
    with pytest.raises(NotSoldered):
        proofs.reset_stated(device)


def test_a_tablet_that_comes_back_is_reset_again(context):
    tablet = workshop.fire(workshop.pass_checks(_labelled(workshop.tablet_in_tests())), "pass_tests", "reserve", "hand_over")
    evidence.fire(tablet, "come_back", reason="la famille a déménagé")
    with pytest.raises(MemoryNotReset):
        every_drive_is_clean(tablet)
    proofs.memory_reset(tablet)
    every_drive_is_clean(tablet)


def _labelled(tablet):
    workshop.print_label(tablet)
    return tablet


def test_what_was_stated_before_a_return_is_not_confirmed_after_it(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    statement = proofs.stated(drives_inside(device)[0])
    evidence.fire(device, "pass_tests", "reserve", "hand_over")
    evidence.fire(device, "come_back", reason="la famille a déménagé")
    with pytest.raises(StatementVoid):
        proofs.confirmed(statement)


def walled(statement, name):
    token = writing.set(True)
    db.session.rollback()
    try:
        with pytest.raises(IntegrityError, match=name), db.engine.begin() as connection:
            connection.execute(text(statement))
    finally:
        writing.reset(token)


def test_the_walls_ask_for_the_second_person_too(drive, tablet):
    proofs.stated(drive)
    proofs.reset_stated(tablet)
    walled("UPDATE erasures SET status = 'accepted', reason = NULL", "erasures_second_person")
    walled("UPDATE devices SET without_drive_since = received_at WHERE kind = 'tablet'", "devices_memory_reset")
    with pytest.raises(Conflict), unit_of_work() as session:
        session.connection().execute(text("UPDATE erasure_statements SET confirmed_at = entered_at, confirmed_by = entered_by"))


def test_a_statement_that_was_declined_does_not_come_back_as_a_file(device, drive):
    statement, who = proofs.stated(drive, technique=Technique.ATA_SANITIZE, verification="device"), proofs.second()
    with unit_of_work():
        decline_statement(who, statement, reason="pas vu")
    with unit_of_work():
        assert read_erasure_report(proofs.first(), files.fetch(statement.erasure.report.file), "declaration.json").known
    assert [each.standing.value for each in drives_shown(device)] == ["refused"]


def test_a_reset_stated_of_a_tablet_says_nothing_of_a_laptop(tablet):
    statement = proofs.reset_stated(tablet)
    with unit_of_work():
        correct_device(proofs.first(), tablet, kind=DeviceKind.LAPTOP, manufacturer=None, model=None, serial=None)
    with pytest.raises(StatementVoid):
        proofs.confirmed(statement)
    with pytest.raises(DrivesUnknown):
        every_drive_is_clean(tablet)


def test_a_colleagues_token_is_no_second_person(drive):
    statement = proofs.stated(drive)
    with pytest.raises(NotAPerson), unit_of_work():
        confirm_statement(replace(proofs.second(), by_token=True), statement)


def test_what_a_return_voids_waits_for_nobody(device, drive):
    proofs.stated(drive)
    who = proofs.first()
    assert unmatched_count(who) == 1
    evidence.fire(device, "lose", reason="introuvable")
    evidence.fire(device, "find")
    assert unmatched_count(who) == 0
