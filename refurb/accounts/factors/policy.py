"""Of which roles a second factor is asked before names open: of each that may see people who receive or borrow.

CNIL, délibération n° 2025-019 du 20 mars 2025: two factors of different kinds are recommended to whoever sees people in difficulty.
"""

from collections.abc import Collection

from refurb.kernel.deeds.access import GRANTS, OF_PERSONS, PERSONS, Role

REQUIRED_OF = frozenset(role for role in PERSONS if GRANTS[role] & OF_PERSONS)


def sees_names(roles: Collection[Role], *, proved: bool) -> bool:
    """Whether names are open to somebody with these roles: with a second factor behind the session, or where no role asks one."""
    return proved or REQUIRED_OF.isdisjoint(roles)
