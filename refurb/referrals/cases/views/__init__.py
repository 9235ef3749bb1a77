"""The pages of referrals, of the waiting list and of hand-overs, one file per noun."""

from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.views import (
    barriers,
    connections,
    handovers,
    households,
    lines,
    links,
    notices,
    participation,
    purchases,
    quotas,
    referrals,
    rule,
    sms,
    waiting,
)

__all__ = [
    "barriers", "blueprint", "connections", "handovers", "households", "lines", "links", "notices", "participation", "purchases", "quotas",
    "referrals", "rule", "sms", "waiting",
]  # fmt: skip
