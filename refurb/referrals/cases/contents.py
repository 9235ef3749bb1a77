"""What a hand-over offers to go with its machines."""

from refurb.referrals.cases.bag_policy import BAGS
from refurb.referrals.cases.lines import accessories_of, machines_of, open_lines
from refurb.referrals.models import Allocation
from refurb.referrals.words import Accessory


def usual_accessories(allocation: Allocation) -> list[Accessory]:
    """What the workshop put into the bag, else what the policy says; what goes with a connection in any case."""
    lines = open_lines(allocation)
    put = accessories_of(lines)
    if any(each.accessory is not None and each.packed_at is not None for each in lines):
        return put
    usual = BAGS.in_force().expected((each.kind for each in machines_of(lines)), allocation.referral.connection)
    return [each for each in Accessory if each in put or each in usual]
