"""The life cycle of an invitation: invited, an hour chosen, then came or not; declined with notice; expired without an answer."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.handovers.rules import has_begun
from refurb.referrals.handovers.schemas import Declined, HourChosen
from refurb.referrals.handovers.words import OPEN, InvitationState

TELL_PARTNER = "tell_partner_of_appointment"

S = InvitationState

invitation_machine: Machine[InvitationState] = Machine(
    "handover_invitation",
    InvitationState,
    {
        S.INVITED: Look(_lp("handover_invitation", "Invitée"), "send", "wait"),
        S.CHOSEN: Look(_lp("handover_invitation", "Rendez-vous pris"), "calendar-check", "ok"),
        S.DECLINED: Look(_lp("handover_invitation", "Ne vient pas, prévenu"), "message-square", "wait"),
        S.CAME: Look(_lp("handover_invitation", "Venue"), "circle-check", "ok"),
        S.ABSENT: Look(_lp("handover_invitation", "Absente, sans prévenir"), "circle", "stop"),
        S.EXPIRED: Look(_lp("handover_invitation", "Sans réponse"), "clock", "wait"),
        S.CLOSED: Look(_lp("handover_invitation", "Close"), "ban", "todo"),
    },
    (
        move("choose", {S.INVITED, S.DECLINED}, S.CHOSEN, P.REFERRAL_WRITE, _l("Choisir l'heure"), _l("Rendez-vous pris"),
             icon="calendar-check", facts=HourChosen, effects=(TELL_PARTNER,)),
        move("reschedule", S.CHOSEN, S.CHOSEN, P.REFERRAL_WRITE, _l("Déplacer le rendez-vous"), _lp("appointment", "Rendez-vous déplacé"),
             icon="calendar-days", facts=HourChosen, effects=(TELL_PARTNER,), forward=False),
        move("decline", {S.INVITED, S.CHOSEN}, S.DECLINED, P.REFERRAL_WRITE, _l("Elle ne vient pas"), _l("Ne vient pas, a prévenu"),
             icon="message-square", facts=Declined, effects=(TELL_PARTNER,), forward=False),
        move("miss", S.CHOSEN, S.ABSENT, P.HANDOVER_WRITE, _l("Absente, sans prévenir"), _l("Absente, sans prévenir"),
             has_begun, icon="circle", effects=(TELL_PARTNER,), forward=False, also=P.HOME_VISIT),
        # Fired by the hand-over itself, by the end of the allocation or another invitation, and by the worker.
        move("come", OPEN, S.CAME, P.HANDOVER_WRITE, _lp("handover_invitation", "Venue"), _l("Venue chercher l'appareil"),
             icon="circle-check", inner=True, also=P.HOME_VISIT),
        move("close", OPEN, S.CLOSED, P.HANDOVER_WRITE, _l("Clore l'invitation"), _l("Invitation close"), icon="ban", forward=False,
             inner=True),
        move("expire", {S.INVITED, S.DECLINED}, S.EXPIRED, P.HANDOVER_WRITE, _lp("handover_invitation", "Sans réponse"),
             _l("Sans réponse à la date dite"), icon="clock", effects=(TELL_PARTNER,), forward=False, inner=True),
    ),
)  # fmt: skip
