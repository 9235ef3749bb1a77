"""A donation that has arrived, as far along as a test wants it: announced, counted, accepted, some of its drives wiped."""

from datetime import date

from refurb.inventory.donations.actions.donations import announce_donation, name_acceptance
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import ISSUERS
from refurb.inventory.words.devices import DeviceKind
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.chapters import chapter
from tests.support.story import evidence, people
from tests.support.story.machines import devices_of


@chapter
def announced(count=10, *, donor="Menuiseries", origin=LegalOrigin.COMPANY, kind=DeviceKind.LAPTOP):
    """A donation that is on its way."""
    with unit_of_work():
        return announce_donation(
            people.actor(Role.COORDINATOR), legal_origin=origin, lines={kind: count}, donor_id=people.organisation(donor).id
        )


@chapter
def received(count=2, *, of=None, accepted=True, **more):
    """A donation of so many laptops, on `of` that were announced; by default its gift is accepted."""
    return arrived(announced(of or count, **more), count, kind=more.get("kind", DeviceKind.LAPTOP), accepted=accepted)


def arrived(donation: Donation, count: int, *, kind: DeviceKind = DeviceKind.LAPTOP, accepted: bool = True) -> Donation:
    """The same donation, once so many of a kind were counted."""
    coordinator = people.actor(Role.COORDINATOR)
    with unit_of_work():
        donation_machine.fire(donation, "receive", coordinator, received_on=today().isoformat(), counts={kind.value: count})
        if accepted:
            name_acceptance(coordinator, donation, accepted_by_act="Décision n° 2026-41", accepted_on=date(2026, 11, 10))
    return donation


@chapter
def read_drives(donation: Donation, *serials):
    """The technician reads a drive in each of the first devices."""
    for device, serial in zip(devices_of(donation), serials, strict=False):
        evidence.read(device, evidence.lshw(evidence.Disk(serial), serial=f"SN-{serial}"))


@chapter
def wiped(donation: Donation, *serials):
    """The drives are read and wiped, each with its proof."""
    read_drives(donation, *serials)
    evidence.wipe(*(evidence.Wipe(serial) for serial in serials), note=" ".join(serials))


def issued(donation: Donation, kind):
    """The paper, issued by the coordinator."""
    with unit_of_work():
        return ISSUERS[kind](people.actor(Role.COORDINATOR), donation)
