"""The codes on labels and cards: how they are made, checked, written, and read back from whatever a scanner types.

A code is eight symbols, `R7K2-4MXQ` in print and `R7K24MXQ` in a QR. The alphabet is Crockford's base 32 less the vowels A and E (no
word appears by accident) and less 0 (nobody has to tell it from O): 29 symbols, a prime, so that one check symbol of the same alphabet
catches every wrong symbol and every swap of two.
"""

import re
import secrets

from refurb.kernel.speech.errors import Refusal

ALPHABET = "123456789BCDFGHJKMNPQRSTVWXYZ"
LENGTH = 8
BASE = len(ALPHABET)

_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_ADDRESS = re.compile(r"/S/([^/?#\s]+)/?(?:[?#].*)?\Z", re.IGNORECASE)
_DIGIT_KEYS = re.compile(r"[&é\"'(è_çà]")
_DIGIT = re.compile(r"[0-9]")
_CODE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}\Z")
_MEANT = re.compile(rf"[0-9A-Z]{{{LENGTH - 1},{LENGTH + 1}}}\Z")
_NOISE = re.compile(r"[\s\u2010-\u2015\u2212-]+")
# Crockford's forgiveness: I and L are read as 1.
_FORGIVEN = str.maketrans("IL", "11")
# A scanner set to a US keyboard, on a computer set to AZERTY: what arrives → which key was meant.
_AZERTY = str.maketrans(
    "&é\"'(-è_çàÉÈÇÀ)!:§;aAqQzZwW,?mM",
    "12345678902790-/.?,qQaAwWzZmM;:",
)


class UnreadableCode(Refusal):
    """What was typed or scanned is no code of ours: wrong length, a foreign symbol, or a check symbol that does not fit."""

    code = "code.unreadable"
    status = 422


def check_symbol(body: str) -> str:
    """The eighth symbol for seven others."""
    return ALPHABET[sum(weight * _VALUE[symbol] for weight, symbol in enumerate(body, start=1)) % BASE]


def new_code() -> str:
    """A random code, check symbol included; 29**7 of them exist, the database refuses the one in 17 billion that comes twice."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + check_symbol(body)


def spell(code: str) -> str:
    """The code as people read it: two groups of four."""
    return f"{code[:4]}-{code[4:]}"


def address(code: str, base_url: str) -> str:
    """The address printed in the QR: upper case, so that the QR stays in its small alphanumeric mode."""
    return f"{base_url.rstrip('/')}/S/{code}".upper()


def find_code(typed: str) -> str | None:
    """The code in a bare code, an address of any host, with spaces, dashes, lower case or a mistaken keyboard; else None."""
    text = typed.strip().rstrip("/")
    # Only where the signs of its digit keys betray the keyboard: tried on every text, it would make codes of misread ones.
    readings = (text, text.translate(_AZERTY)) if _DIGIT_KEYS.search(text) and not _DIGIT.search(text) else (text,)
    for reading in readings:
        found = _ADDRESS.search(reading)
        candidate = _NOISE.sub("", found.group(1) if found else reading).upper().translate(_FORGIVEN)
        if _CODE.match(candidate) and check_symbol(candidate[:-1]) == candidate[-1]:
            return candidate
    return None


def looks_like_code(typed: str) -> bool:
    """Whether something was meant for a code of ours, readable or not: about its length, with a digit or without a vowel; or an address.

    Nobody is called so: « Philibert » has vowels and no digit.
    """
    found = _ADDRESS.search(typed.strip())
    bare = _NOISE.sub("", found.group(1) if found else typed).upper()
    is_word = not any(sign.isdigit() for sign in bare) and any(sign in "AEIOUY" for sign in bare)
    return bool(found) or (bool(_MEANT.match(bare)) and not is_word)


def read_code(typed: str) -> str:
    """Like `find_code`, but raises `UnreadableCode` when there is none."""
    code = find_code(typed)
    if code is None:
        raise UnreadableCode(typed=typed.strip()[:60])
    return code
