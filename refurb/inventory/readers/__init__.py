"""Readers of what the bench's tools print: pure functions from bytes to facts, one file per tool."""

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.erasure.detect import read_erasure
from refurb.inventory.readers.errors import CODES, Unreadable
from refurb.inventory.readers.facts import (
    BatteryFacts,
    DriveFacts,
    ErasureFacts,
    ErasureReportFacts,
    HardwareFacts,
    HostFacts,
    RamModule,
    ReportWarning,
)
from refurb.inventory.readers.merge import merge

__all__ = [
    "CODES",
    "BatteryFacts",
    "DriveFacts",
    "ErasureFacts",
    "ErasureReportFacts",
    "HardwareFacts",
    "HostFacts",
    "RamModule",
    "ReportWarning",
    "Unreadable",
    "merge",
    "read_erasure",
    "read_hardware",
]
