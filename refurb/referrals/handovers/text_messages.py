"""The short messages beside the letters of appointments: never a name, nor whom it helps."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale

from refurb.directory.queries import home
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import TextMessage, text_message
from refurb.documents.stops import stop_address
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.letters import About, NotTold
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _l
from refurb.referrals.cases.texting import about_text, said_to_family, text_to_family
from refurb.referrals.handovers.actions import MAIL_APPOINTMENT, MAIL_INVITATION
from refurb.referrals.handovers.effects import LANGUAGE, invitation_facts, own_address
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.shown import when_said, where_said
from refurb.referrals.handovers.texts import HANDOVER_INVITATION
from refurb.referrals.handovers.words import InvitationState, InvitedBy
from refurb.referrals.models import Referral


def invitation_text(invitation: HandoverInvitation) -> str:
    """The invitation in the words for a telephone."""
    facts = {
        "house": home().name,
        "stop": stop_address(Referral.KIND, invitation.allocation.referral_id),
        **invitation_facts(invitation, own_address(invitation)),
    }
    return HANDOVER_INVITATION.in_force().say("sms", **facts)


def _about(facts: Mapping[str, Any]) -> About | None:
    found = db.session.get(HandoverInvitation, facts["invitation_id"])
    return about_text(found.allocation.referral, "/rendez-vous") if found else None


@text_message(MAIL_INVITATION, SmsKind.HANDOVERS, _l("SMS d'invitation à venir chercher un appareil"), _about)
def text_invitation(*, invitation_id: int) -> TextMessage:
    """Send the invitation, unless it was answered or is over."""
    found = db.session.get(HandoverInvitation, invitation_id)
    if found is None or found.state is not InvitationState.INVITED:
        raise NotTold
    with force_locale(LANGUAGE):
        key = f"{MAIL_INVITATION}-{found.id}"
        return text_to_family(found.allocation.referral, key, invitation_text(found), chosen=found.invited_by is InvitedBy.SMS)


@text_message(MAIL_APPOINTMENT, SmsKind.HANDOVERS, _l("SMS : rendez-vous pour venir chercher un appareil"), _about)
def text_appointment(*, invitation_id: int, sequence: int, reminds: bool) -> TextMessage:
    """Tell the hour that was chosen, or that it is off; nothing once another was chosen, or it has begun."""
    found = db.session.get(HandoverInvitation, invitation_id)
    if found is None or found.sequence != sequence:
        raise NotTold
    referral, key = found.allocation.referral, f"{MAIL_APPOINTMENT}-{found.id}-{sequence}-{int(reminds)}"
    with force_locale(LANGUAGE):
        facts = {"phone": spell_phone(home().phone), "link": own_address(found)}
        if found.slot is not None and found.state is InvitationState.CHOSEN:
            if found.slot.starts_at <= now():
                raise NotTold
            facts |= {"when": when_said(found.slot), "where": where_said(found.slot, to_family=True)}
            said = said_to_family(referral, "appointment", **facts)
        elif found.state in {InvitationState.DECLINED, InvitationState.CLOSED}:
            said = said_to_family(referral, "appointment_off", **facts)
        else:
            raise NotTold
        return text_to_family(referral, key, said, chosen=found.invited_by is InvitedBy.SMS)
