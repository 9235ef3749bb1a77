"""What the history says of the events of a device or a donation that are no moves: its reports, its drives, their erasures, its label."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from refurb.kernel.speech.words import _, _l


@dataclass(frozen=True)
class EventWords:
    """How an event is told: a sentence with places for the event's facts, an icon, a tone (todo, work, wait, ok, stop)."""

    sentence: Any
    icon: str
    tone: str

    def told(self, facts: Mapping[str, Any]) -> str:
        """The sentence with the event's facts in place; one that the event was written without is a dash."""
        return str(self.sentence) % _KeptFact({name: _("sans numéro") if value is None else value for name, value in facts.items()})


class _KeptFact(dict[str, Any]):
    """The facts of an event. What was written once stays as it was: an older release, or another tool, may have told less than we do."""

    def __missing__(self, name: str) -> str:
        return "–"


EVENT_WORDS: dict[str, EventWords] = {
    "created": EventWords(_l("Reçu et compté, code %(code)s créé"), "package", "todo"),
    "corrected": EventWords(_l("Fiche corrigée"), "pen-line", "todo"),
    "moved_to_site": EventWords(_l("A changé de lieu : %(name)s"), "map-pin", "todo"),
    "no_drive_declared": EventWords(_l("Ouvert : ne contient aucun support"), "hard-drive", "ok"),
    "checks_confirmed": EventWords(_l("Second regard : contrôle confirmé"), "eye", "ok"),
    "checks_taken_back": EventWords(_l("Réponses aux contrôles annulées : %(count)s"), "undo-2", "wait"),
    "checks_reopened": EventWords(_l("Contrôles rouverts : %(count)s (%(cause)s)"), "rotate-ccw", "wait"),
    "part_fitted": EventWords(_l("Pièce montée : %(part)s %(code)s"), "wrench", "work"),
    "part_taken_back": EventWords(_l("Pièce reprise : %(part)s %(code)s"), "undo-2", "todo"),
    "part_taken_out": EventWords(_l("Pièce prélevée : %(part)s %(code)s"), "settings", "todo"),
    "part_thrown_away": EventWords(_l("Pièce retirée et jetée : %(part)s"), "trash-2", "todo"),
    "label_claimed": EventWords(_l("Étiquette imprimée d'avance collée : %(code)s"), "tag", "todo"),
    "no_drive_withdrawn": EventWords(_l("Déclaration reprise : un support a été trouvé, ou peut l'être"), "undo-2", "wait"),
    "memory_reset_stated": EventWords(_l("Remise à zéro de la mémoire déclarée, à confirmer par une seconde personne"), "cpu", "wait"),
    "statement_declined": EventWords(_l("Remise à zéro non confirmée"), "shield-x", "stop"),
    "drive_put_in": EventWords(_l("Support posé : %(serial)s"), "hard-drive", "todo"),
    "proof_withdrawn": EventWords(_l("Preuve retirée, un effacement plus récent a échoué : support %(serial)s"), "shield-x", "stop"),
    "proof_doubted": EventWords(_l("Preuve retirée, un autre support porte le même numéro : %(serial)s"), "shield-x", "stop"),
    "proof_below": EventWords(_l("Preuve retirée, les données du don demandent plus : support %(serial)s"), "shield-x", "stop"),
    "proof_judged_again": EventWords(
        _l("Preuve jugée de nouveau, elle ne compte plus selon les règles d'aujourd'hui : support %(serial)s"), "shield-x", "stop"
    ),
    "proof_in_question": EventWords(
        _l("Preuve jugée de nouveau, une personne doit décider si elle compte encore : support %(serial)s"), "circle-help", "wait"
    ),
    "flag_raised": EventWords(_l("Signalé : %(flag)s"), "flag", "stop"),
    "flag_lifted": EventWords(_l("Levé : %(flag)s"), "flag", "ok"),
    "picked_up": EventWords(_l("Pris en main"), "wrench", "work"),
    "handed_over_to": EventWords(_l("Passé à %(whom)s"), "handshake", "work"),
    "put_down": EventWords(_l("Posé, à prendre"), "inbox", "todo"),
    "noted": EventWords(_l("Note écrite"), "message-square", "todo"),
    "note_corrected": EventWords(_l("Note corrigée"), "message-square", "todo"),
    "target_told": EventWords(_l("Aspect ou indice du processeur noté"), "gauge", "todo"),
    "left_as_waste": EventWords(_l("Mis dans le lot de déchets %(batch)s"), "recycle", "todo"),
    "label_printed": EventWords(_l("Étiquette imprimée"), "printer", "todo"),
    "report_read": EventWords(_l("Matériel lu : %(tools)s"), "cpu", "work"),
    "drive_moved_out": EventWords(_l("Support parti vers l'appareil %(to)s : %(serial)s"), "hard-drive", "todo"),
    "drive_removed": EventWords(_l("Support retiré : %(serial)s"), "hard-drive", "todo"),
    "absorbed": EventWords(_l("Réunie à la fiche %(code)s, qui était la même machine"), "link-2", "work"),
    "told_apart": EventWords(_l("Distinguée d'une fiche qui lui ressemble"), "unlink", "todo"),
    "filled_from_list": EventWords(_l("Fiche remplie d'après la liste du donateur"), "file-text", "todo"),
    "drive_destroyed": EventWords(_l("Support détruit : %(serial)s"), "trash-2", "todo"),
    "erasure_accepted": EventWords(_l("Effacement vérifié et accepté : support %(serial)s"), "shield-check", "ok"),
    "erasure_refused": EventWords(_l("Preuve d'effacement refusée : support %(serial)s"), "shield-x", "stop"),
}

