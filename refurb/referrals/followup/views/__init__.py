"""The pages of follow-up: the family's own, those of whoever calls, the partner's, and the figures."""

from refurb.referrals.followup.views import calling, family, figures

__all__ = ["calling", "family", "figures"]
