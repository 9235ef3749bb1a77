"""The life cycle of a reservation: asked for, answered, fetched, brought back; or let go."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason
from refurb.lending.reservations.rules import answered_in_time, loans_are_not_suspended
from refurb.lending.reservations.words import TO_COME, UNANSWERED, ReservationState

R = ReservationState

reservation_machine: Machine[ReservationState] = Machine(
    "reservation",
    ReservationState,
    {
        R.PENDING: Look(_lp("reservation", "À décider"), "hourglass", "todo"),
        R.HELD: Look(_lp("reservation", "À confirmer"), "clock", "wait"),
        R.APPROVED: Look(_lp("reservation", "Réservé"), "calendar-check", "ok"),
        R.OUT: Look(_lp("reservation", "Sorti"), "package-open", "work"),
        R.DONE: Look(_lp("reservation", "Terminé"), "circle-check", "ok"),
        R.CANCELLED: Look(_lp("reservation", "Annulé"), "x", "todo"),
        R.REFUSED: Look(_lp("reservation", "Refusé"), "ban", "stop"),
        R.EXPIRED: Look(_lp("reservation", "Expiré"), "clock", "todo"),
        R.MISSED: Look(_l("Pas venu chercher"), "circle-help", "stop"),
    },
    (
        move("approve", R.PENDING, R.APPROVED, P.LOAN_WRITE, _lp("reservation", "Accepter"), _lp("reservation", "Acceptée"),
             answered_in_time, loans_are_not_suspended, icon="circle-check"),
        move("offer", R.PENDING, R.HELD, P.LOAN_WRITE, _l("Accepter, à confirmer"), _l("Acceptée, à confirmer par la personne"),
             answered_in_time, loans_are_not_suspended, icon="clock", forward=False),
        move("confirm", R.HELD, R.APPROVED, P.LOAN_WRITE, _lp("reservation", "Confirmer"), _lp("reservation", "Confirmée"),
             answered_in_time, loans_are_not_suspended, icon="circle-check"),
        move("refuse", R.PENDING, R.REFUSED, P.LOAN_WRITE, _lp("reservation", "Refuser"), _lp("reservation", "Refusée"), icon="ban",
             facts=Reason, forward=False),
        move("cancel", TO_COME, R.CANCELLED, P.LOAN_WRITE, _l("Annuler la réservation"), _lp("reservation", "Annulée"), icon="x",
             facts=Reason, forward=False),
        # Whoever asked online does it, by changing the days: `actions.change`.
        move("ask_again", {R.APPROVED, R.HELD}, R.PENDING, P.LOAN_WRITE, _lp("reservation", "Redemander"),
             _l("Changée par la personne, à décider de nouveau"), icon="hourglass", forward=False, inner=True),
        # Time does these: `actions.let_lapse`.
        move("expire", UNANSWERED, R.EXPIRED, P.LOAN_WRITE, _l("Laisser expirer"), _l("Expirée sans réponse"), icon="clock", inner=True),
        move("miss", R.APPROVED, R.MISSED, P.LOAN_WRITE, _l("Pas venu chercher"), _l("Personne n'est venu la chercher"),
             icon="circle-help", inner=True),
        # The counter does these: `actions.following`.
        move("leave", {R.APPROVED, R.HELD}, R.OUT, P.LOAN_WRITE, _lp("reservation", "Partir"), _l("Tout est parti"), icon="package-open",
             inner=True),
        move("come_back", {R.OUT, R.APPROVED}, R.DONE, P.LOAN_WRITE, _lp("reservation", "Revenir"), _l("Tout est revenu"),
             icon="circle-check", inner=True),
        move("leave_again", R.DONE, R.OUT, P.LOAN_WRITE, _lp("reservation", "Repartir"), _l("Retour annulé"), icon="undo-2", forward=False,
             inner=True),
    ),
)  # fmt: skip
