"""What may still tie a machine to whoever gave it, and how it is shown to be gone."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


class Lock(StrEnum):
    """What ties a machine to its donor's organisation, wiped or not."""

    AUTOPILOT = "autopilot"
    APPLE = "apple"
    ABSOLUTE = "absolute"
    BIOS = "bios"


LOCKS = {
    Lock.AUTOPILOT: _l("Windows Autopilot (Intune)"),
    Lock.APPLE: _l("Apple Business ou School Manager"),
    Lock.ABSOLUTE: _l("Absolute (Computrace)"),
    Lock.BIOS: _l("Mot de passe du BIOS"),
}


class ReleaseProof(StrEnum):
    """By what the workshop knows that a machine is free."""

    STARTED = "started"
    CONSOLE = "console"
    BIOS_OPENED = "bios_opened"


RELEASE_PROOFS = {
    ReleaseProof.STARTED: _l("Démarrée de zéro, en ligne : elle ne réclame plus personne"),
    ReleaseProof.CONSOLE: _l("Export de la console du donateur : elle n'y est plus"),
    ReleaseProof.BIOS_OPENED: _l("Réglages du BIOS ouverts sans mot de passe"),
}
