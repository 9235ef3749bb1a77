"""Text as it is kept: signs that nobody sees, and those that no database takes, are left out of whatever comes in."""

import re
import unicodedata

# Unicode 15, general category Cf, less the few that are drawn (the Arabic number signs and such), and letters that are drawn as nothing.
_DRAWN = frozenset(map(chr, (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)))
_DRAWN_AS_NOTHING = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_BLANKS = str.maketrans(dict.fromkeys("\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029\u2800", " "))
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# A joiner belongs to the spelling between letters of the scripts that join or stack (Arabic to Sinhala), and inside one emoji.
_JOINS = "\u0600-\u08ff\u0900-\u0dff\ufb50-\ufdff\ufe0f\ufe70-\ufefc\u2600-\u27bf\U0001f000-\U0001faff"
_LOOSE_JOINER = re.compile(f"(?<![{_JOINS}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINS}])")


def without_controls(text: str) -> str:
    """The text without what no database takes and no page shows: NUL and other controls, halves of pairs; line ends and tabs stay."""
    if text.isprintable():
        return text
    return "".join(sign for sign in text if sign in "\n\r\t" or unicodedata.category(sign) not in {"Cc", "Cs"})


def clean(text: str, *, lines: bool) -> str:
    """The text in its one spelling: NFC, without controls and invisible signs; blanks folded on one line, or line ends made alike."""
    if text.isascii() and text.isprintable():
        return text.strip() if lines else " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    text = _LINE_ENDS.sub("\n", text) if lines else text.translate(_BLANKS)
    text = _LOOSE_JOINER.sub("", "".join(sign for sign in text if _is_seen(sign)))
    return text.strip() if lines else " ".join(text.split())


def _is_seen(sign: str) -> bool:
    kind = unicodedata.category(sign)
    if kind in {"Cc", "Cs", "Cn"}:
        return sign in "\n\r\t"
    return sign not in _DRAWN_AS_NOTHING and (kind != "Cf" or sign in "\u200c\u200d" or sign in _DRAWN)


def number_in(typed: str | None) -> int | None:
    """The whole number that a hidden field, a press or an argument holds, of nine digits at most; anything else is none."""
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 10 else None
