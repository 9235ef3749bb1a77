"""Put things into a bag: machines are scanned one by one, accessories ticked."""

from collections.abc import Mapping, Sequence

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.errors import Conflict, Fault, Invalid
from refurb.referrals.bags.queries import reference_of_machine
from refurb.referrals.cases.lines import NothingToPrepare, PurchaseAwaited, accessory_lines, count_accessories, open_lines, pack_accessories
from refurb.referrals.cases.purchases import line_for
from refurb.referrals.models import Allocation
from refurb.referrals.words import Accessory, AllocationState


class OtherBag(Conflict):
    """The machine that was scanned goes into another bag."""

    code = "bag.other_bag"


def _held(actor: Actor, number: int) -> Allocation:
    check(actor, Permission.DEVICE_WORK)
    allocation = db.session.get_one(Allocation, number)
    lock(allocation)
    if allocation.state is not AllocationState.ACTIVE:
        raise NothingToPrepare
    return allocation


def pack_machine(actor: Actor, number: int, *, code: str) -> None:
    """A machine of a hand-over was held and put with the others; a second scan changes nothing. Raises `OtherBag`."""
    allocation = _held(actor, number)
    found = find_code(code)
    line = next((each for each in open_lines(allocation) if each.device is not None and each.device.code == found), None)
    if line is None:
        other = reference_of_machine(found or "")
        if other is not None:
            raise OtherBag(reference=other)
        raise Invalid({"code": [Fault("bag.not_in_this")]})
    if line.packed_at is None:
        line.packed_at = now()
        record(allocation, "packed", actor, device=line.device_id)


def pack_purchase(actor: Actor, number: int, purchase: int, *, packed: bool) -> None:
    """Something that is bought lies in the bag, or does not; a second press changes nothing. Raises `PurchaseAwaited`."""
    allocation = _held(actor, number)
    line = line_for(allocation, purchase)
    if packed and line.purchase is not None and not line.purchase.is_here:
        raise PurchaseAwaited(what=line.purchase.what)
    if packed is not (line.packed_at is not None):
        line.packed_at = now() if packed else None
        record(allocation, "packed" if packed else "unpacked", actor, purchase=purchase)


def fill_bag(actor: Actor, number: int, accessories: Sequence[Accessory]) -> None:
    """These accessories are in the bag, and no other."""
    allocation = _held(actor, number)
    before = {word for word, line in accessory_lines(allocation).items() if line.packed_at is not None}
    if before != set(accessories):
        pack_accessories(allocation, accessories)
        record(allocation, "filled", actor, accessories=[each.value for each in Accessory if each in accessories])


def count_bag(actor: Actor, number: int, numbers: Mapping[Accessory, int]) -> None:
    """There are so many of each accessory in the bag; of what is not in it nothing is said."""
    count_accessories(actor, _held(actor, number), numbers)
