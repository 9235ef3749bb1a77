"""What the workshop stores; one file per noun."""

from refurb.inventory.models.appointments import Appointment, DonorQuestion
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device, Flag
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.models.drives import Drive, DriveStay
from refurb.inventory.models.duplicates import ToldApart
from refurb.inventory.models.erasures import Erasure
from refurb.inventory.models.label_runs import LabelRun, LabelRunCode
from refurb.inventory.models.lists import DeclaredItem, DonorList, ListMapping
from refurb.inventory.models.macs import DeviceMac
from refurb.inventory.models.parts import Part, PartMove
from refurb.inventory.models.proposals import Proposal
from refurb.inventory.models.refused_lots import RefusedLot
from refurb.inventory.models.reports import ErasureReport, HardwareReport
from refurb.inventory.models.statements import Destruction, ErasureStatement
from refurb.inventory.models.targets import DeviceTarget
from refurb.inventory.models.waste import WasteBatch, WasteLine
from refurb.inventory.models.work import BatchLine, Holding

__all__ = [
    "Appointment",
    "BatchLine",
    "CheckResult",
    "DeclaredItem",
    "Destruction",
    "Device",
    "DeviceMac",
    "DeviceTarget",
    "Donation",
    "DonationLine",
    "DonorList",
    "DonorQuestion",
    "Drive",
    "DriveStay",
    "Erasure",
    "ErasureReport",
    "ErasureStatement",
    "Flag",
    "HardwareReport",
    "Holding",
    "LabelRun",
    "LabelRunCode",
    "ListMapping",
    "Part",
    "PartMove",
    "Proposal",
    "RefusedLot",
    "ToldApart",
    "WasteBatch",
    "WasteLine",
]
