"""The life cycle of somebody who waits: asked, offered, taken; or let go."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.lending.waits.words import WaitState

W = WaitState

wait_machine: Machine[WaitState] = Machine(
    "wait",
    WaitState,
    {
        W.WAITING: Look(_lp("wait", "En attente"), "hourglass", "wait"),
        W.OFFERED: Look(_lp("wait", "Proposé"), "clock", "work"),
        W.TAKEN: Look(_lp("wait", "Servi"), "circle-check", "ok"),
        W.LAPSED: Look(_lp("wait", "Passé"), "clock", "todo"),
        W.WITHDRAWN: Look(_lp("wait", "Retiré"), "x", "todo"),
    },
    (
        # What is free again does this: `actions.serve_waits`.
        move("offer", W.WAITING, W.OFFERED, P.LOAN_WRITE, _lp("wait", "Proposer"), _l("Une place s'est libérée : proposée"), icon="clock",
             inner=True),
        # The answer to what was offered does these, or the days that pass.
        move("take", W.OFFERED, W.TAKEN, P.LOAN_WRITE, _lp("wait", "Servir"), _l("La place est prise"), icon="circle-check", inner=True),
        move("lapse", {W.WAITING, W.OFFERED}, W.LAPSED, P.LOAN_WRITE, _l("Laisser passer"), _l("La place est passée au suivant"),
             icon="clock", inner=True),
        move("withdraw", W.WAITING, W.WITHDRAWN, P.LOAN_WRITE, _l("Retirer de la liste"), _l("Retiré de la liste d'attente"), icon="x"),
    ),
)  # fmt: skip
