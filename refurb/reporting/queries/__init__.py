"""What the pages of figures and of work to do read, each in as few queries as it can; one file per page."""

from refurb.reporting.queries.home import (
    awaited_donations,
    lane_cards,
    next_ceremonies,
    raised_flags,
    stuck_effects,
)

__all__ = [
    "awaited_donations",
    "lane_cards",
    "next_ceremonies",
    "raised_flags",
    "stuck_effects",
]
