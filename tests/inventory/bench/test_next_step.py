"""What comes next tells the truth: read before erasing, a failed wipe is said, and a proof finishes the wipe."""

import pytest

from refurb.inventory.bench.next_step import next_step
from refurb.inventory.devices.queries.devices import standing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.speech.clock import local, now
from tests.support.story import evidence, people, workshop
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe


def step_of(device, role=Role.TECHNICIAN):
    actor = people.actor(role)
    shown = standing(actor, device.code)
    return next_step(shown, device_machine.open_to(shown, actor))


def test_an_accepted_machine_that_nobody_read_is_read_first(app, context):
    device = workshop.fire(workshop.laptop(), "accept")
    with app.test_request_context():
        step = step_of(device)
    assert step.move is None
    assert step.link.url.endswith(f"/appareils/{device.code}/rapports/deposer")
    assert "start_erasure" in {
        choice.move.name for choice in device_machine.open_to(standing(workshop.technician(), device.code), workshop.technician())
    }


def test_once_it_is_read_erasing_may_start(app, context):
    device = workshop.fire(workshop.put_drive_in(workshop.laptop()), "accept")
    with app.test_request_context():
        assert step_of(device).move.name == "start_erasure"


@pytest.mark.parametrize("moves", [("accept",), ("accept", "start_erasure")])
def test_a_failed_wipe_is_said_and_destruction_is_offered(app, context, moves):
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk("A1"), Disk("B2")))
    evidence.fire(device, *moves)
    evidence.wipe(Wipe("A1", status="-FAILED-"))
    with app.test_request_context():
        step = step_of(device)
        assert "échoué" in step.title
        told = " ".join([*(text for _tone, _icon, text in step.items), step.after])
        assert "Effacement échoué" in told
        assert "A1" in told
        assert (step.move is None) == ("start_erasure" in moves)
        assert "/detruire" in step.also.url


def test_wiped_again_it_is_forgotten(app, context):
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk("A1"), Disk("B2")))
    evidence.fire(device, "accept", "start_erasure")
    evidence.wipe(Wipe("A1", status="-FAILED-"))
    evidence.wipe(Wipe("A1"))
    with app.test_request_context():
        step = step_of(device)
    assert "échoué" not in step.title
    assert step.also is None


# --- the doors -----------------------------------------------------------------------------------------------------------


def erasing(app, *disks):
    with app.app_context():
        people.settle()
        device = evidence.arrive()[0]
        evidence.read(device, lshw(*disks))
        code = evidence.fire(device, "accept", "start_erasure") or device.code
        db.session.remove()
    return code


def log(app, *wipes):
    with app.app_context():
        return nwipe(*wipes)


def state_of(app, code):
    with app.app_context():
        device = db.session.query(Device).filter_by(code=code).one()
        found = device.state, [event.move for event in events_of(device)]
        db.session.remove()
    return found


def test_a_proof_that_finishes_the_wipe_fires_it(app, signed_in):
    code = erasing(app, Disk())
    client = signed_in(Role.TECHNICIAN)
    done = client.post("/api/v1/erasure-reports", data=log(app, Wipe()), headers={"X-CSRFToken": client.token()})
    assert done.status_code == 201
    state, moves = state_of(app, code)
    assert state == DeviceState.TO_REFURBISH
    assert moves[:2] == ["finish_erasure", "erasure_accepted"]


def test_not_while_another_drive_is_left(app, signed_in):
    code = erasing(app, Disk("A1"), Disk("B2"))
    client = signed_in(Role.TECHNICIAN)
    client.post("/api/v1/erasure-reports", data=log(app, Wipe("A1")), headers={"X-CSRFToken": client.token()})
    assert state_of(app, code)[0] == DeviceState.ERASING


def test_nor_one_that_nobody_has_begun(app, signed_in):
    with app.app_context():
        people.settle()
        device = evidence.arrive()[0]
        evidence.read(device, lshw(Disk()))
        evidence.fire(device, "accept")
        code = device.code
        db.session.remove()
    client = signed_in(Role.TECHNICIAN)
    client.post("/api/v1/erasure-reports", data=log(app, Wipe()), headers={"X-CSRFToken": client.token()})
    assert state_of(app, code)[0] == DeviceState.TO_ERASE


def test_a_confirmed_reset_finishes_it_too(app, signed_in):
    with app.app_context():
        people.settle()
        code = workshop.fire(evidence.arrive(DeviceKind.TABLET)[0], "accept", "start_erasure").code
        ended = local(now()).strftime("%Y-%m-%dT%H:%M:%S")
        db.session.remove()
    stated = signed_in(Role.TECHNICIAN).submit(
        f"/appareils/{code}/memoire", {"technique": "factory_reset", "tool": "Android", "ended_at": ended}
    )
    assert signed_in(Role.COORDINATOR).submit(f"{stated.location}/confirmer").status_code == 303
    assert state_of(app, code)[0] == DeviceState.TO_REFURBISH


def test_the_scan_page_says_that_it_failed(app, signed_in):
    code = erasing(app, Disk())
    with app.app_context():
        evidence.wipe(Wipe(status="-FAILED-"))
        db.session.remove()
    client = signed_in(Role.TECHNICIAN)
    for address in (f"/S/{code}", f"/appareils/{code}"):
        text = client.get(address).text
        assert "L’effacement a échoué" in text
        assert "Déclarer détruit" in text
