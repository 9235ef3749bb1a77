"""What the workshop stores; one file per noun."""

from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.models.drives import Drive, DriveStay
from refurb.inventory.models.erasures import Erasure
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.models.parts import Part, PartMove
from refurb.inventory.models.reports import ErasureReport, HardwareReport

__all__ = [
    "CheckResult",
    "Device",
    "DeviceMac",
    "Donation",
    "DonationLine",
    "Drive",
    "DriveStay",
    "Erasure",
    "ErasureReport",
    "Flag",
    "HardwareReport",
    "Part",
    "PartMove",
]
