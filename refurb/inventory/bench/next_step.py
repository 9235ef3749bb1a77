"""What to do next with a device: the panel that is the largest thing on its page, worked out from the moves and what closes them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for

from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.checklists.standing import ChecksStanding, standing_of
from refurb.inventory.devices.queries.devices import Standing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.declarations import declaration_of
from refurb.inventory.words.devices import FLAG_KINDS, WITHOUT_DATA
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.machine import Choice
from refurb.kernel.speech.words import _, _l, _n

P = Permission
_NOT_CLEAN = "device.drives_not_clean"
# What is missing before anything is started.
_FIRST = frozenset({"device.drives_unknown"})

TodoItem = tuple[str, str, str]
"""Tone, icon, sentence, as `ui.todo_list` draws them."""


@dataclass(frozen=True)
class Link:
    """Where the one big button leads when the next thing is not a move."""

    icon: str
    label: str
    url: str


@dataclass(frozen=True)
class NextStep:
    """The next thing to do: either an open move or a link, what is done and what remains, and one line on what follows.

    `also` is the other way out, where there is one.
    """

    title: str
    move: Any = None
    link: Link | None = None
    also: Link | None = None
    items: list[TodoItem] = field(default_factory=list)
    after: str = ""


def next_step(device: Standing, choices: Sequence[Choice[Any]], *, in_detail: bool = True) -> NextStep | None:
    """The first open forward move, or what keeps the first closed one closed; None when nothing is left to do here.

    A machine that nobody has read is read before it is erased, and a wipe that failed is said before another is proposed.
    """
    forward = [each for each in choices if each.move.forward]
    if forward and forward[0].closed is not None and forward[0].closed.code in _FIRST:
        forward = forward[:1]
    open_one = next((each.move for each in forward if each.closed is None), None)
    closed = forward[0].closed if forward else None
    if open_one is not None and closed is not None and closed.code == _NOT_CLEAN and device.gate.failed:
        after = f"{_failed(device)}. {_after(open_one)}"
        return NextStep(_what_erases(device)[0], move=open_one, also=_destruction(device, choices), after=after)
    if open_one is not None:
        return NextStep(str(open_one.label), move=open_one, after=_after(open_one))
    if not forward:
        return None
    wanted = forward[0]
    assert wanted.closed is not None
    title, link = _what_opens(device, wanted.closed.code)
    also = _destruction(device, choices) if wanted.closed.code == _NOT_CLEAN else None
    return NextStep(title, link=link, also=also, items=_remaining(device, wanted.move) if in_detail else [], after=_after(wanted.move))


def _destruction(device: Standing, choices: Sequence[Choice[Any]]) -> Link | None:
    """Where a drive whose wipe failed is declared destroyed, for whoever may throw things away."""
    if not device.gate.failed or not any(each.move.permission is P.DEVICE_DISCARD for each in choices):
        return None
    number, serial = device.gate.failed[0]
    label = _("Déclarer détruit : %(serial)s", serial=serial) if serial and len(device.gate.failed) > 1 else _("Déclarer détruit")
    return Link("trash-2", label, url_for("inventory.drive_destroy", code=device.code, number=number))


def _after(row: Any) -> str:
    return _("Ensuite : « %(state)s ».", state=str(device_machine.looks[row.target].word))


def _what_opens(device: Standing, code: str) -> tuple[str, Link]:
    """The heading and the button for what a rule misses."""
    if code == _NOT_CLEAN:
        return _what_erases(device)
    if code == "device.drives_unknown":
        return (
            _("Lire le matériel de cette machine"),
            Link("file-up", _("Déposer un rapport matériel"), url_for("inventory.device_reports", code=device.code)),
        )
    if code == "device.memory_not_reset":
        declared = declaration_of(device.kind)
        return (
            _("Remettre à zéro la mémoire intégrée"),
            Link(declared.icon, str(declared.button), url_for("inventory.device_memory", code=device.code)),
        )
    if code == "device.not_labelled":
        return _("Imprimer l'étiquette"), Link("printer", _("Imprimer l'étiquette"), url_for("inventory.label", code=device.code))
    if code == "device.flagged":
        return _("Lever ce qui bloque"), Link("flag", _("Voir ce qui bloque"), url_for("inventory.device", code=device.code) + "#blocages")
    return _what_checks_need(device, code)


def _what_erases(device: Standing) -> tuple[str, Link]:
    failed = len(device.gate.failed)
    title = (
        _n(
            "L'effacement a échoué : effacer de nouveau, ou détruire",
            "Des effacements ont échoué : effacer de nouveau, ou détruire",
            failed,
        )
        if failed
        else _n("Déposer la preuve d'effacement", "Déposer les preuves d'effacement", len(device.gate.unproven))
    )
    return title, Link("file-up", _("Déposer un rapport d'effacement"), url_for("inventory.erasure_reports", appareil=device.code))


def _what_checks_need(device: Standing, code: str) -> tuple[str, Link]:
    url = url_for("inventory.checks", code=device.code)
    if code == "device.checks_failed":
        return _("Réparer ce qui n'a pas réussi"), Link("list-checks", _("Voir les contrôles"), url)
    if code == "device.checks_unconfirmed":
        return _("Demander un second regard"), Link("eye", _("Voir ce qui attend"), url)
    left = len(_checks_of(device).missing)
    if not device.gate.answers:
        return _("Faire les contrôles"), Link("list-checks", _("Commencer la liste"), url)
    title = _n("Finir le dernier contrôle", "Finir les %(num)s derniers contrôles", left)
    return title, Link("list-checks", _("Reprendre les contrôles"), url)


def _checks_of(device: Standing) -> ChecksStanding:
    return standing_of(checklist_of(device.kind), device.gate)


def _remaining(device: Standing, row: Any) -> list[TodoItem]:
    """What the rules of the closed move find done and missing, one line each."""
    asked = {rule.__name__ for rule in row.rules}
    items: list[TodoItem] = []
    if "every_drive_is_clean" in asked:
        items += _drives(device)
    if "checks_passed" in asked:
        items += _checks(device)
    if "is_labelled" in asked and device.labelled_at is None:
        items.append(("todo", "circle", _("L'étiquette n'est pas imprimée")))
    if "no_flag_is_raised" in asked and device.gate.flags:
        items.append(("stop", "flag", _("À lever : %(flags)s", flags=", ".join(str(FLAG_KINDS[each]) for each in device.gate.flags))))
    return items


def _drives(device: Standing) -> list[TodoItem]:
    gate = device.gate
    clean = gate.drives - len(gate.unproven)
    items: list[TodoItem] = []
    if clean:
        items.append(("ok", "circle-check", _n("%(num)s support traité", "%(num)s supports traités", clean)))
    if gate.failed:
        items.append(("stop", "shield-x", _failed(device)))
    left = list(gate.unproven)
    for _number, serial in gate.failed:
        left.remove(serial)
    if left:
        serials = ", ".join(serial or _("sans numéro") for serial in left)
        items.append(("todo", "circle", _("Reste à effacer : %(serials)s", serials=serials)))
    if not gate.drives and device.without_drive_since is None and device.kind not in WITHOUT_DATA:
        items.append(("todo", "circle", str(declaration_of(device.kind).todo)))
    return items


def _failed(device: Standing) -> str:
    serials = ", ".join(serial or _("sans numéro") for _number, serial in device.gate.failed)
    return _n("Effacement échoué : %(serials)s", "Effacements échoués : %(serials)s", len(device.gate.failed), serials=serials)


def _checks(device: Standing) -> list[TodoItem]:
    checks = _checks_of(device)
    items: list[TodoItem] = []
    if checks.passed:
        items.append(("ok", "circle-check", _n("%(num)s contrôle réussi", "%(num)s contrôles réussis", len(checks.passed))))
    for questions, tone, icon, said in (
        (checks.failed, "stop", "circle-x", _l("Non réussi : %(questions)s")),
        (checks.unconfirmed, "wait", "eye", _l("Attend un second regard : %(questions)s")),
        (checks.missing, "todo", "circle", _l("Reste : %(questions)s")),
    ):
        if questions:
            items.append((tone, icon, str(said) % {"questions": ", ".join(each.short for each in questions)}))
    return items
