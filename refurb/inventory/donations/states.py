"""The life cycle of a donation: one table."""

from refurb.inventory.donations.rules import every_machine_is_sorted, gift_is_accepted, something_was_counted
from refurb.inventory.donations.schemas.counts import Count, StockTaken
from refurb.inventory.donations.schemas.intake import AppointmentFacts, DonationRefused, DonorAnswered, DonorAsked
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason

# What follows when a donor has to know: a mail that says where the donation stands.
TELL_DONOR = "tell_donor"


D = DonationState


donation_machine: Machine[DonationState] = Machine(
    "donation",
    DonationState,
    {
        D.ANNOUNCED: Look(_lp("donation", "Annoncé"), "gift", "todo"),
        D.NEEDS_INFORMATION: Look(_lp("donation", "Information demandée"), "message-square", "wait"),
        D.ACCEPTED: Look(_l("Accepté, rendez-vous à fixer"), "handshake", "ok"),
        D.SCHEDULED: Look(_lp("donation", "Rendez-vous pris"), "calendar-check", "work"),
        D.RECEIVED: Look(_lp("donation", "Reçu"), "truck", "work"),
        D.SORTED: Look(_lp("donation", "Trié"), "list-checks", "work"),
        D.CLOSED: Look(_lp("donation", "Clos"), "circle-check", "ok"),
        D.REFUSED: Look(_lp("donation", "Refusé"), "octagon-x", "stop"),
        D.CANCELLED: Look(_lp("donation", "Annulé"), "ban", "todo"),
    },
    (
        # What is announced is looked at before it is fetched: only what is inspected and chosen stays outside the law of waste.
        move("accept", D.ANNOUNCED, D.ACCEPTED, P.DONATION_WRITE, _l("Accepter le don"), _l("Don accepté"), icon="circle-check",
             effects=(TELL_DONOR,), back="withdraw_acceptance"),
        move("ask", D.ANNOUNCED, D.NEEDS_INFORMATION, P.DONATION_WRITE, _l("Demander une information"),
             _lp("donation", "Information demandée"), icon="message-square", facts=DonorAsked, effects=(TELL_DONOR,), forward=False),
        move("answer", D.NEEDS_INFORMATION, D.ANNOUNCED, P.DONATION_WRITE, _l("Noter la réponse"), _l("Réponse du donateur reçue"),
             icon="message-square", facts=DonorAnswered),
        move("schedule", {D.ANNOUNCED, D.ACCEPTED}, D.SCHEDULED, P.DONATION_WRITE, _l("Fixer le rendez-vous"), _l("Rendez-vous fixé"),
             icon="calendar-check", facts=AppointmentFacts, effects=(TELL_DONOR,)),
        move("receive", {D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED}, D.RECEIVED, P.DONATION_RECEIVE,
             _lp("donation", "Réceptionner"), _l("Don réceptionné"), icon="truck", facts=Count, effects=(TELL_DONOR,)),
        # What stood here before this service did: a file says so, nobody is written to.
        move("take_stock", D.ANNOUNCED, D.RECEIVED, P.DONATION_WRITE, _l("Reprendre le matériel déjà là"),
             _l("Matériel déjà là, repris d'un fichier"), icon="archive", facts=StockTaken, forward=False, inner=True),
        move("reschedule", D.SCHEDULED, D.SCHEDULED, P.DONATION_WRITE, _l("Déplacer le rendez-vous"), _l("Rendez-vous déplacé"),
             icon="calendar-days", facts=AppointmentFacts, effects=(TELL_DONOR,), forward=False),
        move("sort", D.RECEIVED, D.SORTED, P.DONATION_WRITE, _l("Tri terminé"), _l("Tri terminé"), something_was_counted,
             every_machine_is_sorted, icon="list-checks", back="sort_again"),
        move("close", {D.RECEIVED, D.SORTED}, D.CLOSED, P.DONATION_WRITE, _l("Clore le don"), _l("Don clos"), something_was_counted,
             every_machine_is_sorted, gift_is_accepted, icon="circle-check", back="reopen"),
        # What was pressed by mistake is taken back by name and with a reason; papers that were issued meanwhile stay as they are.
        move("withdraw_acceptance", D.ACCEPTED, D.ANNOUNCED, P.DONATION_WRITE, _l("Revenir sur l'acceptation"),
             _l("Acceptation retirée"), icon="undo-2", facts=Reason, forward=False),
        move("sort_again", D.SORTED, D.RECEIVED, P.DONATION_WRITE, _l("Reprendre le tri"), _l("Tri repris"), icon="undo-2", facts=Reason,
             forward=False, back="sort"),
        move("reopen", D.CLOSED, D.SORTED, P.DONATION_WRITE, _l("Rouvrir le don"), _l("Don rouvert"), icon="undo-2", facts=Reason,
             forward=False, back="close"),
        move("refuse", {D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED}, D.REFUSED, P.DONATION_WRITE, _lp("donation", "Refuser"),
             _l("Don refusé"), icon="octagon-x", facts=DonationRefused, effects=(TELL_DONOR,), forward=False),
        move("cancel", {D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED}, D.CANCELLED, P.DONATION_WRITE,
             _lp("donation", "Annuler"), _l("Don annulé"), icon="ban", facts=Reason, effects=(TELL_DONOR,), forward=False),
    ),
)  # fmt: skip
