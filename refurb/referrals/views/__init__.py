"""The pages of referrals, of the waiting list and of hand-overs, one file per noun."""

from refurb.referrals.views import handovers, referrals, waiting
from refurb.referrals.views.blueprint import blueprint

__all__ = ["blueprint", "handovers", "referrals", "waiting"]
