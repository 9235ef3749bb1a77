"""A text as a telephone gets it: in letters that count once, and as how many messages it is sent."""

from unicodedata import normalize

# The letters of GSM 03.38 (3GPP TS 23.038, 6.2.1) that a French text may need beside those of ASCII: seven bits each.
_GSM = frozenset("@£$¥èéùìòÇØøÅåΔ_ÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà\n")
_SINGLE, _PART = 160, 153
_STRAIGHT = {
    "\u202f": " ",
    "\u00a0": " ",
    "\u2019": "'",
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
}


def for_telephone(text: str) -> str:
    """A text in letters that every telephone shows and none counts twice: plain spaces, straight apostrophes, « ç » as « c »."""
    straight = "".join(_STRAIGHT.get(letter, letter) for letter in text)
    return "".join(map(_gsm, " ".join(straight.split())))


def _gsm(letter: str) -> str:
    if letter in _GSM or (letter.isascii() and letter.isalnum()):
        return letter
    return "".join(each for each in normalize("NFKD", letter) if each.isascii()) or "?"


def messages_needed(text: str) -> int:
    """How many messages a text of seven-bit letters is sent as."""
    return 1 if len(text) <= _SINGLE else -(-len(text) // _PART)
