"""Runs: asked for once, carried out, noted, told when they fail, and due when their hour has passed."""

import shutil
import time
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from refurb.documents.models import Paper
from refurb.keeping.actions import CARRY_OUT, INTERRUPTED, MAIL_FAILED, ask_for, begin, end_badly, end_well, plan_due
from refurb.keeping.backups import archives_in, label_of
from refurb.keeping.effects import mail_keeping_failed
from refurb.keeping.models import KeepingRun
from refurb.keeping.processes import start_process
from refurb.keeping.queries import hour_passed, kept_archives, open_run, standing_of
from refurb.keeping.rehearsals import FOLDER
from refurb.keeping.runs import carry_out
from refurb.keeping.words import KeepingKind, KeepingOutcome
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now
from refurb.kernel.speech.errors import Forbidden
from tests.conftest import settings
from tests.support.story import people

BACKUP, REHEARSAL = KeepingKind.BACKUP, KeepingKind.REHEARSAL


@pytest.fixture
def instance(lived, tmp_path):
    """The instance, whose backups go to a folder of the test's."""
    lived.config["SETTINGS"] = settings(
        lived.config["HOME"], lived.config["SQLALCHEMY_DATABASE_URI"], backup_folder=str(tmp_path / "backups"), backup_keep="2"
    )
    with lived.app_context():
        yield lived


def asked(kind):
    with unit_of_work():
        return ask_for(SERVICE, kind).id


def run_of(number):
    db.session.rollback()
    return db.session.get_one(KeepingRun, number)


def planned(kind):
    return db.session.scalar(select(func.count()).select_from(Effect).where(Effect.kind == kind))


def test_a_backup_is_made_and_noted(instance, place, tmp_path):
    number = asked(BACKUP)
    assert planned(CARRY_OUT) == 1
    assert asked(BACKUP) == number  # Pressed twice: it is the same.
    carry_out(number, place.make_app)
    run = run_of(number)
    [kept] = kept_archives()
    assert (run.outcome, run.archive, run.size) == (KeepingOutcome.DONE, kept.name, kept.size)
    assert standing_of(BACKUP).tone == "ok"
    carry_out(number, place.make_app)
    assert len(kept_archives()) == 1


