"""How a medium is erased or destroyed, and which level each technique reaches on which medium (NIST SP 800-88 Rev. 2, IEEE 2883-2022)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from refurb.inventory.words.drives import Medium
from refurb.kernel.speech.words import _l


class Technique(StrEnum):
    """What was done to the medium, whatever the tool calls it."""

    OVERWRITE = "overwrite"
    SECURE_ERASE = "secure_erase"
    ENHANCED_SECURE_ERASE = "enhanced_secure_erase"
    ATA_SANITIZE = "ata_sanitize"
    NVME_FORMAT = "nvme_format"
    NVME_SANITIZE = "nvme_sanitize"
    CRYPTO_ERASE = "crypto_erase"
    FACTORY_RESET = "factory_reset"
    ENCRYPTED_RESET = "encrypted_reset"


@dataclass(frozen=True, slots=True)
class Reach:
    """How a technique is called, and the level that it reaches on each medium it applies to."""

    label: Any
    levels: Mapping[Medium, str]


_M = Medium
# Overwriting never reaches remapped sectors nor the spare area of flash: Clear at best. A purge is the firmware's own work. Keys that
# were outside the drive, or data written before it was encrypted, make a cryptographic erase worth less: hence the words of its label.
TECHNIQUES: dict[Technique, Reach] = {
    Technique.OVERWRITE: Reach(_l("Réécriture complète (une passe ou plus)"), dict.fromkeys(Medium, "clear")),
    Technique.SECURE_ERASE: Reach(_l("ATA Secure Erase"), {_M.HDD: "clear", _M.SSD: "clear"}),
    Technique.ENHANCED_SECURE_ERASE: Reach(_l("ATA Enhanced Secure Erase"), {_M.HDD: "purge", _M.SSD: "purge"}),
    Technique.ATA_SANITIZE: Reach(_l("ATA Sanitize"), {_M.HDD: "purge", _M.SSD: "purge"}),
    Technique.NVME_FORMAT: Reach(_l("NVMe Format (effacement des données)"), {_M.NVME: "clear"}),
    Technique.NVME_SANITIZE: Reach(_l("NVMe Sanitize"), {_M.NVME: "purge"}),
    Technique.CRYPTO_ERASE: Reach(
        _l("Effacement cryptographique (chiffré depuis la première mise en service)"),
        {_M.HDD: "purge", _M.SSD: "purge", _M.NVME: "purge"},
    ),
    Technique.FACTORY_RESET: Reach(_l("Réinitialisation d'usine"), {_M.EMMC: "clear"}),
    Technique.ENCRYPTED_RESET: Reach(
        _l("Réinitialisation d'usine, chiffrement de l'appareil vérifié et verrous levés"), {_M.EMMC: "purge"}
    ),
}

TECHNIQUE_LABELS = {technique: reach.label for technique, reach in TECHNIQUES.items()}

# What happens inside the soldered memory of a tablet or a telephone.
RESETS = (Technique.ENCRYPTED_RESET, Technique.FACTORY_RESET)


def level_of(technique: Technique, medium: Medium) -> str | None:
    """The level that a technique reaches on a medium; None where it does not apply to that medium."""
    return TECHNIQUES[technique].levels.get(medium)


class DestructionMethod(StrEnum):
    """How a medium was destroyed."""

    DRILLED = "drilled"
    BROKEN = "broken"
    SHREDDED = "shredded"
    DISINTEGRATED = "disintegrated"
    MOLTEN = "molten"


DESTRUCTION_METHODS = {
    DestructionMethod.DRILLED: _l("Percé"),
    DestructionMethod.BROKEN: _l("Démonté, plateaux ou puces brisés"),
    DestructionMethod.SHREDDED: _l("Broyé par un prestataire"),
    DestructionMethod.DISINTEGRATED: _l("Désintégré par un prestataire"),
    DestructionMethod.MOLTEN: _l("Fondu ou incinéré par un prestataire"),
}

# IEEE 2883-2022 keeps these alone as Destruct: it withdrew shredding and pulverising, and never had the drill.
REACHES_DESTROY = frozenset({DestructionMethod.DISINTEGRATED, DestructionMethod.MOLTEN})
