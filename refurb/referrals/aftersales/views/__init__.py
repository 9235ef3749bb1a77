"""The pages of after-sales: those for families, without an account, and those of the tickets."""

from refurb.referrals.aftersales.views import family, tickets

__all__ = ["family", "tickets"]
