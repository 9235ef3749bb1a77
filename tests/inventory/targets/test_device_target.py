"""Weighing devices: by whatever changes their facts, in the same unit; what a technician adds; the page, the list, the JSON door."""

import pytest
from sqlalchemy import select, update

from refurb.inventory.checks.actions.checks import Told, answer_checks
from refurb.inventory.evidence.actions.drives import remove_drive
from refurb.inventory.evidence.queries.evidence import drives_inside
from refurb.inventory.models.devices import Device
from refurb.inventory.pages.queries import BEST_FIRST, DeviceFilter, devices
from refurb.inventory.targets.actions import note_firmware, tell_target, weigh_some
from refurb.inventory.targets.firmware import Firmware
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.queries import target_of
from refurb.inventory.targets.words import Category, Cosmetic, Verdict
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Forbidden
from tests.support.story import evidence, people
from tests.support.story.evidence import Disk, lshw


@pytest.fixture
def device(context):
    device = evidence.arrive()[0]
    evidence.read(device, lshw(Disk("T-1")))
    return device


def tell(device, who=Role.TECHNICIAN, **facts):
    actor = people.actor(who)
    with unit_of_work():
        tell_target(actor, device, **({"cpu_mark": None, "cosmetic": None} | facts))


def test_reading_a_machine_weighs_it(device):
    target = target_of(device)
    assert (target.category, target.points) == (Category.A, 9)
    assert [each["points"] for each in target.weighed["grade"]["components"]] == [3, 3, 3]
    assert target.weighed["grade"]["components"][0]["estimated"]
    assert (target.minimum, target.windows_11) == (Verdict.UNKNOWN, Verdict.UNKNOWN)


def test_a_device_of_which_nothing_is_known_is_not_weighed(context):
    assert target_of(evidence.arrive()[0]) is None


def test_a_drive_that_leaves_takes_its_points_with_it(device):
    who = people.actor(Role.TECHNICIAN)
    drive = drives_inside(device)[0]
    with unit_of_work():
        remove_drive(who, device, drive)
    assert (target_of(device).category, target_of(device).points) == (None, None)


def test_what_was_measured_wins_over_the_estimate_and_stays(device):
    tell(device, cpu_mark=2_400, cosmetic=Cosmetic.B)
    assert (target_of(device).category, target_of(device).cosmetic) == (Category.B, Cosmetic.B)
    evidence.read(device, lshw(Disk("T-1"), ram_gib=16))
    assert (target_of(device).points, target_of(device).cpu_mark) == (8, 2_400)
    assert target_of(device).category is Category.B  # the weak processor keeps it down
    told = next(event for event in events_of(device) if event.move == "target_told")
    assert told.facts["changed"] == {"cpu_mark": [None, 2_400], "cosmetic": [None, "B"]}


def test_what_the_key_saw_of_the_firmware_settles_windows(device):
    who = people.actor(Role.TECHNICIAN)
    with unit_of_work():
        note_firmware(who, device, Firmware(uefi=True, secure_boot=True, tpm=2.0))
    assert target_of(device).windows_11 is Verdict.YES


def test_the_desk_may_not_tell(device):
    with pytest.raises(Forbidden):
        tell(device, Role.DESK, cosmetic=Cosmetic.A)


def test_a_new_policy_weighs_again_only_what_it_has_not_weighed(device):
    with unit_of_work() as session:
        session.execute(update(DeviceTarget).values(policy="of another", category=None))
    with unit_of_work():
        assert weigh_some() == (device.id, 1)
    assert target_of(device).category is Category.A
    with unit_of_work():
        assert weigh_some() == (None, 0)


def test_a_unit_that_failed_weighs_nothing(device):
    with pytest.raises(RuntimeError), unit_of_work():
        device.ram_mb = 2048
        db.session.flush()
        raise RuntimeError
    assert target_of(device).category is Category.A


def test_the_list_filters_and_sorts_by_category(context):
    low, high, unknown = evidence.arrive(count=3)
    evidence.read(low, lshw(Disk("T-LOW"), serial="LOW", ram_gib=2))
    evidence.read(high, lshw(Disk("T-HIGH"), serial="HIGH", ram_gib=16))
    assert [row.code for row in devices(DeviceFilter(category=Category.UNSELLABLE), 1).rows] == [low.code]
    assert [row.code for row in devices(DeviceFilter(), 1, BEST_FIRST).rows] == [high.code, low.code, unknown.code]


def test_the_page_shows_each_figure_with_its_source_and_takes_what_is_told(app, signed_in):
    with app.app_context():
        device = evidence.arrive()[0]
        evidence.read(device, lshw(Disk("T-1")))
        code = device.code
    client = signed_in(Role.TECHNICIAN)
    page = client.get(f"/appareils/{code}/cible").text
    assert "Emmaüs Connect" in page
    assert "2023-09" in page
    assert "(estimé)" in page
    assert client.submit(f"/appareils/{code}/cible", {"cpu_mark": "7000", "cosmetic": "C"}).status_code == 303
    assert "traces visibles" in client.get(f"/appareils/{code}").text
    told = client.get(f"/api/v1/devices/{code}/target").json
    assert (told["category"], told["points"], told["cosmetic"]) == ("A", 10, "C")
    assert client.get("/api/v1/devices?category=A").json["total"] == 1
    assert client.get("/appareils?categorie=A&tri=categorie").text.count(f"/appareils/{code}") == 1
    answer = client.submit(f"/appareils/{code}/cible", {"cpu_mark": "-3"})
    assert answer.status_code == 422


def test_a_page_of_one_that_was_never_read_teaches(app, signed_in):
    with app.app_context():
        code = evidence.arrive()[0].code
        assert db.session.scalar(select(Device.code)) == code
    assert "Rien à calculer" in signed_in(Role.TECHNICIAN).get(f"/appareils/{code}/cible").text


def test_the_page_takes_the_look_from_the_checklist_until_somebody_says_it_here(app, signed_in):
    with app.app_context():
        device = evidence.arrive()[0]
        evidence.bring_to_tests(device, Disk("T-1"))
        with unit_of_work():
            answer_checks(people.actor(Role.TECHNICIAN), device, {"look": Told("worn")})
        code = device.code
    client = signed_in(Role.TECHNICIAN)
    assert "Marques d’usage" in client.get(f"/appareils/{code}").text
    assert "Comme aux contrôles" in client.get(f"/appareils/{code}/cible").text
    assert client.submit(f"/appareils/{code}/cible", {"cosmetic": "C"}).status_code == 303
    page = client.get(f"/appareils/{code}").text
    assert "traces visibles" in page
    assert "Marques d’usage" not in page
