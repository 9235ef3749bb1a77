"""The one form in which names and other words are compared and searched: small letters without accents, of the Latin alphabet."""

import unicodedata

from anyascii import anyascii

# What phones, keyboards and languages write for one apostrophe.
_APOSTROPHES = frozenset("'`´‘’‛ʹʻʼʽʾʿˈ′＇")


def _plain(letter: str) -> str:
    """One letter of a decomposed text in ASCII; signs that are no letters stay, since « n° » and « € » are looked for as they are."""
    kind = unicodedata.category(letter)
    if letter in _APOSTROPHES:
        return "'"
    if unicodedata.combining(letter) or kind in {"Cc", "Cf", "Cs"}:
        return ""
    if kind[0] in "LMN":
        spelt = anyascii(letter)
        # The apostrophes in it stand for signs that are none: « Олень » is « olen ».
        return spelt.replace("'", "") if spelt else letter
    return "-" if kind == "Pd" else letter


def fold(*texts: str | None) -> str:
    """The searchable form of some texts, words apart by one space: « L’Œuvre » is `l'oeuvre`, « Олена » is `olena`.

    Doing it twice changes nothing.
    """
    joined = " ".join(text for text in texts if text)
    if not joined.isascii():
        decomposed = unicodedata.normalize("NFKD", joined.casefold())
        # A blank of any kind is one; done before what is invisible goes, so that a line end still parts two words.
        joined = "".join(" " if letter.isspace() else letter if letter.isascii() else _plain(letter) for letter in decomposed)
    return " ".join(joined.casefold().replace("`", "'").split())


def squeeze(*texts: str | None) -> str:
    """Each text folded and without every sign that is no letter or digit; texts apart by one space."""
    bare = ("".join(letter for letter in fold(each) if letter.isalnum()) for each in texts)
    return " ".join(each for each in bare if each)


def slug(text: str) -> str:
    """A text as a part of an address: « Démarrer l'effacement » is `demarrer-l-effacement`."""
    return "-".join(words_of(text, most=20))


def words_of(typed: str, most: int = 8) -> list[str]:
    """The words of what somebody typed, parted by every sign: « L'Atelier » and « Jean-Pierre » are two each."""
    return "".join(letter if letter.isalnum() else " " for letter in fold(typed)).split()[:most]
