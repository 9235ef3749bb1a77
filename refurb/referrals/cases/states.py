"""The life cycles of a referral and of an allocation: two tables."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.referrals.cases.rules import has_answered, is_anothers, is_complete, partner_may_refer, waits_for_a_day, was_joined
from refurb.referrals.cases.schemas import (
    AllocationChosen,
    AnswerTold,
    Cancelled,
    HandedOver,
    HeldLonger,
    JoinedInto,
    QuestionTold,
    Refused,
)
from refurb.referrals.words import AllocationState, ReferralState

TELL_PRESCRIBER = "tell_prescriber"

R = ReferralState
A = AllocationState

referral_machine: Machine[ReferralState] = Machine(
    "referral",
    ReferralState,
    {
        R.DRAFT: Look(_lp("referral", "Brouillon"), "pen-line", "todo"),
        R.SUBMITTED: Look(_lp("referral", "Transmise"), "send", "work"),
        R.NEEDS_INFORMATION: Look(_lp("referral", "Information demandée"), "circle-help", "wait"),
        R.WAITING: Look(_l("En liste d'attente"), "clock", "wait"),
        R.ALLOCATED: Look(_lp("referral", "Appareil attribué"), "hand-heart", "ok"),
        R.SERVED: Look(_lp("referral", "Appareil remis"), "circle-check", "ok"),
        R.REFUSED: Look(_lp("referral", "Refusée"), "octagon-x", "stop"),
        R.WITHDRAWN: Look(_lp("referral", "Retirée"), "undo-2", "todo"),
    },
    (
        move("submit", R.DRAFT, R.SUBMITTED, P.REFERRAL_WRITE, _lp("referral", "Transmettre"), _l("Orientation transmise"), is_complete,
             partner_may_refer, has_answered, icon="send"),
        move("accept", R.SUBMITTED, R.WAITING, P.REFERRAL_DECIDE, _l("Mettre en liste d'attente"), _l("Mise en liste d'attente"),
             icon="check", whose=(is_anothers,)),
        move("ask", {R.SUBMITTED, R.WAITING}, R.NEEDS_INFORMATION, P.REFERRAL_DECIDE, _l("Demander une information"),
             _lp("referral", "Information demandée"), icon="circle-help", facts=QuestionTold, effects=(TELL_PRESCRIBER,), forward=False),
        move("answer", R.NEEDS_INFORMATION, R.SUBMITTED, P.REFERRAL_WRITE, _lp("referral", "Répondre"), _l("Réponse envoyée"), is_complete,
             icon="message-square", facts=AnswerTold),
        move("allocate", R.WAITING, R.ALLOCATED, P.ALLOCATION_WRITE, _lp("referral", "Attribuer"), _l("Appareil attribué"),
             icon="hand-heart", facts=AllocationChosen, effects=(TELL_PRESCRIBER,), whose=(is_anothers,)),
        # Fired by the end of an allocation: cancelled, come back unsigned, or handed over with its slip signed.
        move("requeue", R.ALLOCATED, R.WAITING, P.DEVICE_INTAKE, _l("Remettre en attente"), _l("Remise en liste d'attente"),
             icon="undo-2", effects=(TELL_PRESCRIBER,), forward=False, inner=True),
        move("serve", R.ALLOCATED, R.SERVED, P.HANDOVER_WRITE, _lp("referral", "Remettre"), _lp("referral", "Appareil remis"),
             icon="circle-check", effects=(TELL_PRESCRIBER,), inner=True, also=P.HOME_VISIT),
        move("refuse", {R.SUBMITTED, R.NEEDS_INFORMATION, R.WAITING}, R.REFUSED, P.REFERRAL_DECIDE, _lp("referral", "Refuser"),
             _l("Orientation refusée"), icon="octagon-x", facts=Refused, effects=(TELL_PRESCRIBER,), forward=False,
             whose=(is_anothers,)),
        # Fired where two households are one after all, and where they are parted again: one household asks once (`one_request`).
        move("join", {R.SUBMITTED, R.NEEDS_INFORMATION, R.WAITING}, R.WITHDRAWN, P.REFERRAL_DECIDE, _l("Joindre à l'autre demande"),
             _l("Jointe à une autre demande du même foyer"), icon="users", facts=JoinedInto, effects=(TELL_PRESCRIBER,), forward=False,
             inner=True),
        move("resume", R.WITHDRAWN, R.SUBMITTED, P.REFERRAL_DECIDE, _l("Reprendre la demande"), _l("De nouveau à part, à examiner"),
             was_joined, icon="undo-2", effects=(TELL_PRESCRIBER,), forward=False, inner=True),
        move("resume_waiting", R.WITHDRAWN, R.WAITING, P.REFERRAL_DECIDE, _l("Remettre en attente"), _l("De nouveau à part, à son rang"),
             was_joined, icon="undo-2", effects=(TELL_PRESCRIBER,), forward=False, inner=True),
        move("withdraw", {R.DRAFT, R.SUBMITTED, R.NEEDS_INFORMATION, R.WAITING}, R.WITHDRAWN, P.REFERRAL_WRITE, _l("Retirer l'orientation"),
             _l("Orientation retirée"), icon="undo-2", forward=False),
    ),
)  # fmt: skip

allocation_machine: Machine[AllocationState] = Machine(
    "allocation",
    AllocationState,
    {
        A.ACTIVE: Look(_lp("allocation", "À remettre"), "calendar-check", "work"),
        A.FULFILLED: Look(_lp("allocation", "Remis"), "circle-check", "ok"),
        A.CANCELLED: Look(_lp("allocation", "Annulée"), "ban", "todo"),
    },
    (
        move("hand_over", A.ACTIVE, A.FULFILLED, P.HANDOVER_WRITE, _lp("allocation", "Remettre"), _lp("allocation", "Appareil remis"),
             icon="hand-heart", facts=HandedOver, also=P.HOME_VISIT),
        move("cancel", A.ACTIVE, A.CANCELLED, P.ALLOCATION_WRITE, _l("Annuler l'attribution"), _lp("allocation", "Attribution annulée"),
             icon="ban", facts=Cancelled, forward=False),
        move("hold_longer", A.ACTIVE, A.ACTIVE, P.ALLOCATION_WRITE, _l("Garder plus longtemps"), _l("Réservation prolongée"),
             waits_for_a_day, icon="clock", facts=HeldLonger, forward=False),
        # Fired by the worker: nobody came for it, and nothing is arranged.
        move("lapse", A.ACTIVE, A.CANCELLED, P.ALLOCATION_WRITE, _lp("allocation", "Finir la réservation"),
             _lp("allocation", "Réservation finie"), icon="clock", forward=False, inner=True),
        # The device came back before its slip was signed: fired by its own return.
        move("come_back", A.FULFILLED, A.CANCELLED, P.DEVICE_INTAKE, _l("Revenu sans signature"), _l("Revenu sans signature"),
             icon="undo-2", forward=False, inner=True),
    ),
)  # fmt: skip
