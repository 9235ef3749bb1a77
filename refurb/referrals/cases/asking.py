"""Asking both prescribers of two like households, each in her own file."""

from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.rules import NobodyToAsk
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.households.queries import referral_of_record
from refurb.referrals.households.rules import LikenessDecided
from refurb.referrals.models import HouseholdLikeness


def ask_both(actor: Actor, likeness: HouseholdLikeness, *, question: str) -> int:
    """Ask the prescribers of two like households something, each in her own file; of how many. Neither learns anything of the other."""
    check(actor, Permission.REFERRAL_DECIDE)
    lock(likeness)
    if likeness.verdict is not None:
        raise LikenessDecided
    asked = 0
    for household in (likeness.first, likeness.second):
        referral = referral_of_record(household)
        if referral.state in referral_machine["ask"].sources:
            referral_machine.fire(referral, "ask", actor, question=question)
            asked += 1
    if not asked:
        raise NobodyToAsk
    likeness.asked_at = now()
    record(likeness.first, "asked_about", actor, other=likeness.second_id)
    return asked
