"""The life cycle of an invitation to a ceremony: sent, then answered; a full room keeps who asks waiting."""

from refurb.ceremonies.guests.rules import has_not_left, is_on_the_list, is_still_planned, is_to_come, nobody_is_in
from refurb.ceremonies.guests.schemas import GuestComing
from refurb.ceremonies.guests.words import GuestAnswer
from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp

G = GuestAnswer
ANSWERABLE = {G.TO_SEND, G.INVITED, G.COMING, G.WAITING, G.DECLINED}

guest_machine: Machine[GuestAnswer] = Machine(
    "ceremony_invitation",
    GuestAnswer,
    {
        G.TO_SEND: Look(_lp("ceremony_invitation", "À inviter"), "mail", "todo"),
        G.INVITED: Look(_lp("ceremony_invitation", "Sans réponse"), "clock", "wait"),
        G.COMING: Look(_lp("ceremony_invitation", "Vient"), "user-check", "ok"),
        G.WAITING: Look(_lp("ceremony_invitation", "Attend une place"), "hourglass", "wait"),
        G.DECLINED: Look(_lp("ceremony_invitation", "Ne vient pas"), "user-x", "stop"),
        G.OFF: Look(_lp("ceremony_invitation", "Invitation retirée"), "ban", "stop"),
    },
    (
        move("send", G.TO_SEND, G.INVITED, P.CEREMONY_WRITE, _l("Envoyer l'invitation"), _l("Invitation envoyée"), is_still_planned,
             icon="send", back="unsend"),
        move("unsend", G.INVITED, G.TO_SEND, P.CEREMONY_WRITE, _l("Reprendre l'envoi"), _l("Envoi repris"), is_still_planned, has_not_left,
             icon="undo-2", forward=False),
        move("accept", ANSWERABLE, G.COMING, P.CEREMONY_WRITE, _lp("ceremony_invitation", "Vient"),
             _l("Vient, ses places sont gardées"), is_to_come,
             nobody_is_in, icon="user-check", facts=GuestComing, at="vient"),
        move("wait", ANSWERABLE, G.WAITING, P.CEREMONY_WRITE, _l("Mettre sur la liste d'attente"), _l("Sur la liste d'attente"), is_to_come,
             nobody_is_in, icon="hourglass", facts=GuestComing, forward=False),
        move("decline", ANSWERABLE - {G.DECLINED}, G.DECLINED, P.CEREMONY_WRITE, _lp("ceremony_invitation", "Ne vient pas"),
             _lp("ceremony_invitation", "Ne vient pas"),
             is_to_come, nobody_is_in, icon="user-x", forward=False, at="ne-vient-pas"),
        # Fired when the ceremony itself is called off.
        move("call_off", ANSWERABLE, G.OFF, P.CEREMONY_WRITE, _l("Cérémonie annulée"), _l("Cérémonie annulée"), icon="ban", forward=False,
             inner=True),
        move("withdraw", ANSWERABLE, G.OFF, P.CEREMONY_WRITE, _lp("ceremony_invitation", "Retirer l'invitation"),
             _lp("ceremony_invitation", "Invitation retirée"), is_still_planned, nobody_is_in, icon="ban", forward=False, at="retirer"),
        move("invite_again", G.OFF, G.TO_SEND, P.CEREMONY_WRITE, _l("Inviter de nouveau"), _l("Invitation à relire"), is_still_planned,
             is_on_the_list, icon="undo-2", forward=False, at="de-nouveau"),
    ),
)  # fmt: skip
