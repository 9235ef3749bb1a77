"""The life cycle of a loan. Late is no state: it is a question of date, and a query."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.deeds.unit_of_work import lock_once
from refurb.kernel.speech.words import _l, _lp
from refurb.lending.loans.rules import every_line_is_back
from refurb.lending.words import LoanState

L = LoanState


loan_machine: Machine[LoanState] = Machine(
    "loan",
    LoanState,
    {
        L.OPEN: Look(_lp("loan", "En cours"), "package-open", "work"),
        L.CLOSED: Look(_lp("loan", "Terminé"), "circle-check", "ok"),
    },
    (
        # Fired when the last line is back; nobody closes a loan by hand.
        move("close", L.OPEN, L.CLOSED, P.LOAN_WRITE, _l("Clore le prêt"), _l("Prêt clos"), every_line_is_back, icon="circle-check",
             inner=True),
        # A return that was a mistake is undone: something of the loan is out again.
        move("reopen", L.CLOSED, L.OPEN, P.LOAN_WRITE, _l("Rouvrir le prêt"), _l("Prêt rouvert, retour annulé"), icon="undo-2",
             forward=False, inner=True),
    ),
    hold=lock_once,
)  # fmt: skip
