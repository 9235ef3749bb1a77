"""A house that is closed between Christmas and the first Monday of January 2027, as the tests at the end of 2026 have it."""

from tests.directory.policies.trying import adopted

CLOSED = "closures = [{ from = 2026-12-24, until = 2027-01-04 }]\n\n[holidays]"


def closed_at_christmas() -> None:
    """The house adopts its closure."""
    adopted("agenda", ("[holidays]", CLOSED))
