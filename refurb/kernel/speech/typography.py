"""Sets French text as it is printed: narrow spaces, guillemets and apostrophes, on the way out and never in storage.

Rules: « Lexique des règles typographiques en usage à l'Imprimerie nationale ».
"""

import re
from functools import lru_cache

NARROW = "\N{NARROW NO-BREAK SPACE}"
WIDE = "\N{NO-BREAK SPACE}"
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"

# What is never touched: places to be filled; then tags with their attributes, entities, web and mail addresses,
# the label's codes (R7K2-4MXQ) and references (DN-2026-0031).
_UNTOUCHED = re.compile(
    r"(?P<place>%\(\w+\)[sd]|\{\w*\})"
    r"|<[^<>]*>"
    r"|&(?:#\d+|#x[0-9a-fA-F]+|\w+);"
    r"|\b(?:https?://|www\.|mailto:)[^\s<>«»]+"
    r"|(?<![\w.+'-])[\w.+'-]++@[\w-]+\.[\w.]+"
    r"|\b[0-9A-Z]{2,4}(?:-[0-9A-Z]{4})+\b"
    r"|[\ue000-\uf8ff]"
)
# While the spaces are set, each of them is one private character. A place counts as a figure for the unit after it.
_PLACES_FROM, _OTHERS_FROM = 0xE000, 0xF000
_MOST = 0xF8FF - _OTHERS_FROM
_PLACE = "[\ue000-\uefff]"
_ANY = "[\ue000-\uf8ff]"
_FIGURE = rf"(?:\d|{_PLACE})"

_BLANK = rf"[ {WIDE}{NARROW}]"
_UNITS = (
    r"%%|%|€|°C|[kMGT]o|[kMGT]?W|Wh|[kMG]?Hz|m?Ah|V|kg|g|t|mm|cm|km|m²|m|min|ms|s|h|j"
    r"|jours?|heures?|minutes?|secondes?|semaines?|mois|ans?|pouces?"
)

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_BLANK}+([;!?])"), rf"{NARROW}\1"),
    (re.compile(rf"{_BLANK}+:(?![\w/)(])"), f"{WIDE}:"),
    (re.compile(rf"«{_BLANK}*"), f"«{NARROW}"),
    (re.compile(rf"{_BLANK}*»"), f"{NARROW}»"),
    (re.compile(rf"({_FIGURE}){_BLANK}h{_BLANK}({_FIGURE})"), rf"\1{NARROW}h{NARROW}\2"),
    (re.compile(rf"({_FIGURE}){_BLANK}({_UNITS})(?![\w'{APOSTROPHE}])"), rf"\1{NARROW}\2"),
    (re.compile(rf"\b([nN]°){_BLANK}(?={_FIGURE})"), rf"\1{WIDE}"),
    (re.compile(rf"(?<=\w)'(?=\w|«|{_ANY})"), APOSTROPHE),
)
_THOUSANDS = re.compile(rf"(?<![\d.,])\d{{1,3}}(?:{_BLANK}\d{{3}})+(?!\d)")


@lru_cache(maxsize=8192)
def french(text: str) -> str:
    """Return `text` with French spacing; doing it twice changes nothing.

    U+202F stands before ; ! ? and units, inside « », in thousands and in « 14 h 07 »; U+00A0 before a colon and
    between « n° » and its figure; ’ for the typed apostrophe. Tags, addresses, codes, references and %(places)s come
    out as they went in.
    """
    kept: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        if len(kept) >= _MOST:
            raise ValueError("too much markup to set in one go")
        kept.append(found.group())
        return chr((_PLACES_FROM if found["place"] else _OTHERS_FROM) + len(kept) - 1)

    def give_back(mark: re.Match[str]) -> str:
        number = ord(mark.group())
        return kept[number - (_OTHERS_FROM if number >= _OTHERS_FROM else _PLACES_FROM)]

    set_text = _UNTOUCHED.sub(put_aside, text)
    set_text = _THOUSANDS.sub(lambda figure: re.sub(_BLANK, NARROW, figure.group()), set_text)
    for pattern, replacement in _RULES:
        set_text = pattern.sub(replacement, set_text)
    return re.sub(_ANY, give_back, set_text)
