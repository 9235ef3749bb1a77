"""What a technician states of a device in which no drive was read, in the words of its kind: one fact, `without_drive_since`, said truly.

A tablet or a telephone keeps its data in a memory that nobody takes out: that it holds no drive says nothing of its data, so what is
stated of it is that this memory was reset.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from refurb.inventory.words.devices import SOLDERED, DeviceKind
from refurb.inventory.words.events import EVENT_WORDS, EventWords
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.words import _l


@dataclass(frozen=True)
class Declaration:
    """The sentences about one such statement: those of its page, of the device's page, of what is to do, of the history.

    `title` heads the page, `button` makes the statement and leads to it, `statement` is what is stated and `proviso` what it leaves open;
    `question` and `hint` ask for it on the device's page, `noted` thanks, `said` tells it there with a place for `when`; `todo` tells that
    it is missing, `event` is its line in the history.
    """

    icon: str
    title: Any
    button: Any
    statement: Any
    proviso: Any
    question: Any
    hint: Any
    noted: Any
    said: Any
    todo: Any
    event: EventWords


_NO_DRIVE = Declaration(
    icon="hard-drive",
    title=_l("Déclarer sans support"),
    button=_l("Déclarer sans support"),
    statement=_l("Vous avez ouvert cette machine : elle ne contient ni disque, ni SSD, ni mémoire soudée qui garde des données."),
    proviso=_l("Si un support y est trouvé plus tard, il devra être effacé comme les autres."),
    question=_l("Aucun support dans cette machine ?"),
    hint=_l("Après l'avoir ouvert, dites-le ici. Ce n'est jamais supposé."),
    noted=_l("Noté : aucun support dans cet appareil."),
    said=_l("Ouvert %(when)s : il ne contient aucun support."),
    todo=_l("Aucun support n'a été lu, et personne n'a dit qu'il n'y en a pas"),
    event=EVENT_WORDS["no_drive_declared"],
)

_MEMORY_RESET = Declaration(
    icon="cpu",
    title=_l("Mémoire intégrée remise à zéro"),
    button=_l("Déclarer la remise à zéro"),
    statement=_l(
        "Vous avez remis à zéro la mémoire intégrée de cet appareil (réinitialisation d'usine) et levé son verrou d'activation, et vous "
        "avez vu l'écran de premier démarrage."
    ),
    proviso=_l("Si un support, une carte mémoire par exemple, y est trouvé plus tard, il devra être effacé comme les autres."),
    question=_l("Mémoire intégrée remise à zéro ?"),
    hint=_l("Après la réinitialisation d'usine, dites-le ici. Ce n'est jamais supposé."),
    noted=_l("Noté : mémoire intégrée remise à zéro."),
    said=_l("Mémoire intégrée remise à zéro, déclaré %(when)s."),
    todo=_l("Personne n'a encore dit que la mémoire intégrée est remise à zéro"),
    event=EventWords(_l("Mémoire intégrée remise à zéro, verrou d'activation levé, écran de premier démarrage vu"), "cpu", "ok"),
)


def declaration_of(kind: DeviceKind) -> Declaration:
    """How the statement is worded for a kind of device."""
    return _MEMORY_RESET if kind in SOLDERED else _NO_DRIVE


def words_of_events(kind: DeviceKind, events: Sequence[Event]) -> dict[str, EventWords]:
    """The words of a device's history, newest event first: the latest statement is told as it was made, for the kind it then had."""
    for event in events:
        if event.move == "no_drive_declared":
            break
        if event.move == "corrected" and "kind" in event.facts.get("changed", ()):
            kind = DeviceKind(event.facts["changed"]["kind"][0])
    return EVENT_WORDS | {"no_drive_declared": declaration_of(kind).event}
