"""What the history says of the events of a device or a donation that are no moves: its reports, its drives, their erasures, its label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refurb.kernel.words import _, _l


@dataclass(frozen=True)
class EventWords:
    """How an event is told: a sentence with places for the event's facts, an icon, a tone (todo, work, wait, ok, stop)."""

    sentence: Any
    icon: str
    tone: str

    def told(self, facts: Mapping[str, Any]) -> str:
        """The sentence with the event's facts in place."""
        return str(self.sentence) % {name: _("sans numéro") if value is None else value for name, value in facts.items()}


EVENT_WORDS: dict[str, EventWords] = {
    "created": EventWords(_l("Reçu et compté, code %(code)s créé"), "package", "todo"),
    "corrected": EventWords(_l("Fiche corrigée"), "pen-line", "todo"),
    "no_drive_declared": EventWords(_l("Ouvert : ne contient aucun support"), "hard-drive", "ok"),
    "flag_raised": EventWords(_l("Signalé : %(flag)s"), "flag", "stop"),
    "flag_lifted": EventWords(_l("Levé : %(flag)s"), "flag", "ok"),
    "label_printed": EventWords(_l("Étiquette imprimée"), "printer", "todo"),
    "report_read": EventWords(_l("Matériel lu : %(tools)s"), "cpu", "work"),
    "drive_moved_out": EventWords(_l("Support parti vers l'appareil %(to)s : %(serial)s"), "hard-drive", "todo"),
    "drive_removed": EventWords(_l("Support retiré : %(serial)s"), "hard-drive", "todo"),
    "drive_destroyed": EventWords(_l("Support détruit : %(serial)s"), "trash-2", "todo"),
    "erasure_accepted": EventWords(_l("Effacement vérifié et accepté : support %(serial)s"), "shield-check", "ok"),
    "erasure_refused": EventWords(_l("Preuve d'effacement refusée : support %(serial)s"), "shield-x", "stop"),
}

DONATION_EVENT_WORDS: dict[str, EventWords] = {
    "created": EventWords(_l("Don annoncé"), "gift", "todo"),
    "acceptance_named": EventWords(_l("Acte d'acceptation indiqué : %(act)s"), "landmark", "ok"),
    "issue_paper": EventWords(_l("Document établi : %(reference)s"), "file-check", "ok"),
    "send_papers": EventWords(_l("Envoi des documents au donateur demandé"), "send", "work"),
}
