"""The pages of committees; importing them hangs them on the blueprint of the referrals."""

from refurb.referrals.committees.views import agenda, plans, session

__all__ = ["agenda", "plans", "session"]