DONATION_EVENT_WORDS: dict[str, EventWords] = {
    "created": EventWords(_l("Don annoncé"), "gift", "todo"),
    "acceptance_named": EventWords(_l("Acte d'acceptation indiqué : %(act)s"), "landmark", "ok"),
    "donor_corrected": EventWords(_l("Coordonnées du donateur corrigées"), "pen-line", "todo"),
    "impact_declared": EventWords(_l("Niveau des données indiqué : %(impact)s"), "gauge", "todo"),
    "contact_change_asked": EventWords(_l("Changement de contact demandé par le lien, à confirmer"), "mail", "wait"),
    "contact_changed": EventWords(_l("Contact changé, la nouvelle adresse a confirmé"), "mail-check", "ok"),
    "releases_asked": EventWords(_l("Machines à libérer listées : %(count)s"), "lock", "wait"),
    "releases_said": EventWords(_l("Le donateur dit libérées : %(count)s"), "message-square", "todo"),
    "releases_proven": EventWords(_l("Machines libérées, prouvé : %(count)s"), "lock-open", "ok"),
    "legal_basis_named": EventWords(_l("Fondement juridique indiqué"), "scale", "todo"),
    "items_refused": EventWords(_l("Refusé à l'arrivée : %(count)s"), "octagon-x", "stop"),
    "itemised": EventWords(_l("Appareils détaillés : %(count)s"), "package", "todo"),
    "list_mended": EventWords(_l("Liste du donateur : ligne %(row)s corrigée"), "pen-line", "todo"),
    "list_imported": EventWords(_l("Liste du donateur importée : %(rows)s lignes"), "file-text", "work"),
    "donor_statement_kept": EventWords(_l("Certificats du donateur joints : %(count)s"), "file-text", "todo"),
    "gift_valued": EventWords(_l("Valeur du don notée, pour le reçu fiscal"), "scale", "todo"),
    "issue_paper": EventWords(_l("Document établi : %(reference)s"), "file-check", "ok"),
    "send_papers": EventWords(_l("Envoi des documents au donateur demandé"), "send", "work"),
    "send_link": EventWords(_l("Nouveau lien demandé par le donateur"), "send", "work"),
}

WASTE_EVENT_WORDS: dict[str, EventWords] = {
    "created": EventWords(_l("Lot ouvert"), "package-open", "work"),
    "corrected": EventWords(_l("Lot corrigé"), "pen-line", "todo"),
    "loose_added": EventWords(_l("Hors inventaire : %(count)s ajoutés"), "plus", "todo"),
    "line_taken_out": EventWords(_l("Ligne retirée du lot"), "undo-2", "todo"),
    "certificate_kept": EventWords(_l("Certificat de l'opérateur gardé"), "file-text", "ok"),
}
