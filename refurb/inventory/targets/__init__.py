"""What a machine is worth: the grade, the smallest configuration and Windows 11, as pure rules over config/policy/targets.toml."""

from refurb.inventory.targets.configuration import Configuration, Storage
from refurb.inventory.targets.firmware import Firmware, firmware_in
from refurb.inventory.targets.grade import Grade, Points, grade_of
from refurb.inventory.targets.policy import Targets, targets
from refurb.inventory.targets.processors import Processor, processor_of
from refurb.inventory.targets.requirements import Line, overall, smallest, windows_11

__all__ = [
    "Configuration",
    "Firmware",
    "Grade",
    "Line",
    "Points",
    "Processor",
    "Storage",
    "Targets",
    "firmware_in",
    "grade_of",
    "overall",
    "processor_of",
    "smallest",
    "targets",
    "windows_11",
]
