"""What the days that pass do to claims: what is late blocks until it is back, what nobody fetched is let go. Done by the worker."""

from refurb.lending.claims.pools import hold, outdated_pools


def bring_up_to_date() -> int:
    """Bring every pool up to date of which something has passed; how many. Whoever touches a pool does it for that one, too."""
    return len(hold(outdated_pools()))
