"""From the bytes of an upload to text: encodings, colour codes, line ends; what is not text is refused here."""

import codecs
import re

from refurb.inventory.readers.errors import Unreadable

MAX_BYTES = 4 * 2**20
"""The largest report, in bytes: real ones stay under 200 kB, GLPI's under 1.5 MB."""

_MAGIC = (
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
    b"\xd0\xcf\x11\xe0",
    b"BZh",
    b"\xfd7zXZ",
    b"SQLite format 3\x00",
    b"MZ\x90\x00",
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What Windows writes to files in Western Europe, and what its console does: the same letters under other numbers.
_CODE_PAGES = ("cp1252", "cp850", "cp437")
_BEYOND_ASCII = re.compile(r"(^|[\s\S])([^\x00-\x7f])(?=([\s\S]?))")
_PLAIN_SIGNS = frozenset("\u00a0\u202f\u2019«»°–’")
_ANSI = re.compile(r"\x1b(?:\[[0-?]{0,40}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,200}(?:\x07|\x1b\\)|[()][0-9A-B]|[=>78cM])")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decode(data: bytes) -> str:
    """The text of a report, lines ended the Unix way; raises Unreadable when it is empty, too large, a PDF or not text."""
    if len(data) > MAX_BYTES:
        raise Unreadable("report.too_large", size_mb=-(-len(data) // 2**20), limit_mb=MAX_BYTES // 2**20)
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Unreadable("report.empty")
    if b"%PDF-" in data[:1024]:
        raise Unreadable("report.is_pdf")
    if data.startswith(_MAGIC):
        raise Unreadable("report.is_binary")
    text = _decoded(data)
    if "\x1b" in text:
        text = _ANSI.sub("", text)
    # A log cut by a power failure ends in NULs; anywhere else they mean that this is not text.
    text = text.rstrip("\x00").replace("\r\n", "\n").replace("\r", "\n")
    if len(_CONTROL.findall(text[:65536])) * 50 > len(text[:65536]):
        raise Unreadable("report.is_binary")
    if not text.strip():
        raise Unreadable("report.empty")
    return text


def _decoded(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "replace")
    wide = _wide_encoding(data[:4096])
    if wide:
        return data.decode(wide, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # An upload cut in the middle of a character is still UTF-8.
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return data[: error.start].decode("utf-8")
        return max((data.decode(encoding, "replace") for encoding in _CODE_PAGES), key=_likelihood)


def _likelihood(text: str) -> int:
    """How much the signs beyond ASCII look like words and numbers: letters within words, blanks within numbers, quotes and degrees."""
    score = 0
    for found in _BEYOND_ASCII.finditer(text[:65536]):
        before, sign, after = found.groups()
        if sign in _PLAIN_SIGNS:
            score += 1
        elif not sign.isalpha() or ord(sign) > 0x17F:
            score -= 2
        elif sign.islower():
            score += 2 if before.isalpha() or after.isalpha() or not before.strip() else 1
        else:
            score += 1 if not before.islower() else -2
    return score


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 without its mark, as some redirections write it: every second byte of plain text is zero."""
    half = len(head) // 2
    if half < 2:
        return None
    if head[1::2].count(0) > half * 0.8 and head[0::2].count(0) < half * 0.2:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.8 and head[1::2].count(0) < half * 0.2:
        return "utf-16-be"
    return None
