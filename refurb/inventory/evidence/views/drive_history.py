"""The history of a drive, told in sentences: the machines it was in, what was proven of it, what people did with it."""

from datetime import datetime

from refurb.accounts.queries import doers_of, names_of
from refurb.inventory.devices.history import HistoryLine
from refurb.inventory.models.evidence import Drive
from refurb.inventory.words.erasures import ErasureStatus
from refurb.inventory.words.events import EventWords
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _l, moment

DRIVE_EVENT_WORDS: dict[str, EventWords] = {
    "drive_entered": EventWords(_l("Enregistré à la main"), "pen-line", "todo"),
    "drive_corrected": EventWords(_l("Fiche corrigée"), "pen-line", "todo"),
    "erasure_stated": EventWords(_l("Effacement déclaré, à confirmer par une seconde personne"), "eraser", "wait"),
    "erasure_confirmed": EventWords(_l("Effacement confirmé par une seconde personne"), "shield-check", "ok"),
    "statement_declined": EventWords(_l("Effacement déclaré, non confirmé"), "shield-x", "stop"),
    "erasure_attached": EventWords(_l("Preuve rattachée à la main : n° %(serial)s"), "file-check", "todo"),
    "clock_accepted": EventWords(_l("Horloge fausse : journal accepté par une seconde personne"), "clock", "ok"),
    "proof_kept": EventWords(_l("Preuve jugée de nouveau : une personne a décidé qu'elle compte encore"), "shield-check", "ok"),
    "proof_dropped": EventWords(_l("Preuve jugée de nouveau : une personne a décidé qu'elle ne compte plus"), "shield-x", "stop"),
    "destruction_declared": EventWords(_l("Déclaré détruit, à confirmer par une seconde personne"), "trash-2", "wait"),
    "destruction_confirmed": EventWords(_l("Destruction confirmée par une seconde personne"), "trash-2", "ok"),
    "destruction_declined": EventWords(_l("Destruction non confirmée : le support est en stock"), "undo-2", "stop"),
    "slip_named": EventWords(_l("Bordereau de déchets : %(slip)s"), "file-check", "todo"),
}


def drive_history(drive: Drive) -> list[HistoryLine]:
    """Everything that happened to a drive, the newest first."""
    lines = [*_stays(drive), *_reports(drive), *_deeds(drive)]
    return [line for _at, line in sorted(lines, key=lambda each: each[0], reverse=True)]


def _stays(drive: Drive) -> list[tuple[datetime, HistoryLine]]:
    lines = []
    for stay in drive.stays:
        code = spell(stay.device.code)
        lines.append((stay.since, _line("hard-drive", "todo", _("Dans la machine %(code)s", code=code), stay.since)))
        if stay.until is not None:
            lines.append((stay.until, _line("package", "todo", _("Sorti de la machine %(code)s", code=code), stay.until)))
    return lines


def _reports(drive: Drive) -> list[tuple[datetime, HistoryLine]]:
    lines = []
    names = names_of({each.report.actor_id for each in drive.erasures})
    for each in drive.erasures:
        if each.statement is not None:  # Told as deeds.
            continue
        source = [part for part in (each.report.tool, each.method) if part]
        good = each.status == ErasureStatus.ACCEPTED
        text = _("Rapport d'effacement accepté : %(tool)s", tool=", ".join(source)) if good else _(
            "Rapport d'effacement refusé : %(tool)s", tool=", ".join(source)
        )  # fmt: skip
        at = each.report.received_at
        who = names.get(each.report.actor_id) if each.report.actor_id else None
        lines.append((at, _line("shield-check" if good else "shield-x", "ok" if good else "stop", text, at, who)))
        if each.voided_at is not None:
            back = _("Revenu de l'extérieur : ce qui était prouvé ne compte plus")
            lines.append((each.voided_at, _line("undo-2", "wait", back, each.voided_at)))
    return lines


def _deeds(drive: Drive) -> list[tuple[datetime, HistoryLine]]:
    events = events_of(drive)
    doers, notes = doers_of(events), notes_of(events)
    lines = []
    for event in events:
        known = DRIVE_EVENT_WORDS.get(event.move)
        if known is None:
            continue
        text, reason = known.told(event.facts), notes[event.id].get("reason")
        text = _("%(done)s : « %(reason)s »", done=text, reason=reason) if reason else text
        lines.append((event.at, _line(known.icon, known.tone, text, event.at, doers.get(event.id))))
    return lines


def _line(icon: str, tone: str, text: str, at: datetime, who: str | None = None) -> HistoryLine:
    return HistoryLine(icon, tone, text, who, moment(at, near=True))
