"""Whether somebody who was referred wants short messages: noted of the person, whichever of her files it was said at."""

from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.referrals.cases.rules import PersonForgotten
from refurb.referrals.models import Referral


def choose_sms(actor: Actor, referral: Referral, *, wanted: bool) -> None:
    """Note that she wants no short messages, or some again. A second time changes nothing. Raises `PersonForgotten`."""
    check(actor, Permission.REFERRAL_WRITE)
    person = referral.beneficiary
    lock(person)
    if person.forgotten_at is not None:
        raise PersonForgotten
    if wanted is (person.sms_refused_at is None):
        return
    person.sms_refused_at = None if wanted else now()
    record(referral, "sms_wanted" if wanted else "sms_refused", actor)


def refuse_sms(number: int) -> None:
    """The same by the link in a message, for whoever holds it."""
    choose_sms(SERVICE, db.session.get_one(Referral, number), wanted=False)
