"""When families come for their devices in the story: slots of the first place, invitations, an hour that was chosen."""

from datetime import date, timedelta
from typing import Any

from refurb.directory.agenda.queries import days_of
from refurb.directory.sites.models import FIRST
from refurb.kernel.deeds.access import Actor, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.referrals.handovers.actions import choose, invite, open_slots
from refurb.referrals.handovers.models import HandoverInvitation, HandoverSlot
from refurb.referrals.handovers.states import invitation_machine
from refurb.referrals.handovers.words import InvitedBy
from refurb.referrals.models import Allocation
from tests.support.chapters import chapter
from tests.support.story import families, people

EMAIL = "zoe@chez.example"
TWO_PM = 14 * 60


def an_open_day(after: int = 3) -> date:
    """A day to come on which the first place is open."""
    days = days_of(FIRST)
    return next(day for day in (today() + timedelta(days=number) for number in range(after, after + 20)) if days.is_open(day))


def opened(places: int = 1, hours: tuple[tuple[int, int], ...] = ((TWO_PM, TWO_PM + 60),), **more: Any) -> list[HandoverSlot]:
    """The slots of an afternoon, half an hour each unless said otherwise; in their order."""
    facts = {"day": an_open_day(), "minutes": 30, "site_id": FIRST, **more}
    with unit_of_work():
        open_slots(people.actor(Role.COORDINATOR), hours=hours, places=places, **facts)
    return list(db.session.query(HandoverSlot).order_by(HandoverSlot.id))


@chapter
def invited(email: str | None = EMAIL) -> HandoverInvitation:
    """A family that was asked to come within a fortnight."""
    return invite_to(families.allocated(email=email))


def invite_to(allocation: Allocation, by: InvitedBy | None = None, days: int = 14) -> HandoverInvitation:
    """Ask the family of an allocation to come: by a letter, or through its partner where it has no address, unless said otherwise."""
    by = by or (InvitedBy.EMAIL if allocation.referral.beneficiary.email else InvitedBy.PARTNER)
    with unit_of_work():
        return invite(people.actor(Role.COORDINATOR), allocation, invited_by=by, answer_by=today() + timedelta(days=days))


def chosen(invitation: HandoverInvitation, slot: HandoverSlot, actor: Actor | None = None, **more: Any) -> HandoverInvitation:
    """An hour chosen by the prescriber with the family, unless somebody else is named."""
    with unit_of_work():
        choose(actor or people.actor(Role.PRESCRIBER), invitation, slot=slot.id, **more)
    return invitation


def fire(invitation: HandoverInvitation, move: str, role: Role = Role.COORDINATOR, **facts: Any) -> None:
    """Make one move of an invitation."""
    with unit_of_work():
        invitation_machine.fire(invitation, move, people.actor(role), **facts)
