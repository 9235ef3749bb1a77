"""The life cycle of a slot: held, booked, running, done; or let go."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason
from refurb.lending.machines.rules import has_begun
from refurb.lending.machines.schemas import SessionTold
from refurb.lending.machines.words import TO_COME, SlotState

S = SlotState

slot_machine: Machine[SlotState] = Machine(
    "machine_slot",
    SlotState,
    {
        S.HELD: Look(_lp("machine_slot", "À confirmer"), "clock", "wait"),
        S.BOOKED: Look(_lp("machine_slot", "Réservé"), "calendar-check", "ok"),
        S.RUNNING: Look(_lp("machine_slot", "En marche"), "loader", "work"),
        S.DONE: Look(_lp("machine_slot", "Terminé"), "circle-check", "ok"),
        S.CANCELLED: Look(_lp("machine_slot", "Annulé"), "x", "todo"),
        S.MISSED: Look(_lp("machine_slot", "Non venu"), "circle", "todo"),
    },
    (
        move("confirm", S.HELD, S.BOOKED, P.MACHINE_WRITE, _lp("machine_slot", "Confirmer"), _lp("machine_slot", "Confirmé"), icon="check"),
        move("start", TO_COME, S.RUNNING, P.MACHINE_WRITE, _l("Commencer la séance"), _l("Séance commencée"), icon="play"),
        move("finish", S.RUNNING, S.DONE, P.MACHINE_WRITE, _l("Finir la séance"), _l("Séance finie"), icon="check", facts=SessionTold),
        move("miss", TO_COME, S.MISSED, P.MACHINE_WRITE, _lp("machine_slot", "Non venu"),
             _l("Personne n'est venu, créneau rendu"), has_begun, icon="circle", forward=False),
        move("cancel", TO_COME, S.CANCELLED, P.MACHINE_WRITE, _l("Annuler le créneau"), _l("Créneau annulé"), icon="x", facts=Reason,
             forward=False),
    ),
)  # fmt: skip
