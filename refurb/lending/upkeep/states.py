"""The life cycle of a ticket: to do, done or dropped."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason
from refurb.lending.upkeep.schemas import Finished
from refurb.lending.upkeep.words import UpkeepState

U = UpkeepState


upkeep_machine: Machine[UpkeepState] = Machine(
    "upkeep",
    UpkeepState,
    {
        U.OPEN: Look(_lp("upkeep", "À faire"), "wrench", "wait"),
        U.DONE: Look(_lp("upkeep", "Fait"), "circle-check", "ok"),
        U.DROPPED: Look(_lp("upkeep", "Laissé"), "ban", "todo"),
    },
    (
        move("finish", U.OPEN, U.DONE, P.ITEM_WRITE, _l("Noter que c'est fait"), _lp("upkeep", "Fait"), icon="circle-check", facts=Finished,
             back="reopen"),
        move("drop", U.OPEN, U.DROPPED, P.ITEM_WRITE, _lp("upkeep", "Ne pas le faire"), _lp("upkeep", "Laissé"), icon="ban", facts=Reason,
             forward=False, back="reopen"),
        # What was settled is open again: what its plan opened next meanwhile gives way to it.
        move("give_way", U.OPEN, U.DROPPED, P.ITEM_WRITE, _lp("upkeep", "Laisser la place"), _l("Laissé : le précédent est rouvert"),
             icon="ban", forward=False, inner=True),
        move("reopen", {U.DONE, U.DROPPED}, U.OPEN, P.ITEM_WRITE, _lp("upkeep", "Rouvrir"), _lp("upkeep", "Rouvert"), icon="undo-2",
             facts=Reason, forward=False),
    ),
)  # fmt: skip
