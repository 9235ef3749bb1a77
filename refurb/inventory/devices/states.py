"""The life cycle of a device: one table."""

from refurb.inventory.devices.rules import checks_passed, every_drive_is_clean, is_labelled, no_flag_is_raised
from refurb.inventory.devices.schemas.moves import Merging, Pooling, WasteExit
from refurb.inventory.words.devices import MERGEABLE, DeviceState
from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason

S = DeviceState

ENDING = frozenset({"strip", "discard", "refuse", "lose"})
"""The moves after which a machine is worked on no more: pages keep them behind « Autre chose », away from the thumb."""

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
        move("accept", S.RECEIVED, S.TO_ERASE, P.DEVICE_INTAKE, _l("Accepter au tri"), _l("Accepté au tri"), icon="check",
             back="sort_again"),
        # Before `start_erasure`, because the first open one is proposed: what came erased already needs no bench.
        move("finish_erasure", {S.TO_ERASE, S.ERASING}, S.TO_REFURBISH, P.DEVICE_ERASE, _l("Effacement terminé"), _l("Effacement vérifié"),
             every_drive_is_clean, icon="shield-check"),
        move("start_erasure", S.TO_ERASE, S.ERASING, P.DEVICE_ERASE, _l("Démarrer l'effacement"), _l("Effacement démarré"), icon="eraser"),
        move("start_tests", S.TO_REFURBISH, S.TESTING, P.DEVICE_CHECK, _l("Commencer les contrôles"), _l("Contrôles commencés"),
             icon="list-checks", back="back_to_bench"),
        move("pass_tests", S.TESTING, S.READY, P.DEVICE_APPROVE, _l("Déclarer prêt"), _l("Déclaré prêt"), every_drive_is_clean,
             checks_passed, is_labelled, no_flag_is_raised, icon="circle-check", back="back_to_bench"),
        move("back_to_bench", {S.TESTING, S.READY}, S.TO_REFURBISH, P.DEVICE_CHECK, _l("Renvoyer à l'atelier"), _l("Renvoyé à l'atelier"),
             icon="wrench", facts=Reason, forward=False, back="start_tests"),
        # Fired by referrals: an allocation reserves, its end releases or hands over.
        move("reserve", S.READY, S.RESERVED, P.ALLOCATION_WRITE, _lp("device", "Réserver"), _lp("device", "Réservé"), every_drive_is_clean,
             no_flag_is_raised, icon="calendar-check", forward=False, inner=True),
        move("release", S.RESERVED, S.READY, P.ALLOCATION_WRITE, _lp("device", "Libérer"), _lp("device", "Libéré"), every_drive_is_clean,
             icon="undo-2", forward=False, inner=True),
        # In place of `release`, when a drive that it once held has lost its proof meanwhile.
        move("recall", S.RESERVED, S.TO_REFURBISH, P.ALLOCATION_WRITE, _l("Rappeler à l'atelier"), _l("Rappelé à l'atelier"), icon="wrench",
             forward=False, inner=True),
        move("hand_over", S.RESERVED, S.HANDED_OVER, P.HANDOVER_WRITE, _lp("device", "Remettre"), _lp("device", "Remis"),
             every_drive_is_clean, no_flag_is_raised, icon="hand-heart", forward=False, inner=True, also=P.HOME_VISIT),
        # In place of `hand_over`, while the slip is still to be signed: once it is, `actions.handovers` writes the event `hand_over`.
        move("let_go", S.RESERVED, S.HANDED_OVER, P.HANDOVER_WRITE, _l("Remettre, bon à signer"), _l("Remis, bon à signer"),
             every_drive_is_clean, no_flag_is_raised, icon="pen-line", forward=False, inner=True, also=P.HOME_VISIT),
        # Lending makes the item that is lent, and puts it away again; in between, the item says whether it is out, broken or lost.
        move("join_pool", S.READY, S.IN_POOL, P.DEVICE_POOL, _l("Mettre au prêt"), _l("Mis au prêt"), every_drive_is_clean,
             no_flag_is_raised, icon="refresh-cw", facts=Pooling, forward=False),
        move("leave_pool", S.IN_POOL, S.TO_ERASE, P.DEVICE_POOL, _l("Retirer du prêt"), _l("Retiré du prêt"), icon="undo-2", forward=False),
        move("come_back", S.HANDED_OVER, S.RECEIVED, P.DEVICE_INTAKE, _l("Enregistrer un retour"), _l("Revenu, à effacer de nouveau"),
             icon="undo-2", facts=Reason, forward=False),
        move("strip", {S.RECEIVED, S.TO_ERASE, S.TO_REFURBISH, S.TESTING, S.READY}, S.PARTS, P.DEVICE_DISCARD, _l("Garder pour pièces"),
             _l("Gardé pour pièces"), icon="settings", facts=Reason, forward=False, back="take_up_again"),
        move("discard", {S.RECEIVED, S.TO_ERASE, S.ERASING, S.TO_REFURBISH, S.TESTING, S.READY, S.PARTS}, S.WASTE, P.DEVICE_DISCARD,
             _l("Mettre au rebut"), _l("Mis au rebut"), icon="recycle", facts=WasteExit, forward=False, back="take_up_again"),
        # What was pressed by mistake: the machine never left, so what was proven of it stands. What is in a batch of waste stays there.
        move("sort_again", S.TO_ERASE, S.RECEIVED, P.DEVICE_INTAKE, _l("Remettre au tri"), _l("Remis au tri"), icon="undo-2", facts=Reason,
             forward=False, back="accept"),
        move("take_up_again", {S.PARTS, S.WASTE}, S.RECEIVED, P.DEVICE_DISCARD, _l("Reprendre au tri"), _l("Repris au tri"), icon="undo-2",
             facts=Reason, forward=False),
        move("refuse", S.RECEIVED, S.REFUSED, P.DEVICE_INTAKE, _l("Refuser à l'arrivée"), _l("Refusé à l'arrivée"), icon="octagon-x",
             facts=Reason, forward=False),
        move("lose", {S.RECEIVED, S.TO_ERASE, S.TO_REFURBISH, S.TESTING, S.READY}, S.LOST, P.DEVICE_DISCARD,
             _lp("device", "Déclarer perdu"), _lp("device", "Déclaré perdu"), icon="circle-help", facts=Reason, forward=False),
        # Proposed at the scan: whoever scans the label of a lost device holds it.
        move("find", S.LOST, S.RECEIVED, P.DEVICE_INTAKE, _lp("device", "Déclarer retrouvé"), _l("Retrouvé, à effacer de nouveau"),
             icon="search"),
        # The same machine had two records. Which of them remains is said on a page of its own.
        move("merge", MERGEABLE, S.MERGED, P.DEVICE_MERGE, _l("Réunir à une autre fiche"), _l("Réuni à une autre fiche"),
             icon="link-2", facts=Merging, forward=False, inner=True),
    ),
)  # fmt: skip
