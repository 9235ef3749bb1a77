"""What comes in about donations, devices and drives; one file per noun."""

from refurb.inventory.schemas.devices import DeviceFacts, FlagToLift, NewFlag, OneMore
from refurb.inventory.schemas.donations import Acceptance, NewDonation, NewPaper, announced_lines
from refurb.inventory.schemas.intake import Appointment, DonationRefused, DonorAnswered, DonorAsked
from refurb.inventory.schemas.moves import MOST_OF_A_KIND, ComponentTold, Count, Counts, Merging, Pooling, Reason, RefusedTold, WasteExit

__all__ = [
    "MOST_OF_A_KIND",
    "Acceptance",
    "Appointment",
    "ComponentTold",
    "Count",
    "Counts",
    "DeviceFacts",
    "DonationRefused",
    "DonorAnswered",
    "DonorAsked",
    "FlagToLift",
    "Merging",
    "NewDonation",
    "NewFlag",
    "NewPaper",
    "OneMore",
    "Pooling",
    "Reason",
    "RefusedTold",
    "WasteExit",
    "announced_lines",
]
