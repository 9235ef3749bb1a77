"""The names of organisations within a sentence: « du Relais numérique », « à la Ville de Poitiers », « d’Emmaüs »."""

import re
import unicodedata

from refurb.kernel.speech.typography import APOSTROPHE
from refurb.kernel.speech.words import language

_ARTICLE = re.compile(r"(?i:(les?)\s+(?=\S)|(?:la\s+|l['’]\s*)(?=\S))")

# Nouns with which organisations begin, and the article that they take where the name has none.
_FEMININE = frozenset({
    "agence", "agglomération", "amicale", "antenne", "association", "banque", "bibliothèque", "caisse", "chambre", "collectivité",
    "communauté", "commune", "confédération", "coopérative", "cyberbase", "direction", "fabrique", "fondation", "fédération",
    "ligue", "mairie", "maison", "mission", "médiathèque", "métropole", "plateforme", "préfecture", "recyclerie", "ressourcerie",
    "régie", "région", "société", "structure", "union", "université", "ville", "école", "épicerie",
})  # fmt: skip
_MASCULINE = frozenset({
    "atelier", "bureau", "ccas", "centre", "cias", "club", "collectif", "collège", "comité", "conseil", "département", "espace",
    "fablab", "foyer", "groupe", "groupement", "hôpital", "institut", "lycée", "ministère", "office", "pays", "point", "pôle",
    "rectorat", "relais", "réseau", "service", "syndicat", "tiers-lieu",
})  # fmt: skip
_PLURAL = frozenset({
    "amis", "archives", "ateliers", "bibliothèques", "centres", "compagnons", "ecoles", "jardins", "médiathèques", "restaurants",
    "restos", "services", "écoles",
})  # fmt: skip

# An h before which nothing is elided, by how its words begin.
_ASPIRATED = (
    "hach", "hague", "haie", "hall", "hamac", "hameau", "hand", "hangar", "hard", "harnais", "harpe", "hasard", "haut", "havre",
    "haye", "herisson", "heron", "heros", "hetre", "hibou", "hip", "hobby", "hockey", "holland", "homard", "hongr", "hors",
    "hotte", "houblon", "houille", "hub", "hublot", "huit", "hurl", "hutte",
)  # fmt: skip
_NOT_ELIDED = frozenset({"onze", "onzieme", "oui", "ouistiti", "yaourt", "yoga"})


def of_name(name: str) -> str:
    """The name after « de » in French, contracted or elided as it wants; elsewhere the bare name, whose sentence says the rest."""
    if language() != "fr":
        return name
    article, rest = _parted(name)
    joined = {"le": f"du {rest}", "les": f"des {rest}", "la": f"de la {rest}", "l": f"de l{APOSTROPHE}{rest}", "own": f"de {name}"}
    return joined.get(article) or (f"d{APOSTROPHE}{name}" if _is_elided(name) else f"de {name}")


def to_name(name: str) -> str:
    """The name after « à » in French; in another language the bare name."""
    if language() != "fr":
        return name
    article, rest = _parted(name)
    joined = {"le": f"au {rest}", "les": f"aux {rest}", "la": f"à la {rest}", "l": f"à l{APOSTROPHE}{rest}"}
    return joined.get(article, f"à {name}")


def core_name(name: str) -> str:
    """The name without an article that « de » and « à » swallow: what is found of it in any sentence."""
    found = _ARTICLE.match(name)
    return name[found.end() :] if found and found[1] else name


def _parted(name: str) -> tuple[str, str]:
    """Which article the name wants (le, les, la, l; own for one that stays as it is; none), and what follows it."""
    found = _ARTICLE.match(name)
    if found:
        return (found[1].casefold(), name[found.end() :]) if found[1] else ("own", name)
    noun = re.split(r"[\s,]", name, maxsplit=1)[0].casefold()
    if noun in _PLURAL:
        return "les", name
    if noun in _FEMININE or noun in _MASCULINE:
        return "l" if _is_elided(name) else "la" if noun in _FEMININE else "le", name
    return "", name


def _is_elided(name: str) -> bool:
    word = re.split(r"[\W_]", _plain(name), maxsplit=1)[0]
    if not word or word in _NOT_ELIDED:
        return False
    if word[0] == "h":
        return word[1:2] in set("aeiouy") and not word.startswith(_ASPIRATED)
    if word[0] == "y":
        return len(word) > 1 and word[1] not in set("aeiou")
    return word[0] in set("aeiou")


def _plain(name: str) -> str:
    """In small letters, without accents."""
    whole = name.casefold().replace("œ", "oe").replace("æ", "ae")
    return "".join(each for each in unicodedata.normalize("NFD", whole) if not unicodedata.combining(each))
