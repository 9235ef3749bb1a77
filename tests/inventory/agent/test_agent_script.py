"""The bench agent against the running service: the script, curl and the server are real; the machine's tools print what they are told."""

import shutil

import pytest
from sqlalchemy import func, select

from refurb.inventory.models.devices import Device
from refurb.inventory.models.evidence import ErasureReport, HardwareReport
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import spell
from tests.support.serving import free_port
from tests.support.story import evidence, stations, workshop
from tests.support.story.evidence import Disk, Wipe, lshw, nwipe, smartctl
from tests.support.web import serving_alone

SHELLS = [("sh",), pytest.param(("busybox", "sh"), marks=pytest.mark.skipif(not shutil.which("busybox"), reason="no busybox here"))]
DISK = Disk("CHV0001")


@pytest.fixture(scope="module")
def service(sqlite_templates, tmp_path_factory):
    yield from serving_alone(sqlite_templates, tmp_path_factory)


@pytest.fixture
def at_home(service):
    with service.app.app_context():
        yield service.app
        db.session.rollback()


@pytest.fixture
def key(service, at_home, tmp_path):
    made = stations.Key(tmp_path / "key", service.url, stations.token())
    made.machine(lshw=lshw(DISK, serial=f"SN{tmp_path.name}"), smartctl=smartctl(DISK), dmidecode=b"# dmidecode 3.4\n")
    return made


@pytest.fixture
def device(at_home):
    return evidence.arrive()[0]


def reports(device):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(HardwareReport).where(HardwareReport.device_id == device.id))


@pytest.mark.parametrize("shell", SHELLS, ids=["sh", "busybox"])
def test_it_reads_the_machine_and_tells_its_code_state_and_next_step(key, device, shell):
    assert key.run(spell(device.code), shell=shell) == 0, key.said
    assert spell(device.code) in key.said
    assert "État" in key.said
    assert "Reçu" in key.said
    assert "Accepter au tri" in key.said
    assert "CHV0001" in key.said
    assert reports(device) >= 2
    assert key.waiting == []


def test_a_machine_that_is_known_is_recognised_without_its_code_and_read_once(key, device):
    key.run(device.code)
    before = reports(device)
    assert key.run() == 0, key.said
    assert "Machine reconnue" in key.said
    assert "rien n’a changé" in key.said
    assert reports(device) == before


def test_a_machine_nobody_knows_is_kept_and_asks_for_its_code(key):
    assert key.run() == 1
    assert "Donnez le code de son étiquette" in key.said
    assert len(key.waiting) == 1


def test_without_network_everything_waits_on_the_key_and_leaves_once(key, device, service):
    key.set(SERVICE=f"http://127.0.0.1:{free_port()}", PAUSES="0 0")
    assert key.run(device.code) == 1
    assert key.said.count("ne répond pas (000)") == 3
    [waiting] = key.waiting
    assert sorted(each.name for each in (waiting / "files").iterdir()) == ["dmidecode.txt", "lshw.json", "smartctl-sda.json"]
    assert reports(device) == 0

    key.set(SERVICE=service.url)
    assert key.run("send") == 0, key.said
    assert spell(device.code) in key.said
    assert key.waiting == []
    sent = reports(device)
    assert key.run("send") == 0
    assert reports(device) == sent > 0


def test_an_answer_lost_on_the_way_is_asked_for_again_and_the_deed_done_once(key, device):
    key.set(PAUSES="0")
    key.lose_an_answer()
    assert key.run(device.code) == 0, key.said
    assert key.called.count("agent/hardware") == 2
    assert "déjà connus" not in key.said  # The first answer again, not a second deed.
    assert reports(device) == 2 + ("dmidecode.txt" not in key.said)


def test_the_token_is_neither_printed_nor_on_a_command_line(key, device):
    key.run(device.code)
    assert key.secret not in key.called
    assert key.secret not in key.said


def test_an_unknown_token_is_told_clearly_and_the_report_kept(key, device):
    key.set(TOKEN="refurb_of_nobody")
    assert key.run(device.code) == 1
    assert "ne connaît pas ce jeton" in key.said
    assert len(key.waiting) == 1


def test_after_the_wipe_the_log_beside_the_agent_is_found_and_each_drive_told(key, device):
    key.run(device.code)
    evidence.fire(device, "accept", "start_erasure")
    (key.folder / "nwipe_2026.log").write_bytes(nwipe(Wipe("CHV0001")))
    (key.folder / "nwipe_empty.log").write_bytes(b"")
    (key.folder / "nwipe_cut.log").write_bytes(b"bonjour\n")
    assert key.run("erased") == 0, key.said
    assert "CHV0001" in key.said
    assert "preuve acceptée" in key.said
    assert spell(device.code) in key.said
    assert "nwipe_cut.log" in key.said
    assert db.session.scalar(select(func.count()).select_from(ErasureReport)) == 1
    assert key.run("erased") == 1
    assert "tous l'ont déjà été" in key.said


def test_a_label_printed_in_advance_enters_with_its_donation(key, at_home):
    donation = workshop.received()
    code = stations.printed_label()
    assert key.run(code) == 1
    assert "--don" in key.said
    key.secret = stations.token(Role.TECHNICIAN)
    key.set()
    assert key.run(code, "--don", donation.reference) == 0, key.said
    assert "entre dans le stock" in key.said
    db.session.rollback()
    assert db.session.scalars(select(Device).where(Device.code == code)).one().donation_id == donation.id


def test_nothing_to_send_is_said(key):
    assert key.run("erased", "/nowhere/nwipe.log") == 1
    assert "Rien à envoyer" in key.said
    assert key.waiting == []