def test_a_rehearsal_restores_and_verifies_and_leaves_nothing(instance, place, tmp_path, backend):
    carry_out(asked(BACKUP), place.make_app)
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    run = run_of(number)
    assert run.outcome is KeepingOutcome.DONE, (run.fault, run.facts)
    assert run.facts["files"] == 1
    assert run.facts["rows"] > 100
    assert not (tmp_path / "backups" / FOLDER).exists()
    if backend == "postgresql":
        assert db.session.scalar(text("SELECT count(*) FROM pg_database WHERE datname LIKE 'refurb_rehearsal%'")) == 0
    db.session.rollback()


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_rehearsal_finds_what_is_wrong_and_those_who_administer_are_told(instance, place):
    carry_out(asked(BACKUP), place.make_app)
    [archive] = archives_in(instance.config["SETTINGS"].backups)
    content = bytearray(archive.read_bytes())
    content[-20_000] ^= 1
    archive.write_bytes(content)
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    run = run_of(number)
    assert (run.outcome, run.fault) == (KeepingOutcome.FAILED, "keeping.no_archive")
    assert standing_of(REHEARSAL).is_wrong
    assert planned(MAIL_FAILED) == 1
    facts = db.session.scalar(select(Effect.facts).where(Effect.kind == MAIL_FAILED))
    letter = mail_keeping_failed(**facts)
    assert letter.to == people.EMAIL[Role.ADMIN]
    assert "intacte" in letter.text
    assert "/sauvegardes" in letter.text
    carry_out(asked(REHEARSAL), place.make_app)
    assert planned(MAIL_FAILED) == 1  # They know.


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_lost_paper_is_found(instance, place):
    digest = db.session.scalar(select(Paper.file))
    db.session.rollback()
    (Path(instance.config["FILES"]) / digest[:2] / digest[2:4] / digest).unlink()
    carry_out(asked(BACKUP), place.make_app)
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    assert run_of(number).fault == "keeping.findings"
    assert any("missing_file" in each for each in run_of(number).facts["findings"])


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_encrypted_is_held_against_its_sum(instance, place, tmp_path):
    key = str(pyrage.x25519.Identity.generate().to_public())
    told = {"backup_folder": str(tmp_path / "backups"), "backup_recipients": key}
    instance.config["SETTINGS"] = settings(instance.config["HOME"], instance.config["SQLALCHEMY_DATABASE_URI"], **told)
    carry_out(asked(BACKUP), place.make_app)
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    assert (run_of(number).outcome, run_of(number).facts["anew"]) == (KeepingOutcome.DONE, True)
    [archive] = archives_in(tmp_path / "backups")
    archive.write_bytes(archive.read_bytes()[:-1])
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    assert run_of(number).facts["findings"] == [f"changed_archive: {archive.name}"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_sealed_archive_without_its_label_was_held_against_nothing(instance, place, tmp_path):
    key = str(pyrage.x25519.Identity.generate().to_public())
    told = {"backup_folder": str(tmp_path / "backups"), "backup_recipients": key}
    instance.config["SETTINGS"] = settings(instance.config["HOME"], instance.config["SQLALCHEMY_DATABASE_URI"], **told)
    carry_out(asked(BACKUP), place.make_app)
    [archive] = archives_in(tmp_path / "backups")
    label_of(archive).unlink()
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    assert run_of(number).facts["findings"] == [f"no_label: {archive.name}"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_folder_whose_archives_are_gone_is_found(instance, place, tmp_path):
    carry_out(asked(BACKUP), place.make_app)
    [archive] = archives_in(tmp_path / "backups")
    shutil.rmtree(tmp_path / "backups")
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    assert run_of(number).facts["findings"] == [f"no_archive: {archive.name}"]


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_file_lost_beside_the_archives_is_not_taken_from_the_live_storage(instance, place, tmp_path):
    told = {"backup_folder": str(tmp_path / "backups"), "backup_files": "beside"}
    instance.config["SETTINGS"] = settings(instance.config["HOME"], instance.config["SQLALCHEMY_DATABASE_URI"], **told)
    carry_out(asked(BACKUP), place.make_app)
    [stored] = (tmp_path / "backups" / "files").glob("??/??/*")
    stored.unlink()
    number = asked(REHEARSAL)
    carry_out(number, place.make_app)
    assert run_of(number).fault == "keeping.files_missing"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_fault_of_the_disk_is_noted(instance, place, tmp_path):
    (tmp_path / "backups").write_text("a file in its place")
    number = asked(BACKUP)
    carry_out(number, place.make_app)
    assert run_of(number).fault == "keeping.no_folder"


def test_whoever_does_not_administer_asks_for_nothing(instance):
    with pytest.raises(Forbidden), unit_of_work():
        ask_for(people.actor(Role.COORDINATOR), BACKUP)


def test_what_is_due(instance):
    def due():
        with unit_of_work():
            return plan_due()

    assert due() == 0  # On its first day an instance waits for the night.
    with at(now() + timedelta(days=1)):
        assert due() == 1
        assert due() == 0
        assert open_run(REHEARSAL) is None
    with at(now() + timedelta(days=9)):
        assert due() == 2  # The backup that nobody began was interrupted.
        assert {run.fault for run in db.session.scalars(select(KeepingRun)) if run.ended_at} == {INTERRUPTED}
        db.session.rollback()


def test_one_of_a_kind_is_open_and_one_that_ended_says_how(instance):
    number = asked(BACKUP)
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(
            text("INSERT INTO keeping_runs (kind, asked_at, facts) SELECT kind, asked_at, facts FROM keeping_runs WHERE id = :id"),
            {"id": number},
        )
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text("UPDATE keeping_runs SET ended_at = asked_at"))


def test_standing(instance):
    assert standing_of(BACKUP).tone == "wait"
    with unit_of_work():
        run = ask_for(SERVICE, BACKUP)
        begin(run)
        end_well(run, archive="refurb-20261129T021000Z.tar", size=7)
    assert standing_of(BACKUP).tone == "ok"
    with at(now() + timedelta(days=9)):
        assert standing_of(BACKUP).is_late
        assert standing_of(BACKUP).tone == "stop"
        db.session.rollback()
        with unit_of_work():
            end_badly(ask_for(SERVICE, BACKUP), "ValueError")
        assert standing_of(BACKUP).has_failed
        db.session.rollback()
    assert hour_passed() <= now() < hour_passed() + timedelta(days=1)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_worker_has_it_done_in_a_process_of_its_own(instance):
    number = asked(BACKUP)
    start_process(number)
    until = time.monotonic() + 60
    while run_of(number).ended_at is None and time.monotonic() < until:
        time.sleep(0.1)
    assert run_of(number).outcome is KeepingOutcome.DONE
    assert len(kept_archives()) == 1
