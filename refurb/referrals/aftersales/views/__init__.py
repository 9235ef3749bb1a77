"""The pages of after-sales: those for families, without an account, and those of the tickets."""

from refurb.referrals.aftersales.views import family, sheets, tickets

__all__ = ["family", "sheets", "tickets"]
