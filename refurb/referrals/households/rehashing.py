"""Make the hashes that are not there yet, or were made with an older key: a slice of households at a time."""

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.referrals.households.actions import note_likenesses
from refurb.referrals.households.hashes import hash_household, lacking


def hash_what_lacks() -> int:
    """Make hashes for some of the households that have none with today's key; how many. The key is in no database: the worker does it."""
    waiting = lacking()
    db.session.rollback()
    for number in waiting:
        with unit_of_work():
            household = hash_household(number)
            if household is not None:
                note_likenesses(household)
    return len(waiting)
