"""Reading the output of hardware tools, measured in this process."""

import time
from itertools import cycle, islice
from pathlib import Path

from refurb.inventory.readers.detect import read_hardware
from refurb.inventory.readers.errors import Unreadable

CHECKOUT = Path(__file__).resolve().parents[2]
REAL = CHECKOUT.parent / "shared" / "fixtures" / "open"
OWN = CHECKOUT / "tests" / "inventory" / "readers" / "samples"
FOLDERS = ("lshw", "lshw-xml", "machines", "dmidecode", "ereuse", "glpi", "hwinfo", "inxi", "smartctl", "smartctl-text", "windows")
REPORTS = 100


def hardware_reports_100_s() -> float:
    """Seconds for a hundred mixed reports: real ones where their folder is beside the checkout, else our samples again and again."""
    paths = [path for folder in FOLDERS for path in sorted((REAL / folder).rglob("*")) if path.is_file()] or sorted(OWN.iterdir())
    read = [content for content in (path.read_bytes() for path in paths) if _is_read(content)]
    mixed = list(islice(cycle(read), REPORTS))
    begun = time.perf_counter()
    for content in mixed:
        read_hardware(content)
    return round(time.perf_counter() - begun, 3)


def _is_read(content: bytes) -> bool:
    try:
        read_hardware(content)
    except Unreadable:
        return False
    return True
