"""The life cycle of a passage: one table. What follows from the rule alone is made anew, without a deed of its own."""

from refurb.directory.rota.rules import its_day_has_come, its_day_is_to_come
from refurb.directory.rota.schemas import CancelledBecause, MovedTo
from refurb.directory.rota.words import PassageState
from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp

S = PassageState

passage_machine: Machine[PassageState] = Machine(
    "passage",
    PassageState,
    {
        S.PLANNED: Look(_lp("passage", "Prévu"), "bus", "todo"),
        S.MOVED: Look(_lp("passage", "Reporté"), "calendar-days", "wait"),
        S.CANCELLED: Look(_lp("passage", "Annulé"), "calendar-x", "stop"),
        S.DONE: Look(_lp("passage", "Fait"), "circle-check", "ok"),
    },
    (
        move("finish", S.PLANNED, S.DONE, P.ROTA_WRITE, _l("Passage fait"), _l("Passage fait"), its_day_has_come, icon="circle-check",
             back="reopen", at="fait"),
        move("reopen", S.DONE, S.PLANNED, P.ROTA_WRITE, _l("Pas fait, finalement"), _l("Passage noté comme pas fait"), icon="undo-2",
             forward=False, back="finish"),
        move("move", S.PLANNED, S.MOVED, P.ROTA_WRITE, _l("Reporter ce passage"), _l("Passage reporté"), its_day_is_to_come,
             icon="calendar-days", facts=MovedTo, forward=False, at="reporter", back="reinstate"),
        move("cancel", S.PLANNED, S.CANCELLED, P.ROTA_WRITE, _l("Annuler ce passage"), _l("Passage annulé"), its_day_is_to_come,
             icon="calendar-x", facts=CancelledBecause, forward=False, at="annuler", back="reinstate"),
        move("reinstate", {S.CANCELLED, S.MOVED}, S.PLANNED, P.ROTA_WRITE, _l("Rétablir ce passage"), _l("Passage rétabli"),
             its_day_is_to_come, icon="undo-2", forward=False, at="retablir"),
    ),
)  # fmt: skip
