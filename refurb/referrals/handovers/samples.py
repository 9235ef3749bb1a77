"""On whose appointments the letters to families are looked at before their text is adopted."""

from sqlalchemy import select

from refurb.directory.letters import letters_on, sample_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.wired import TextSample
from refurb.referrals.handovers.effects import appointment_letter, invitation_letter
from refurb.referrals.handovers.lapsing import letter_of_holding
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.texts import HANDOVER_APPOINTMENT, HANDOVER_INVITATION, HOLDING_END
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.models import Allocation, Referral

MOST = 20


def _records(*states: InvitationState) -> list[tuple[int, str]]:
    query = select(HandoverInvitation.id, Referral.reference).join(HandoverInvitation.allocation).join(Allocation.referral)
    query = query.where(HandoverInvitation.state.in_(states)) if states else query
    return [(number, reference) for number, reference in db.session.execute(query.order_by(HandoverInvitation.id.desc()).limit(MOST))]


def _invitation(record: int) -> list[Letter]:
    return [invitation_letter(db.session.get_one(HandoverInvitation, record), "sample", sender_address(), sample_link())]


def _appointment(record: int) -> list[Letter]:
    return [appointment_letter(db.session.get_one(HandoverInvitation, record), "sample", sender_address(), sample_link())]


def _held() -> list[tuple[int, str]]:
    query = select(Allocation.id, Referral.reference).join(Allocation.referral).where(Allocation.held_until.is_not(None))
    return [(number, reference) for number, reference in db.session.execute(query.order_by(Allocation.id.desc()).limit(MOST))]


def _holding(record: int) -> list[Letter]:
    return [letter_of_holding(db.session.get_one(Allocation, record), "sample", sender_address())]


def _told() -> list[tuple[int, str]]:
    return _records(InvitationState.CHOSEN, InvitationState.DECLINED)


APPOINTMENT_SAMPLES = {
    HANDOVER_INVITATION.name: TextSample(needs=Permission.REFERRAL_READ, records=_records, shown=letters_on(_invitation)),
    HANDOVER_APPOINTMENT.name: TextSample(needs=Permission.REFERRAL_READ, records=_told, shown=letters_on(_appointment)),
    HOLDING_END.name: TextSample(needs=Permission.REFERRAL_READ, records=_held, shown=letters_on(_holding)),
}
