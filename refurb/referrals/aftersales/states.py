"""The life cycle of a ticket: one table."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason
from refurb.referrals.aftersales.rules import is_not_swapped, is_remembered, is_to_swap, is_with_the_family
from refurb.referrals.aftersales.schemas import Advised, Appointed, Closed, Mended, Swapped, TakenBack, TakenIn
from refurb.referrals.aftersales.words import TicketState

TELL_PARTNER_OF_TICKET = "tell_partner_of_ticket"

T = TicketState
_TOLD = (TELL_PARTNER_OF_TICKET,)
_UNSETTLED = (T.OPEN, T.ADVISED, T.APPOINTED, T.REPAIR)

ticket_machine: Machine[TicketState] = Machine(
    "ticket",
    TicketState,
    {
        T.OPEN: Look(_lp("ticket", "Signalée"), "megaphone", "stop"),
        T.ADVISED: Look(_lp("ticket", "Conseil donné"), "message-square", "wait"),
        T.APPOINTED: Look(_lp("ticket", "Rendez-vous"), "calendar-check", "work"),
        T.REPAIR: Look(_lp("ticket", "Chez nous"), "wrench", "work"),
        T.SWAP: Look(_l("Échange à remettre"), "refresh-cw", "work"),
        T.TAKEN_BACK: Look(_lp("ticket", "Repris"), "undo-2", "wait"),
        T.CLOSED: Look(_lp("ticket", "Close"), "circle-check", "ok"),
    },
    (
        move("advise", {T.OPEN, T.APPOINTED}, T.ADVISED, P.TICKET_WRITE, _l("Noter un conseil"), _lp("ticket", "Conseil donné"),
             is_remembered, icon="message-square", facts=Advised, effects=_TOLD),
        move("appoint", {T.OPEN, T.ADVISED, T.APPOINTED}, T.APPOINTED, P.TICKET_WRITE, _l("Donner un rendez-vous"), _l("Rendez-vous donné"),
             is_remembered, icon="calendar-check", facts=Appointed, effects=_TOLD),
        move("take_in", {T.OPEN, T.ADVISED, T.APPOINTED}, T.REPAIR, P.TICKET_WORK, _l("Noter que la machine est déposée"),
             _l("Machine déposée"), icon="package-open", facts=TakenIn, effects=_TOLD),
        move("mend", T.REPAIR, T.CLOSED, P.TICKET_WORK, _l("Réparée, rendue"), _l("Réparée et rendue"), icon="wrench", facts=Mended,
             effects=_TOLD, back="reopen"),
        # What comes back is erased again; what goes out is handed over like any other.
        move("swap", set(_UNSETTLED), T.SWAP, P.ALLOCATION_WRITE, _l("Échanger contre un appareil prêt"), _l("Échange décidé"),
             is_to_swap, icon="refresh-cw", facts=Swapped, effects=_TOLD, forward=False),
        move("take_back", set(_UNSETTLED), T.TAKEN_BACK, P.DEVICE_INTAKE, _l("Reprendre, sans échange"), _l("Repris, à effacer de nouveau"),
             is_with_the_family, icon="undo-2", facts=TakenBack, effects=_TOLD, forward=False),
        move("close", {*_UNSETTLED, T.TAKEN_BACK}, T.CLOSED, P.TICKET_WRITE, _l("Clore la panne"), _l("Panne close"), icon="circle-check",
             facts=Closed, effects=_TOLD, forward=False, back="reopen"),
        move("reopen", T.CLOSED, T.OPEN, P.TICKET_WRITE, _lp("ticket", "Rouvrir"), _l("Panne rouverte"), is_remembered,
             is_not_swapped, icon="undo-2", facts=Reason, effects=_TOLD, forward=False),
        # Fired by what becomes of the allocation: handed over; called off, or come back before its slip was signed.
        move("swapped", T.SWAP, T.CLOSED, P.HANDOVER_WRITE, _l("Remettre l'échange"), _l("Échange remis"), icon="hand-heart",
             effects=_TOLD, inner=True, also=P.HOME_VISIT),
        move("swap_off", {T.SWAP, T.CLOSED}, T.OPEN, P.DEVICE_INTAKE, _l("Annuler l'échange"), _l("Échange annulé"), icon="undo-2",
             effects=_TOLD, forward=False, inner=True),
    ),
)  # fmt: skip
