"""The life cycles of a ceremony and of a family's turn in it: two tables."""

from refurb.ceremonies.rules import (
    its_ceremony_is_held,
    its_ceremony_is_planned,
    its_ceremony_is_to_come,
    nobody_is_expected,
    somebody_is_expected,
)
from refurb.ceremonies.schemas import BegunToday, Called, Signed
from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp

C = CeremonyState
A = Attendance

ceremony_machine: Machine[CeremonyState] = Machine(
    "ceremony",
    CeremonyState,
    {
        C.PLANNED: Look(_lp("ceremony", "Prévue"), "calendar-days", "todo"),
        C.HELD: Look(_lp("ceremony", "En cours"), "party-popper", "work"),
        C.CLOSED: Look(_lp("ceremony", "Close"), "circle-check", "ok"),
        C.CANCELLED: Look(_lp("ceremony", "Annulée"), "ban", "stop"),
    },
    (
        move("hold", C.PLANNED, C.HELD, P.CEREMONY_WRITE, _l("Commencer la cérémonie"), _l("Cérémonie commencée"), somebody_is_expected,
             icon="play", facts=BegunToday),
        move("close", C.HELD, C.CLOSED, P.CEREMONY_WRITE, _l("Clore la cérémonie"), _l("Cérémonie close"), nobody_is_expected,
             icon="circle-check"),
        move("cancel", C.PLANNED, C.CANCELLED, P.CEREMONY_WRITE, _l("Annuler la cérémonie"), _l("Cérémonie annulée"), icon="ban",
             facts=Called, forward=False),
    ),
)  # fmt: skip

turn_machine: Machine[Attendance] = Machine(
    "turn",
    Attendance,
    {
        A.EXPECTED: Look(_lp("turn", "Attendu"), "clock", "todo"),
        A.SERVED: Look(_lp("turn", "Remis"), "circle-check", "ok"),
        A.ABSENT: Look(_lp("turn", "Absent"), "user-x", "wait"),
        A.ALONE: Look(_lp("turn", "Préfère un rendez-vous"), "calendar-check", "wait"),
    },
    (
        move("hand_over", A.EXPECTED, A.SERVED, P.HANDOVER_WRITE, _lp("turn", "Remettre"), _lp("turn", "Appareil remis"),
             its_ceremony_is_held, icon="hand-heart", facts=Signed),
        move("miss", A.EXPECTED, A.ABSENT, P.CEREMONY_WRITE, _l("Noter absent"), _l("Absence notée"), its_ceremony_is_held,
             icon="user-x", forward=False, back="come_late"),
        move("come_late", A.ABSENT, A.EXPECTED, P.CEREMONY_WRITE, _l("Finalement là"), _l("Arrivée notée"), its_ceremony_is_held,
             icon="undo-2", forward=False, back="miss"),
        # Fired by what the family answers to its invitation.
        move("keep_apart", A.EXPECTED, A.ALONE, P.CEREMONY_WRITE, _l("Préfère un rendez-vous"), _l("Préfère un rendez-vous"),
             its_ceremony_is_planned, icon="calendar-check", forward=False, inner=True),
        move("bring_back", A.ALONE, A.EXPECTED, P.CEREMONY_WRITE, _l("Vient à la cérémonie"), _l("Vient à la cérémonie"),
             its_ceremony_is_to_come, icon="undo-2", forward=False, inner=True),
    ),
)  # fmt: skip
