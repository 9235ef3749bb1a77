"""The device that stands in for another: reserved for a family that was served."""

from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.lines import begin_lines
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.rules import is_of_the_kind
from refurb.referrals.cases.states import allocation_machine
from refurb.referrals.models import Allocation


def allocate_in_place(actor: Actor, former: Allocation, device: Device) -> Allocation:
    """Reserve a ready device for a family that was served, in place of the one that it brings back.

    It passes nobody and takes no place of a quota: the family stays served, and is handed the device by `hand_over` as any other.
    """
    check(actor, Permission.ALLOCATION_WRITE)
    is_of_the_kind(former.referral, device)
    device_machine.fire(device, "reserve", actor)
    allocation = Allocation(
        device=device, referral=former.referral, rank=1, policy_version=order().version, decided_at=now(), decided_by=actor.id,
        public=former.public, replaces_id=former.id,
    )  # fmt: skip
    allocation_machine.begin(allocation, actor, referral=former.referral_id, device=device.id, replaces=former.id)
    begin_lines(allocation)
    return allocation
