"""How the history of an item or a loan is told on its page."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.accounts.queries import doers_of
from refurb.directory.sites.queries import site_name
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event, events_of, notes_of
from refurb.kernel.deeds.machine import Machine
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _l, _lp, _n, _p, day, moment
from refurb.lending.models import Item, LoanLine
from refurb.lending.words import DEBT_ENDS, NOTE_BACK, PIECE_ENDS, PIECE_FATES, DebtEnd, PieceWhy
from refurb.lending.worth import euros, grams

_OTHER = {
    "created": (_l("Enregistré"), "circle-plus", "todo"),
    "signed": (_l("Convention signée, émise"), "pen-line", "ok"),
    "sent_to_sign": (_l("Convention envoyée, à accepter par lien"), "mail", "work"),
    "registered": (_l("Carte créée"), "id-card", "todo"),
    "corrected": (_l("Fiche corrigée"), "pen-line", "todo"),
    "sms_refused": (_l("Ne veut plus de SMS"), "ban", "todo"),
    "sms_wanted": (_l("Veut bien des SMS"), "message-square", "todo"),
    "settled": (_l("Dette réglée"), "circle-check", "ok"),
    "owed_again": (_l("Dette réglée par erreur, de nouveau due"), "undo-2", "wait"),
    "handed_to_office": (_l("Dette transmise au service financier"), "send", "work"),
    "taken_from_office": (_l("Dette non transmise, après tout"), "undo-2", "todo"),
    "due_moved": (_l("Retour déplacé : fermé ce jour-là"), "calendar-days", "todo"),
    "renewed": (_lp("loan", "Prolongé"), "calendar-plus", "work"),
    "recalled": (_l("Rappelé avant la date"), "corner-down-left", "wait"),
    "recall_undone": (_l("Rappel annulé"), "undo-2", "todo"),
    "said_back": (_l("Dit rapporté, à chercher"), "search", "wait"),
    "not_found": (_l("Cherché, pas trouvé"), "x", "wait"),
    "suspended": (_l("Prêts suspendus"), "ban", "stop"),
    "suspension_lifted": (_l("Suspension levée"), "circle-check", "ok"),
    "certificate_noted": (_l("Justificatif noté"), "shield-check", "ok"),
    "certificate_withdrawn": (_l("Justificatif retiré"), "x", "todo"),
    "deposit_left": (_l("Caution laissée"), "banknote", "todo"),
    "deposit_withdrawn": (_l("Caution notée par erreur"), "x", "todo"),
    "deposit_back": (_l("Caution rendue"), "undo-2", "ok"),
    "despite_suspension": (_l("Prêté malgré la suspension"), "triangle-alert", "wait"),
    "seat_taken": (_lp("introduction", "Place prise"), "users", "todo"),
    "changed": (_l("Dates ou matériel changés"), "calendar-days", "todo"),
    "packed": (_l("Un matériel est préparé"), "package-check", "work"),
    "unpacked": (_l("Un matériel est retiré du sac"), "package-open", "todo"),
    "contents_corrected": (_l("Contenu corrigé"), "pen-line", "todo"),
    "pieces_back": (_l("Pièces de nouveau là"), "package-check", "ok"),
    "pieces_labelled": (_l("Étiquettes des pièces"), "tag", "todo"),
    "piece_unlabelled": (_l("Étiquette retirée d'une pièce"), "tag", "todo"),
    "damage_noted": (_l("Dégât constaté"), "triangle-alert", "wait"),
    "brought_home": (_l("Revenu à sa place"), "map-pin", "ok"),
    "moved_to_site": (_l("A changé de lieu"), "map-pin", "todo"),
}
_DUE_CHANGED = frozenset({"due_moved", "renewed", "recalled", "recall_undone"})
_OF_A_LINE = _DUE_CHANGED | {"said_back", "not_found"}
_FIELDS = {
    "name": _l("Nom"),
    "organisation": _l("Structure"),
    "phone": _l("Téléphone"),
    "email": _l("Adresse de courriel"),
    "product": _l("Produit"),
    "components": _l("Contenu"),
    "value_cents": _l("Valeur de remplacement"),
    "shelf": _l("Rangé où ?"),
    "acquired_on": _l("Acquis le"),
    "owner": _l("Propriétaire"),
    "right_of_use": _l("Droit d'usage"),
    "share_percent": _l("Part du coût à notre charge, en %"),
    "funder": _l("Financé par"),
    "logo_due": _l("Logo du financeur"),
    "keep_until": _l("À garder jusqu'au"),
}


_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TICKED = {"indispensable": _l("%(name)s : indispensable"), "consumable": _l("%(name)s : se consomme")}
_UNTICKED = {"indispensable": _l("%(name)s : n'est plus indispensable"), "consumable": _l("%(name)s : ne se consomme plus")}


@dataclass(frozen=True)
class Shown:
    """One event as the history macro draws it."""

    icon: str
    kind: str
    text: Any
    who: str
    when: str


def history_of(subject: Any, machine: Machine[Any] | None = None) -> list[Shown]:
    """The events of a subject, newest first, with who did each, and what was written beside."""
    events = events_of(subject, most=50)
    doers, notes, things = doers_of(events), notes_of(events), _things_of(events)
    shown = []
    for event in events:
        if event.move in _OTHER or machine is None:
            text, icon, tone = _OTHER.get(event.move, (event.move, "circle-dot", "todo"))
        else:
            row = machine[event.move]
            text, icon, tone = row.done, row.icon, machine.looks[row.target].tone
        shown.append(Shown(icon, tone, _with(text, event, notes[event.id], things), doers.get(event.id, ""), moment(event.at, near=True)))
    return shown


def _things_of(events: Sequence[Event]) -> dict[int, str]:
    """What the things are called that events of a loan are about, by the number of the line; looked up once for all."""
    lines = {event.facts["line"] for event in events if event.move in _OF_A_LINE}
    query = select(LoanLine.id, Item.name).join(Item, Item.id == LoanLine.item_id).where(LoanLine.id.in_(lines))
    return {row[0]: row[1] for row in db.session.execute(query)} if lines else {}


def _with(text: Any, event: Event, notes: Mapping[str, str], things: Mapping[int, str]) -> str:
    """The sentence of an event, with what it says besides: what was corrected, how a debt ended, why."""
    beside = [f"{_FIELDS[field]} : {told}" for field, told in notes.items() if field in _FIELDS]
    beside += [notes[name] for name in ("reason", "note") if name in notes]
    beside += [told for name, told in notes.items() if name.startswith(NOTE_BACK)]
    if event.move == "corrected":
        changed = {field: told for field, told in event.facts.items() if field in _FIELDS}
        if "value_cents" in changed:
            changed["value_cents"] = [None if cents is None else euros(cents) for cents in changed["value_cents"]]
        beside += [f"{_FIELDS[field]} : {_was(*told)}" for field, told in changed.items()]
    beside[:0] = _of_pieces(event)
    beside[:0] = _of_places(event)
    if event.facts.get("by_borrower"):
        beside.insert(0, _("par la personne, de son lien"))
    if event.move in _DUE_CHANGED:
        before, due = (day(date.fromisoformat(event.facts[name])) for name in ("before", "due_on"))
        beside.insert(0, _("du %(before)s au %(due)s", before=before, due=due))
    if event.move in _OF_A_LINE and event.facts["line"] in things:
        beside.insert(0, things[event.facts["line"]])
    if event.move == "settled":
        beside.insert(0, str(DEBT_ENDS[DebtEnd(event.facts["how"])]))
    return _("%(done)s : %(what)s", done=str(text), what=" ; ".join(map(str, beside))) if beside else str(text)


def _of_places(event: Event) -> list[str]:
    """What an event says of where a thing is."""
    facts = event.facts
    if event.move == "moved_to_site":
        return [facts["name"]]
    if event.move == "brought_home":
        return [_("était à %(place)s", place=facts["name"])]
    if event.move.startswith("take_back") and "site_id" in facts:
        return [_("rendu à %(place)s", place=site_name(facts["site_id"]))]
    return []


def _of_pieces(event: Event) -> list[str]:
    """What an event says of the pieces of a thing."""
    facts = event.facts
    if event.move == "contents_corrected":
        return [said for change in facts["changes"] for said in change_said(change)]
    if event.move == "note_missing":
        return [f"{facts['quantity']} × {facts['component']}"]
    if event.move == "pieces_back":
        return [f"{facts['quantity']} × {facts['component']}", str(PIECE_ENDS[PieceWhy(facts["how"])])]
    if event.move == "damage_noted":
        return [facts["component"]]
    if event.move in {"pieces_labelled", "piece_unlabelled"}:
        return [facts["component"], ", ".join(map(spell, facts["codes"]))]
    return []


def change_said(change: Mapping[str, Any]) -> list[str]:
    """What a correction of contents changes of one component (`kits.contents.Change.plain`), in words."""
    name, before, after = change["name"], change["before"], change["after"]
    goes = str(PIECE_FATES[PieceWhy(change["fate"])]).lower() if change.get("fate") else ""
    if before is None:
        return [_n("%(name)s : ajouté, %(num)s pièce", "%(name)s : ajouté, %(num)s pièces", after["quantity"], name=name)]
    if after is None:
        gone = _n("%(name)s : retiré, %(num)s pièce", "%(name)s : retiré, %(num)s pièces", change.get("pieces", 0), name=name)
        return [f"{gone} ({goes})" if goes else gone]
    said = [_("%(before)s s'appelle %(after)s", before=before["name"], after=after["name"])] if "name" in after else []
    if "quantity" in after:
        count = _("%(name)s : de %(before)s à %(after)s", name=name, before=before["quantity"], after=after["quantity"])
        said.append(f"{count} ({goes})" if goes else count)
    if "value_cents" in after:
        was, value = euros(before["value_cents"]), euros(after["value_cents"])
        said.append(_("%(name)s : valeur, de %(before)s à %(after)s", name=name, before=was, after=value))
    if "weight_mg" in after:
        said.append(_("%(name)s : pèse %(weight)s", name=name, weight=grams(after["weight_mg"])))
    said += [str(word) % {"name": name} for field, word in _TICKED.items() if after.get(field)]
    said += [str(word) % {"name": name} for field, word in _UNTICKED.items() if field in after and not after[field]]
    return said or [_("%(name)s : autre dessin", name=name)]


def _was(before: Any, after: Any) -> str:
    return f"{_counted(before)} → {_counted(after)}"


def _counted(told: Any) -> str:
    """A value as it was written; the pieces of a thing with how many of each and what one is worth."""
    if isinstance(told, list):
        return ", ".join(f"{quantity} × {name} ({euros(cents)})" for name, quantity, cents in told)
    if isinstance(told, bool):
        return _p("answer", "oui") if told else _p("answer", "non")
    if isinstance(told, str) and _DAY.fullmatch(told):
        return day(date.fromisoformat(told))
    return f"« {told} »" if told not in {None, ""} else "–"
