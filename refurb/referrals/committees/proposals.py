"""What the rule proposes for the files of an agenda, within the devices that are ready and what was promised to each partner."""

from collections import Counter
from collections.abc import Iterator, Sequence

from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import db
from refurb.referrals.committees.models import CommitteeLine
from refurb.referrals.committees.queries import PlacesLeft, free_devices, places_left
from refurb.referrals.committees.words import SUITS, LineReason, LineVerdict


def propose(lines: Sequence[CommitteeLine]) -> None:
    """Write down what is proposed for each file, in their order, and which device is set aside for it: the one ready for longest first.

    What was decided stays, and so does what somebody proposed otherwise, as long as a device is there for it.
    """
    free = free_devices({each.referral.device_kind for each in lines}, but=[each.id for each in lines])
    places = places_left()
    decided = [each for each in lines if each.verdict is not None]
    for line in decided:
        if line.device in free[line.referral.device_kind]:
            free[line.referral.device_kind].remove(line.device)
    taken = Counter(places.key(each.referral) for each in decided if each.verdict is LineVerdict.ALLOCATE)
    found = list(_fitted([each for each in lines if each.verdict is None], free, places, taken))
    for line, *_made in found:  # First all are let go, so that no two hold one device on the way.
        line.device = None
    db.session.flush()
    for line, verdict, reason, device in found:
        line.proposal, line.proposal_reason, line.device = verdict, reason, device
    db.session.flush()


def _fitted(
    lines: Sequence[CommitteeLine], free: dict[DeviceKind, list[Device]], places: PlacesLeft, taken: Counter[tuple[int, str]]
) -> Iterator[tuple[CommitteeLine, LineVerdict, LineReason, Device | None]]:
    """Each file with its proposal: a device while there is one and a place for its partner, else the reserve, with the reason."""
    for line in lines:
        if line.by_hand and line.proposal is not LineVerdict.ALLOCATE:
            yield line, line.proposal, line.proposal_reason, None
            continue
        key, stock = places.key(line.referral), free[line.referral.device_kind]
        left = places.left.get(key)
        if left is not None and left <= taken[key] and not line.by_hand:
            yield line, LineVerdict.RESERVE, LineReason.QUOTA_FULL, None
        elif not stock:
            yield line, LineVerdict.RESERVE, LineReason.NO_STOCK, None
        else:
            taken[key] += 1
            yield line, LineVerdict.ALLOCATE, SUITS[LineVerdict.ALLOCATE][0], stock.pop(0)
