"""How a name sounds, roughly: its spellings in several languages come to one text."""

from refurb.kernel.speech.folding import fold

LONGEST = 4
"""Letters of a sound: more would keep apart what is misspelt at its end."""
_GROUPS = (("tch", "s"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("dj", "g"), ("kh", "k"), ("gh", "g"), ("ph", "f"))
_ALIKE = str.maketrans({"c": "k", "q": "k", "z": "s", "x": "s", "v": "f", "j": "g"})
_DUMB = frozenset("aeiouyhw")


def sound(name: str) -> str:
    """Its first letter and the consonants after it, four in all: « Mohammed » is `mmd`, « Chevtchenko » and « Shevchenko » are `sfsn`.

    Letters that languages write for one another are one, h, w, y and vowels are not heard, a double is heard once. Of Soundex, Metaphone,
    NYSIIS and itself, it finds most people of ten origins again (measured in `referrals/households/README.md`).
    """
    letters = "".join(letter for letter in fold(name) if letter.isalpha())
    for written, heard in _GROUPS:
        letters = letters.replace(written, heard)
    letters = letters.translate(_ALIKE)
    found = "a" if letters[:1] in _DUMB and letters else letters[:1]
    for letter in letters[1:]:
        if letter not in _DUMB and letter != found[-1]:
            found += letter
    return found[:LONGEST]
