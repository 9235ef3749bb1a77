"""The life cycle of an organisation's request: one table."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.endowments.rules import has_its_convention, has_machines, is_anothers_request
from refurb.referrals.endowments.schemas import EndowmentGranted, EndowmentHanded, EndowmentOff, EndowmentRefused

TELL_ENDOWMENT = "tell_endowment"

E = EndowmentState
_TOLD = (TELL_ENDOWMENT,)

endowment_machine: Machine[EndowmentState] = Machine(
    "endowment",
    EndowmentState,
    {
        E.ASKED: Look(_lp("endowment", "À décider"), "inbox", "wait"),
        E.GRANTED: Look(_lp("endowment", "Accordée, à remettre"), "calendar-check", "work"),
        E.GIVEN: Look(_lp("endowment", "Remise"), "circle-check", "ok"),
        E.REFUSED: Look(_lp("endowment", "Refusée"), "octagon-x", "stop"),
        E.WITHDRAWN: Look(_lp("endowment", "Retirée"), "undo-2", "todo"),
    },
    (
        move("grant", E.ASKED, E.GRANTED, P.ALLOCATION_WRITE, _lp("endowment", "Accorder"),
             _lp("endowment", "Accordée, appareils réservés"), icon="check", facts=EndowmentGranted, effects=_TOLD,
             whose=(is_anothers_request,)),
        move("hand_over", E.GRANTED, E.GIVEN, P.HANDOVER_WRITE, _lp("endowment", "Remettre les appareils"),
             _lp("endowment", "Appareils remis"), has_machines, has_its_convention, icon="hand-heart", facts=EndowmentHanded,
             effects=_TOLD),
        move("refuse", E.ASKED, E.REFUSED, P.REFERRAL_DECIDE, _lp("endowment", "Refuser"), _lp("endowment", "Demande refusée"),
             icon="octagon-x", facts=EndowmentRefused, effects=_TOLD, forward=False, whose=(is_anothers_request,)),
        move("call_off", E.GRANTED, E.ASKED, P.ALLOCATION_WRITE, _l("Annuler la réservation"),
             _lp("endowment", "Réservation annulée, à décider de nouveau"), icon="ban", facts=EndowmentOff, effects=_TOLD, forward=False),
        move("withdraw", {E.ASKED, E.GRANTED}, E.WITHDRAWN, P.REFERRAL_WRITE, _l("Retirer la demande"),
             _lp("endowment", "Demande retirée"), icon="undo-2", forward=False),
        # Fired by the worker, once nobody came for what was reserved.
        move("lapse", E.GRANTED, E.ASKED, P.ALLOCATION_WRITE, _lp("endowment", "Finir la réservation"),
             _lp("endowment", "Réservation finie, à décider de nouveau"), icon="clock", effects=_TOLD, forward=False, inner=True),
        # Fired by the return of the last of its machines before the slip was signed.
        move("come_back", E.GIVEN, E.ASKED, P.DEVICE_INTAKE, _lp("endowment", "Revenus sans signature"),
             _lp("endowment", "Appareils revenus sans signature"), icon="undo-2", effects=_TOLD, forward=False, inner=True),
    ),
)  # fmt: skip
