"""The enumerations of the workshop, each with its French word beside it; one file per noun."""

from refurb.inventory.words.devices import (
    DEVICE_KINDS,
    FLAG_KINDS,
    PAST_THE_GATE,
    SOLDERED,
    WITHOUT_DATA,
    DeviceKind,
    DeviceState,
    FlagKind,
)
from refurb.inventory.words.donations import LEGAL_ORIGINS, DonationState, LegalOrigin
from refurb.inventory.words.drives import HEALTHS, MEDIA, Health, Medium
from refurb.inventory.words.erasures import ERASURE_STATUSES, LEVELS, VERIFICATIONS, ErasureStatus

__all__ = [
    "DEVICE_KINDS",
    "ERASURE_STATUSES",
    "FLAG_KINDS",
    "HEALTHS",
    "LEGAL_ORIGINS",
    "LEVELS",
    "MEDIA",
    "PAST_THE_GATE",
    "SOLDERED",
    "VERIFICATIONS",
    "WITHOUT_DATA",
    "DeviceKind",
    "DeviceState",
    "DonationState",
    "ErasureStatus",
    "FlagKind",
    "Health",
    "LegalOrigin",
    "Medium",
]
