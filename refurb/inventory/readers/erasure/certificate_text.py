"""The text of a PDF's first pages, within bounds: a certificate is a few hundred words, whatever its file weighs."""

import re

from refurb.inventory.readers.errors import Unreadable
from refurb.kernel.deeds.apart import Bounds, TooMuchWork, apart

MAX_BYTES = 16 * 2**20
"""The largest PDF, in bytes: nwipe's weighs half a megabyte, and about as much again for each drive."""
# Forty pages are read, a tenth of a second each on a slow machine.
_BOUNDS = Bounds(processor_s=8)


def pages_before(data: bytes, end: re.Pattern[str]) -> list[str]:
    """The text of the pages before the first one where `end` is found; raises Unreadable when the file is damaged, locked or absurd."""
    if len(data) > MAX_BYTES:
        raise Unreadable("report.too_large", size_mb=-(-len(data) // 2**20), limit_mb=MAX_BYTES // 2**20)
    try:
        pages: list[str] = apart("refurb.inventory.readers.erasure.certificate_pages:read_pages", data, end, bounds=_BOUNDS)
    except TooMuchWork:
        raise Unreadable("report.too_much_work") from None
    return pages
