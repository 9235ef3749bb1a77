"""The text of a PDF's first pages through pypdf, within its bounds. Loaded and run apart, as `certificate_text` asks for it."""

import io
import logging
import re
from typing import Any

from pypdf import Configuration, PdfReader, apply_configuration

from refurb.inventory.readers.errors import Unreadable

_MOST_PAGES = 40
_MOST_OPERATIONS = 60_000
_INFLATED = 8 * 2**20
_BOUNDS: dict[str, Any] = {
    "maximum_declared_stream_length": _INFLATED,
    "array_based_stream_maximum_output_length": _INFLATED,
    "lzw_maximum_output_length": _INFLATED,
    "run_length_maximum_output_length": _INFLATED,
    "zlib_maximum_output_length": _INFLATED,
    "zlib_maximum_recovery_input_length": 2**20,
    "flate_maximum_row_length": 2**20,
    "stream_decoding_work_maximum_length": 4 * _INFLATED,
    "stream_parsing_work_maximum_count": 200_000,
    "page_tree_maximum_entries": 2_000,
    "page_tree_maximum_page_entries": 2_000,
    "xform_maximum_invocations_per_extraction": 100,
    "disable_legacy_handling": True,
}

# It tells every flaw of a damaged file on the standard error; what cannot be read is refused by us.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class _TooMuchError(Exception):
    """The pages draw more than any certificate does."""


def read_pages(data: bytes, end: re.Pattern[str]) -> list[str]:
    """The pages before the first one where `end` is found; raises Unreadable when the file is damaged, locked or absurd."""
    try:
        with apply_configuration(Configuration(**_BOUNDS)):
            return _pages_before(data, end)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a damaged PDF raises anything at all in the library
        raise Unreadable("report.damaged") from None


def _pages_before(data: bytes, end: re.Pattern[str]) -> list[str]:
    left = _MOST_OPERATIONS

    def count(*_operation: Any) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise _TooMuchError

    found: list[str] = []
    for page in PdfReader(io.BytesIO(data), strict=False).pages:
        text = page.extract_text(visitor_operand_before=count)
        if end.search(text) or len(found) >= _MOST_PAGES:
            break
        found.append(text)
    return found
