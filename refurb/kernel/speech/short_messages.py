"""A text as a telephone gets it: in letters that count once, how long it is, and as how many messages it is sent.

3GPP TS 23.038: §6.2.1 has the seven-bit letters, §6.2.1.1 those of its extension, which count twice; a text with any other letter goes in
UCS-2 (§6.2.3). One message holds 140 octets; each part of a longer one loses six of them to a header (3GPP TS 23.040, §9.2.3.24.1).
"""

import re
from dataclasses import dataclass
from typing import Final
from unicodedata import category, normalize

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_ONE, _PART = 160, 153
_ONE_UCS2, _PART_UCS2 = 70, 67
MOST_PARTS: Final = 3
"""More than that is a letter: it costs as many messages, and some telephones show it in pieces."""
_STRAIGHT: Final = {
    **dict.fromkeys("\u202f\u00a0\u2009", " "),
    **dict.fromkeys("\u2018\u2019\u201a\u2032`´", "'"),
    **dict.fromkeys("«»“”„\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212•", "-"),
    "…": "...",
    "·": ".",
    "°": "o",
    "º": "o",
    "µ": "u",
    "×": "x",
    "\u2044": "/",
    "œ": "oe",
    "Œ": "OE",
}
_WITHIN: Final = re.compile(r"(?<=«)\s+|\s+(?=»)")


@dataclass(frozen=True)
class Measured:
    """How long a text is: `letters` as they count, those of the extension twice; `is_plain` where seven bits do; in how many `parts`."""

    letters: int
    is_plain: bool
    parts: int


def measured(text: str) -> Measured:
    """How a text is sent. A letter that counts twice is never cut in two, so a part may end one short of 153."""
    if all(each in _BASIC or each in _EXTENDED for each in text):
        widths = [2 if each in _EXTENDED else 1 for each in text]
        return Measured(sum(widths), is_plain=True, parts=_parts(widths, _ONE, _PART))
    widths = [len(each.encode("utf-16-be")) // 2 for each in text]
    return Measured(sum(widths), is_plain=False, parts=_parts(widths, _ONE_UCS2, _PART_UCS2))


def _parts(widths: list[int], whole: int, part: int) -> int:
    if sum(widths) <= whole:
        return 1
    parts, room = 1, part
    for width in widths:
        if width > room:
            parts, room = parts + 1, part
        room -= width
    return parts


def messages_needed(text: str) -> int:
    """How many messages a text is sent as."""
    return measured(text).parts


def for_telephone(text: str) -> str:
    """A text in letters that every telephone shows: plain spaces, straight apostrophes, « ç » as « c »; « € » stays, and counts twice."""
    straight = "".join(_STRAIGHT.get(letter, letter) for letter in _WITHIN.sub("", text) if category(letter) != "Cf")
    return "".join(map(_gsm, " ".join(straight.split())))


def _gsm(letter: str) -> str:
    if letter in _BASIC or letter in _EXTENDED:
        return letter
    return "".join(each for each in (_STRAIGHT.get(found, found) for found in normalize("NFKD", letter)) if each.isascii()) or "?"
