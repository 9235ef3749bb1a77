"""A drive that fails elsewhere: the machine that held it before is stopped, for its gate asks of every drive it ever held."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text

from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.actions.former_holders import recall_unproven
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState, FlagKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.worker import catch_up
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.referrals.cases.actions import allocate
from tests.support.story import evidence, families, people, proofs
from tests.support.story.evidence import Disk, Wipe, lshw

S = DeviceState
AGO = timedelta(hours=2)
WHY = "Un support qui a été dans cette machine n’a plus de preuve d’effacement\N{NO-BREAK SPACE}: F1."


def former_of(serial="F1", *, press="pass_tests"):
    """A machine that held a drive, erased there and taken out, and keeps another one; ready unless another move is asked."""
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk(serial), Disk("STAYS"), serial="FORMER"))
    evidence.wipe(Wipe(serial, ended=now() - AGO), Wipe("STAYS", ended=now() - AGO))
    evidence.fire(device, "accept", "finish_erasure", "start_tests")
    evidence.label(device)
    with unit_of_work():
        remove_drive(people.actor(Role.TECHNICIAN), device, proofs.drive_of_serial(serial))
    evidence.pass_checks(device)
    if press:
        evidence.fire(device, press)
    return device


def fails(serial="F1"):
    return evidence.wipe(Wipe(serial, status="-FAILED-"))


def test_a_ready_machine_goes_back_when_a_drive_that_it_held_fails_elsewhere(context):
    device, other = former_of(), evidence.arrive()[0]
    evidence.read(other, lshw(Disk("F1"), serial="OTHER"))
    fails()
    assert device.state == S.TO_REFURBISH
    event = next(each for each in events_of(device) if each.move == "back_to_bench")
    assert notes_of([event])[event.id]["reason"] == WHY.replace("\N{NO-BREAK SPACE}", " ")
    assert (other.state, db.session.get(Device, device.id).state) == (S.RECEIVED, S.TO_REFURBISH)


def test_a_drive_that_is_proven_again_lets_it_pass_again(context):
    device = former_of()
    fails()
    evidence.wipe(Wipe("F1"), note="again")
    evidence.fire(device, "start_tests")
    evidence.pass_checks(device)
    evidence.fire(device, "pass_tests")
    assert device.state == S.READY


def test_one_with_another_proof_and_one_that_never_held_it_stay_ready(context):
    device, other = former_of(), families.ready(DeviceKind.LAPTOP)
    drive = proofs.drive_of_serial("F1")
    proofs.destroyed(drive)
    fails()
    assert (device.state, other.state) == (S.READY, S.READY)


def test_one_that_is_promised_is_flagged(context):
    device = former_of()
    referral = families.waiting(device_kind=DeviceKind.LAPTOP)
    with unit_of_work():
        allocate(people.actor(Role.COORDINATOR), referral, device)
    fails()
    assert device.state == S.RESERVED
    assert [(each.kind, each.note) for each in raised_flags(device)] == [(FlagKind.SECOND_LOOK, WHY)]


def test_what_an_older_release_left_ready_is_sent_back_once(app, context):
    device, other = former_of(), families.ready(DeviceKind.LAPTOP)
    drive = proofs.drive_of_serial("F1").id
    with unit_of_work() as session:
        session.execute(
            text("UPDATE erasures SET status = 'refused', reason = 'erasure.withdrawn' WHERE drive_id = :drive"), {"drive": drive}
        )
    db.session.expire_all()
    catch_up(app)
    assert (device.state, other.state, recall_unproven()) == (S.TO_REFURBISH, S.READY, 0)


@pytest.mark.parametrize("_round", range(3))
def test_a_failure_while_the_former_holder_passes_never_leaves_it_ready(app, _round):
    with app.app_context():
        number = former_of(press=None).id
        db.session.remove()
    start, refused = threading.Barrier(2), []

    def run(deed):
        with app.app_context():
            start.wait(10)
            try:
                deed()
            except Refusal as refusal:
                refused.append(refusal.code)
            finally:
                db.session.remove()

    deeds = (lambda: evidence.fire(db.session.get(Device, number), "pass_tests"), fails)
    threads = [threading.Thread(target=run, args=(each,)) for each in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    with app.app_context():
        ended = db.session.get(Device, number).state
    assert (ended, refused) in [(S.TESTING, ["device.drives_not_clean"]), (S.TO_REFURBISH, [])]
