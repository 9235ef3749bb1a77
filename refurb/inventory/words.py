"""The enumerations of the workshop, each with its French word beside it."""

from enum import StrEnum

from refurb.kernel.words import _l


class DeviceKind(StrEnum):
    """What a thing is; decides its checklist and its price cap."""

    LAPTOP = "laptop"
    DESKTOP = "desktop"
    TABLET = "tablet"
    SMARTPHONE = "smartphone"
    MONITOR = "monitor"
    PRINTER = "printer"
    OTHER = "other"


DEVICE_KINDS = {
    DeviceKind.LAPTOP: _l("Ordinateur portable"),
    DeviceKind.DESKTOP: _l("Ordinateur fixe"),
    DeviceKind.TABLET: _l("Tablette"),
    DeviceKind.SMARTPHONE: _l("Téléphone"),
    DeviceKind.MONITOR: _l("Écran"),
    DeviceKind.PRINTER: _l("Imprimante"),
    DeviceKind.OTHER: _l("Autre matériel"),
}

# Kinds whose memory is soldered: nobody takes it out, and only the device itself can reset it.
SOLDERED = frozenset({DeviceKind.TABLET, DeviceKind.SMARTPHONE})


class LegalOrigin(StrEnum):
    """By which legal way a device came to us; decides who may receive it, at what price, and which reports count it."""

    COMPANY = "don_entreprise"
    INDIVIDUAL = "don_particulier"
    ASSOCIATION = "don_association"
    PUBLIC_BODY = "cession_gratuite_personne_publique"
    OWN_STOCK = "propre_parc_reforme"
    PURCHASE = "achat"


LEGAL_ORIGINS = {
    LegalOrigin.COMPANY: _l("Don d'une entreprise"),
    LegalOrigin.INDIVIDUAL: _l("Don d'un particulier"),
    LegalOrigin.ASSOCIATION: _l("Don d'une association"),
    LegalOrigin.PUBLIC_BODY: _l("Cession gratuite d'une personne publique"),
    LegalOrigin.OWN_STOCK: _l("Notre propre parc réformé"),
    LegalOrigin.PURCHASE: _l("Achat"),
}


class Medium(StrEnum):
    """What a drive stores on; decides what an erasure can prove."""

    HDD = "hdd"
    SSD = "ssd"
    NVME = "nvme"
    EMMC = "emmc"
    UNKNOWN = "unknown"


MEDIA = {
    Medium.HDD: _l("Disque dur"),
    Medium.SSD: _l("SSD"),
    Medium.NVME: _l("SSD NVMe"),
    Medium.EMMC: _l("Mémoire eMMC"),
    Medium.UNKNOWN: _l("Support"),
}


class Health(StrEnum):
    """What SMART says of a drive."""

    GOOD = "good"
    WATCH = "watch"
    FAILING = "failing"
    UNKNOWN = "unknown"


HEALTHS = {
    Health.GOOD: _l("Bonne"),
    Health.WATCH: _l("À surveiller"),
    Health.FAILING: _l("Défaillante"),
    Health.UNKNOWN: _l("Inconnue"),
}


class FlagKind(StrEnum):
    """What can block a device beside its state."""

    BIOS_LOCKED = "bios_locked"
    ACTIVATION_LOCK = "activation_lock"
    MISSING_PART = "missing_part"
    SECOND_LOOK = "second_look"


FLAG_KINDS = {
    FlagKind.BIOS_LOCKED: _l("BIOS verrouillé"),
    FlagKind.ACTIVATION_LOCK: _l("Verrou d'activation"),
    FlagKind.MISSING_PART: _l("Pièce manquante"),
    FlagKind.SECOND_LOOK: _l("Second regard demandé"),
}


class ErasureStatus(StrEnum):
    """What became of one drive's line in an erasure report."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNMATCHED = "unmatched"


ERASURE_STATUSES = {
    ErasureStatus.ACCEPTED: _l("Effacé et vérifié"),
    ErasureStatus.REFUSED: _l("Preuve refusée"),
    ErasureStatus.UNMATCHED: _l("Support non reconnu"),
}


# Names of the standard (NIST SP 800-88), the same in every language.
LEVELS = {"clear": "Clear", "purge": "Purge", "destroy": "Destroy"}

VERIFICATIONS = {
    "all": _l("tous les passages relus"),
    "last": _l("dernier passage relu"),
    "none": _l("aucune relecture"),
}


class DonationState(StrEnum):
    """Where a donation stands."""

    ANNOUNCED = "announced"
    SCHEDULED = "scheduled"
    RECEIVED = "received"
    SORTED = "sorted"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class DeviceState(StrEnum):
    """Where a device stands."""

    RECEIVED = "received"
    TO_ERASE = "to_erase"
    ERASING = "erasing"
    TO_REFURBISH = "to_refurbish"
    TESTING = "testing"
    READY = "ready"
    RESERVED = "reserved"
    HANDED_OVER = "handed_over"
    IN_POOL = "in_pool"
    PARTS = "parts"
    WASTE = "waste"
    LOST = "lost"
    REFUSED = "refused"
