"""The life cycles of a donation and of a device: two tables."""

from refurb.inventory.rules import (
    checks_passed,
    every_drive_is_clean,
    gift_is_accepted,
    is_labelled,
    no_flag_is_raised,
    something_was_counted,
)
from refurb.inventory.schemas import Appointment, Count, DonationRefused, DonorAnswered, DonorAsked, Merging, Pooling, Reason, WasteExit
from refurb.inventory.words import AT_BENCH, DeviceState, DonationState
from refurb.kernel.access import Permission as P
from refurb.kernel.machine import Look, Machine, move
from refurb.kernel.words import _l, _lp

# What follows when a donor has to know: a mail that says where the donation stands.
TELL_DONOR = "tell_donor"

D = DonationState
S = DeviceState

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
             effects=(TELL_DONOR,)),
        move("ask", D.ANNOUNCED, D.NEEDS_INFORMATION, P.DONATION_WRITE, _l("Demander une information"),
             _lp("donation", "Information demandée"), icon="message-square", facts=DonorAsked, effects=(TELL_DONOR,), forward=False),
        move("answer", D.NEEDS_INFORMATION, D.ANNOUNCED, P.DONATION_WRITE, _l("Noter la réponse"), _l("Réponse du donateur reçue"),
             icon="message-square", facts=DonorAnswered),
        move("schedule", {D.ANNOUNCED, D.ACCEPTED}, D.SCHEDULED, P.DONATION_WRITE, _l("Fixer le rendez-vous"), _l("Rendez-vous fixé"),
             icon="calendar-check", facts=Appointment, effects=(TELL_DONOR,)),
        move("receive", {D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED}, D.RECEIVED, P.DONATION_WRITE,
             _lp("donation", "Réceptionner"), _l("Don réceptionné"), icon="truck", facts=Count),
        move("reschedule", D.SCHEDULED, D.SCHEDULED, P.DONATION_WRITE, _l("Déplacer le rendez-vous"), _l("Rendez-vous déplacé"),
             icon="calendar-days", facts=Appointment, effects=(TELL_DONOR,), forward=False),
        move("sort", D.RECEIVED, D.SORTED, P.DONATION_WRITE, _l("Tri terminé"), _l("Tri terminé"), something_was_counted,
             icon="list-checks"),
        move("close", {D.RECEIVED, D.SORTED}, D.CLOSED, P.DONATION_WRITE, _l("Clore le don"), _l("Don clos"), something_was_counted,
             gift_is_accepted, icon="circle-check"),
        move("refuse", {D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED}, D.REFUSED, P.DONATION_WRITE, _lp("donation", "Refuser"),
             _l("Don refusé"), icon="octagon-x", facts=DonationRefused, effects=(TELL_DONOR,), forward=False),
        move("cancel", {D.ANNOUNCED, D.NEEDS_INFORMATION, D.ACCEPTED, D.SCHEDULED}, D.CANCELLED, P.DONATION_WRITE,
             _lp("donation", "Annuler"), _l("Don annulé"), icon="ban", facts=Reason, effects=(TELL_DONOR,), forward=False),
    ),
)  # fmt: skip

