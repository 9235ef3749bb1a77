"""What a drive stores on, and how it fares."""

from enum import StrEnum

from refurb.kernel.speech.words import _l


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
