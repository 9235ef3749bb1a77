"""The newer evidence counts: what a later run says of a drive undoes what was proven before, wherever the drive is."""

from datetime import timedelta

import pytest

from refurb.inventory.devices.queries.devices import raised_flags
from refurb.inventory.devices.rules import DrivesNotClean, every_drive_is_clean
from refurb.inventory.evidence.queries.evidence import drives_shown, stays_in
from refurb.inventory.words.devices import DeviceState, FlagKind
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from tests.support.story import evidence
from tests.support.story.evidence import Disk, Wipe, lshw

AGO = timedelta(hours=2)


@pytest.fixture
def device(context):
    found = evidence.arrive()[0]
    evidence.read(found, lshw(Disk()))
    return found


@pytest.mark.parametrize("status", ["-FAILED-", "UABORTED"])
def test_a_failed_or_aborted_wipe_withdraws_an_earlier_proof(device, status):
    evidence.wipe(Wipe(ended=now() - AGO))
    every_drive_is_clean(device)
    evidence.wipe(Wipe(status=status))
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(device)
    assert [each.standing.value for each in drives_shown(device)] == ["refused"]
    assert "proof_withdrawn" in {each.move for each in events_of(device)}
    evidence.wipe(Wipe(ended=now() + timedelta(minutes=1)))
    every_drive_is_clean(device)


def test_the_order_in_which_logs_are_handed_in_changes_nothing(device):
    evidence.wipe(Wipe(status="-FAILED-"))
    evidence.wipe(Wipe(ended=now() - AGO))
    assert [each.refused.reason for each in drives_shown(device)] == ["erasure.withdrawn"]


def test_an_older_failure_that_is_handed_in_late_changes_nothing(device):
    evidence.wipe(Wipe())
    evidence.wipe(Wipe(status="-FAILED-", ended=now() - AGO))
    every_drive_is_clean(device)


def test_a_ready_device_goes_back_to_the_bench(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests")
    evidence.wipe(Wipe(status="-FAILED-", ended=now() + AGO))
    assert device.state == DeviceState.TO_REFURBISH
    with pytest.raises(DrivesNotClean):
        every_drive_is_clean(device)


def test_a_reserved_device_is_flagged_and_not_handed_over(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests", "reserve")
    evidence.wipe(Wipe(status="-FAILED-", ended=now() + AGO))
    assert [each.kind for each in raised_flags(device)] == [FlagKind.SECOND_LOOK]
    with pytest.raises(Refusal) as refused:
        evidence.fire(device, "hand_over")
    assert refused.value.code == "device.drives_not_clean"


def test_a_file_that_is_sent_again_is_judged_again_when_circumstances_changed(device):
    wipe = Wipe(ended=now() - timedelta(days=3))
    assert evidence.wipe(wipe).report.erasures[0].reason == "erasure.too_old"
    with unit_of_work():  # The day of its arrival was entered wrongly, and is put right.
        device.received_at = stays_in(device)[0].since = now() - timedelta(days=5)
    again = evidence.wipe(wipe)
    assert (again.known, again.report.erasures[0].reason) == (True, None)
    every_drive_is_clean(device)


def test_no_drift_is_forgiven_where_a_drive_came_back(context):
    device = evidence.arrive()[0]
    evidence.bring_to_tests(device, Disk())
    evidence.fire(device, "pass_tests", "reserve", "hand_over")
    evidence.fire(device, "come_back", reason="la famille a déménagé")
    late = evidence.wipe(Wipe(ended=now() - timedelta(hours=1)), note=" ")
    assert late.report.erasures[0].reason == "erasure.too_old"
    evidence.wipe(Wipe(ended=now() + timedelta(minutes=1)), note="  ")
    every_drive_is_clean(device)
