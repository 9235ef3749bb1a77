"""The life cycle of a thing to lend."""

from refurb.kernel.deeds.access import Permission as P
from refurb.kernel.deeds.machine import Look, Machine, move
from refurb.kernel.deeds.unit_of_work import lock_once
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.facts import Reason
from refurb.lending.items.rules import belongs_to_no_device, is_home, nothing_indispensable_is_missing
from refurb.lending.items.schemas import Checked, Completed, Leaving, MissingTold, Returning, Undone
from refurb.lending.words import UNDOABLE, ItemState

S = ItemState


item_machine: Machine[ItemState] = Machine(
    "item",
    ItemState,
    {
        S.AVAILABLE: Look(_lp("item", "Disponible"), "circle-check", "ok"),
        S.LENT: Look(_lp("item", "Sorti"), "package-open", "work"),
        S.TO_CHECK: Look(_lp("item", "À vérifier"), "list-checks", "todo"),
        S.INCOMPLETE: Look(_lp("item", "Incomplet"), "triangle-alert", "wait"),
        S.IN_REPAIR: Look(_lp("item", "En réparation"), "wrench", "wait"),
        S.LOST: Look(_lp("item", "Perdu"), "circle-help", "stop"),
        S.RETIRED: Look(_l("Retiré du prêt"), "ban", "todo"),
    },
    (
        # A loan takes it out and brings it in: `actions.loans`.
        move("lend", S.AVAILABLE, S.LENT, P.LOAN_WRITE, _lp("item", "Prêter"), _lp("item", "Prêté"), icon="package-open", facts=Leaving,
             inner=True),
        move("take_back", S.LENT, S.TO_CHECK, P.LOAN_WRITE, _lp("item", "Reprendre"), _l("Rendu complet"), icon="undo-2", facts=Returning,
             inner=True),
        move("take_back_incomplete", S.LENT, S.INCOMPLETE, P.LOAN_WRITE, _lp("item", "Reprendre"), _l("Rendu incomplet"),
             icon="triangle-alert", facts=Returning, inner=True),
        move("take_back_damaged", S.LENT, S.TO_CHECK, P.LOAN_WRITE, _lp("item", "Reprendre"), _lp("item", "Rendu abîmé"),
             icon="triangle-alert", facts=Returning, inner=True),
        # A return that was a mistake, while the thing is here: the line of its loan is out again.
        move("undo_return", UNDOABLE, S.LENT, P.LOAN_WRITE, _l("Annuler le retour"),
             _l("Retour annulé"), icon="undo-2", facts=Undone, forward=False, inner=True),
        move("check", S.TO_CHECK, S.AVAILABLE, P.ITEM_WRITE, _l("Remettre au prêt"), _l("Vérifié, de nouveau disponible"), is_home,
             icon="circle-check", facts=Checked),
        move("complete", S.INCOMPLETE, S.TO_CHECK, P.ITEM_WRITE, _lp("item", "Compléter"), _lp("item", "Complété"), icon="package-check",
             facts=Completed),
        move("keep_incomplete", S.INCOMPLETE, S.TO_CHECK, P.ITEM_WRITE, _l("Prêter sans ce qui manque"), _l("Gardé au prêt, incomplet"),
             nothing_indispensable_is_missing, icon="package-open", forward=False),
        move("note_missing", {S.AVAILABLE, S.TO_CHECK, S.INCOMPLETE}, S.INCOMPLETE, P.ITEM_WRITE, _l("Signaler un manque"),
             _l("Pièces manquantes, constaté chez nous"), icon="circle-help", facts=MissingTold, forward=False),
        move("send_to_repair", {S.AVAILABLE, S.TO_CHECK, S.INCOMPLETE}, S.IN_REPAIR, P.ITEM_WRITE, _l("Envoyer en réparation"),
             _l("Envoyé en réparation"), icon="wrench", facts=Reason, forward=False),
        move("repair", S.IN_REPAIR, S.TO_CHECK, P.ITEM_WRITE, _l("Réparation terminée"), _lp("item", "Réparé"), icon="wrench"),
        move("lose", {S.AVAILABLE, S.LENT, S.TO_CHECK, S.INCOMPLETE, S.IN_REPAIR}, S.LOST, P.ITEM_WRITE, _lp("item", "Déclarer perdu"),
             _lp("item", "Déclaré perdu"), icon="circle-help", facts=Reason, forward=False, back="find"),
        move("find", S.LOST, S.TO_CHECK, P.ITEM_WRITE, _lp("item", "Déclarer retrouvé"), _lp("item", "Retrouvé"), icon="search"),
        move("retire", {S.AVAILABLE, S.TO_CHECK, S.INCOMPLETE, S.IN_REPAIR, S.LOST}, S.RETIRED, P.ITEM_WRITE, _l("Retirer du prêt"),
             _l("Retiré du prêt"), belongs_to_no_device, icon="ban", facts=Reason, forward=False),
        # A device of the stock leaves the pool, and may come to it again: `actions.pool`.
        move("leave", {S.AVAILABLE, S.TO_CHECK, S.INCOMPLETE, S.IN_REPAIR}, S.RETIRED, P.DEVICE_POOL, _l("Retirer du prêt"),
             _l("Rendu à l'atelier"), icon="undo-2", forward=False, inner=True),
        move("rejoin", S.RETIRED, S.AVAILABLE, P.DEVICE_POOL, _l("Mettre au prêt"), _l("Remis au prêt"), icon="refresh-cw", forward=False,
             inner=True),
    ),
    hold=lock_once,
)  # fmt: skip