device_machine: Machine[DeviceState] = Machine(
    "device",
    DeviceState,
    {
        S.RECEIVED: Look(_lp("device", "Reçu"), "package", "todo"),
        S.TO_ERASE: Look(_lp("device", "À effacer"), "eraser", "todo"),
        S.ERASING: Look(_l("Effacement en cours"), "loader", "work"),
        S.TO_REFURBISH: Look(_l("À remettre en état"), "wrench", "todo"),
        S.TESTING: Look(_l("Contrôles en cours"), "list-checks", "work"),
        S.READY: Look(_lp("device", "Prêt"), "circle-check", "ok"),
        S.RESERVED: Look(_lp("device", "Réservé"), "calendar-check", "ok"),
        S.HANDED_OVER: Look(_lp("device", "Remis"), "hand-heart", "ok"),
        S.IN_POOL: Look(_lp("device", "Au prêt"), "refresh-cw", "ok"),
        S.PARTS: Look(_lp("device", "Pour pièces"), "settings", "wait"),
        S.WASTE: Look(_lp("device", "Au rebut"), "recycle", "wait"),
        S.LOST: Look(_lp("device", "Perdu"), "circle-help", "stop"),
        S.REFUSED: Look(_l("Refusé à l'arrivée"), "octagon-x", "stop"),
        S.MERGED: Look(_lp("device", "Doublon réuni"), "link-2", "todo"),
    },
    (
        move("accept", S.RECEIVED, S.TO_ERASE, P.DEVICE_INTAKE, _l("Accepter au tri"), _l("Accepté au tri"), icon="check"),
        # Before `start_erasure`, because the first open one is proposed: what came erased already needs no bench.
        move("finish_erasure", {S.TO_ERASE, S.ERASING}, S.TO_REFURBISH, P.DEVICE_ERASE, _l("Effacement terminé"), _l("Effacement vérifié"),
             every_drive_is_clean, icon="shield-check"),
        move("start_erasure", S.TO_ERASE, S.ERASING, P.DEVICE_ERASE, _l("Démarrer l'effacement"), _l("Effacement démarré"), icon="eraser"),
        move("start_tests", S.TO_REFURBISH, S.TESTING, P.DEVICE_CHECK, _l("Commencer les contrôles"), _l("Contrôles commencés"),
             icon="list-checks"),
        move("pass_tests", S.TESTING, S.READY, P.DEVICE_APPROVE, _l("Déclarer prêt"), _l("Déclaré prêt"), every_drive_is_clean,
             checks_passed, is_labelled, no_flag_is_raised, icon="circle-check"),
        move("back_to_bench", {S.TESTING, S.READY}, S.TO_REFURBISH, P.DEVICE_CHECK, _l("Renvoyer à l'atelier"), _l("Renvoyé à l'atelier"),
             icon="wrench", facts=Reason, forward=False),
        # Fired by referrals: an allocation reserves, its end releases or hands over.
        move("reserve", S.READY, S.RESERVED, P.ALLOCATION_WRITE, _lp("device", "Réserver"), _lp("device", "Réservé"), every_drive_is_clean,
             no_flag_is_raised, icon="calendar-check", forward=False, inner=True),
        move("release", S.RESERVED, S.READY, P.ALLOCATION_WRITE, _lp("device", "Libérer"), _lp("device", "Libéré"), every_drive_is_clean,
             icon="undo-2", forward=False, inner=True),
        # In place of `release`, when a drive that it once held has lost its proof meanwhile.
        move("recall", S.RESERVED, S.TO_REFURBISH, P.ALLOCATION_WRITE, _l("Rappeler à l'atelier"), _l("Rappelé à l'atelier"), icon="wrench",
             forward=False, inner=True),
        move("hand_over", S.RESERVED, S.HANDED_OVER, P.HANDOVER_WRITE, _lp("device", "Remettre"), _lp("device", "Remis"),
             every_drive_is_clean, no_flag_is_raised, icon="hand-heart", forward=False, inner=True),
        # Lending makes the item that is lent, and puts it away again; in between, the item says whether it is out, broken or lost.
        move("join_pool", S.READY, S.IN_POOL, P.DEVICE_POOL, _l("Mettre au prêt"), _l("Mis au prêt"), every_drive_is_clean,
             no_flag_is_raised, icon="refresh-cw", facts=Pooling, forward=False),
        move("leave_pool", S.IN_POOL, S.TO_ERASE, P.DEVICE_POOL, _l("Retirer du prêt"), _l("Retiré du prêt"), icon="undo-2", forward=False),
        move("come_back", S.HANDED_OVER, S.RECEIVED, P.DEVICE_INTAKE, _l("Enregistrer un retour"), _l("Revenu, à effacer de nouveau"),
             icon="undo-2", facts=Reason, forward=False),
        move("strip", {S.RECEIVED, S.TO_ERASE, S.TO_REFURBISH, S.TESTING, S.READY}, S.PARTS, P.DEVICE_DISCARD, _l("Garder pour pièces"),
             _l("Gardé pour pièces"), icon="settings", facts=Reason, forward=False),
        move("discard", {S.RECEIVED, S.TO_ERASE, S.ERASING, S.TO_REFURBISH, S.TESTING, S.READY, S.PARTS}, S.WASTE, P.DEVICE_DISCARD,
             _l("Mettre au rebut"), _l("Mis au rebut"), icon="recycle", facts=WasteExit, forward=False),
        move("refuse", S.RECEIVED, S.REFUSED, P.DEVICE_INTAKE, _l("Refuser à l'arrivée"), _l("Refusé à l'arrivée"), icon="octagon-x",
             facts=Reason, forward=False),
        move("lose", {S.RECEIVED, S.TO_ERASE, S.TO_REFURBISH, S.TESTING, S.READY}, S.LOST, P.DEVICE_DISCARD,
             _lp("device", "Déclarer perdu"), _lp("device", "Déclaré perdu"), icon="circle-help", facts=Reason, forward=False),
        # Proposed at the scan: whoever scans the label of a lost device holds it.
        move("find", S.LOST, S.RECEIVED, P.DEVICE_INTAKE, _lp("device", "Déclarer retrouvé"), _l("Retrouvé, à effacer de nouveau"),
             icon="search"),
        # The same machine had two records. Which of them remains is said on a page of its own.
        move("merge", {*AT_BENCH, S.READY}, S.MERGED, P.DEVICE_MERGE, _l("Réunir à une autre fiche"), _l("Réuni à une autre fiche"),
             icon="link-2", facts=Merging, forward=False, inner=True),
    ),
)  # fmt: skip
