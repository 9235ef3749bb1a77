"""Looking up donations, devices, drives and what is known of them; one file per noun."""

from refurb.inventory.queries.devices import answers_of, device_by_code, gate_of, raised_flags, standing
from refurb.inventory.queries.donations import donation_by_reference
from refurb.inventory.queries.drives import drives_ever_in, proofs_of, unproven_drives
from refurb.inventory.queries.review import unmatched_count

__all__ = [
    "answers_of",
    "device_by_code",
    "donation_by_reference",
    "drives_ever_in",
    "gate_of",
    "proofs_of",
    "raised_flags",
    "standing",
    "unmatched_count",
    "unproven_drives",
]
