"""What happens in the workshop of the story: donations, devices, the steps up to ready; each through its action, in a unit of work."""

from typing import Any

from refurb.inventory.checks.actions.checks import Told, answer_checks
from refurb.inventory.devices.actions.devices import correct_device, declare_without_drive
from refurb.inventory.devices.states import device_machine
from refurb.inventory.donations.actions.donations import announce_donation
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.labels.actions.labels import print_labels
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.words.devices import SOLDERED, DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Actor, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.chapters import chapter
from tests.support.story import answers, evidence, people, proofs
from tests.support.story.machines import devices_of


def coordinator() -> Actor:
    return people.actor(Role.COORDINATOR)


def technician() -> Actor:
    return people.actor(Role.TECHNICIAN)


@chapter
def announced(lines: dict[DeviceKind, int] | None = None, **facts: Any) -> Donation:
    """A donation of the story's donor, ten laptops unless told otherwise."""
    donor = people.organisation("Menuiseries")
    who = coordinator()
    with unit_of_work():
        told = {"legal_origin": LegalOrigin.COMPANY, "donor_id": donor.id, "lines": lines or {DeviceKind.LAPTOP: 10}}
        return announce_donation(who, **{**told, **facts})


@chapter
def received(counts: dict[DeviceKind, int] | None = None, lines: dict[DeviceKind, int] | None = None) -> Donation:
    """A donation that arrived; one laptop, as announced, unless told otherwise."""
    counts = counts or {DeviceKind.LAPTOP: 1}
    donation = announced(lines or counts)
    who = coordinator()
    with unit_of_work():
        donation_machine.fire(donation, "receive", who, received_on=today().isoformat(), counts=counts)
    return donation


@chapter
def sorted_out() -> Donation:
    """A donation of one laptop that arrived and was accepted at the sorting."""
    donation = received()
    for device in devices_of(donation):
        fire(device, "accept")
    return donation


def move(donation: Donation, name: str, who: Actor | None = None, **facts: Any) -> Donation:
    """Make one move of a donation."""
    actor = who or coordinator()
    with unit_of_work():
        donation_machine.fire(donation, name, actor, **facts)
    return donation


@chapter
def laptop() -> Device:
    """A laptop that was just received."""
    return devices_of(received())[0]


def fire(device: Device, *names: str, who: Actor | None = None, **facts: Any) -> Device:
    """Make moves one after the other; the facts are for the last one."""
    actor = who or coordinator()
    for name in names:
        with unit_of_work():
            device_machine.fire(device, name, actor, **(facts if name == names[-1] else {}))
    return device


@chapter
def put_drive_in(device: Device, serial: str = "CHV0001") -> Device:
    """The bench reads the device, and one drive in it."""
    evidence.read(device, evidence.lshw(evidence.Disk(serial), serial=f"VI{device.id:06d}"))
    return device


@chapter
def prove_erased(serial: str = "CHV0001") -> None:
    """The log of a wipe of the drive that ended well is uploaded."""
    evidence.wipe(evidence.Wipe(serial=serial))


def all_good(device: Device) -> dict[str, Told]:
    """Yes to every question that each machine of its kind is asked."""
    return answers.all_good(device.kind)


def answer(device: Device, told: dict[str, Told]) -> None:
    who = technician()
    with unit_of_work():
        answer_checks(who, device, told)


def correct(device: Device, **facts: Any) -> None:
    """Correct some facts of a device, the others staying as they are."""
    known = {name: getattr(device, name) for name in ("kind", "manufacturer", "model", "serial")}
    who = technician()
    with unit_of_work():
        correct_device(who, device, **(known | facts))


@chapter
def tablet_in_tests() -> Device:
    (tablet,) = devices_of(received({DeviceKind.TABLET: 1}))
    return fire(say_without_drive(tablet), "accept", "finish_erasure", "start_tests")


@chapter
def pass_checks(device: Device) -> Device:
    who = technician()
    with unit_of_work():
        answer_checks(who, device, all_good(device))
    return device


def print_label(device: Device) -> bytes:
    who = technician()
    with unit_of_work():
        return print_labels(who, [device], label_formats()["a4-3x8"])


@chapter
def say_without_drive(device: Device) -> Device:
    """Nothing to wipe in it: opened, and empty; of a tablet, that its memory is reset, which a second person confirms."""
    if device.kind in SOLDERED:
        return proofs.memory_reset(device)
    who = technician()
    with unit_of_work():
        declare_without_drive(who, device)
    return device


@chapter
def testing_laptop() -> Device:
    """A laptop in its tests, its one drive proven erased; nothing checked, no label."""
    device = laptop()
    put_drive_in(device)
    prove_erased()
    return fire(device, "accept", "finish_erasure", "start_tests")


@chapter
def ready_laptop() -> Device:
    """A laptop that is ready to be given or lent."""
    device = pass_checks(testing_laptop())
    print_label(device)
    return fire(device, "pass_tests")
