"""What donors call a machine, and what its model betrays: from their words to ours."""

import re
from functools import lru_cache

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.database import fold

K = DeviceKind
_LONGEST_WORD = 200

# Tried in this order on folded text: what is said of a thing that goes with a machine comes before the machine.
_KINDS: tuple[tuple[DeviceKind, str], ...] = (
    (K.OTHER, "dock, station d'accueil, clavier, souris, sacoche, chargeur, webcam, casque, cable, adaptateur, switch, routeur, serveur"),
    (K.OTHER, "server, onduleur, videoproj, projecteur, projector, borne wifi, telephone fixe, telephone ip, keyboard, mouse, accessor"),
    (K.OTHER, "peripheri"),
    (K.DESKTOP, "tout en un, tout-en-un, all in one, all-in-one, =aio"),
    (K.LAPTOP, "portable, laptop, notebook, netbook, ultrabook, macbook, chromebook, 2 en 1, 2-en-1, convertible"),
    (K.TABLET, "tablet, ipad"),
    (K.SMARTPHONE, "smartphone, iphone, telephone, mobile phone, handset, =gsm"),
    (K.MONITOR, "ecran, moniteur, monitor, display, =lcd, =tft"),
    (K.PRINTER, "imprimante, printer, multifonction, copieur, scanner"),
    (
        K.DESKTOP,
        "=fixe, =fixes, =uc, unite centrale, unites centrales, desktop, =tour, tower, workstation, station de travail, mini pc, mini-pc",
    ),
    (K.DESKTOP, "minipc, =nuc, =sff, =imac, computer, ordinateur de bureau, poste de travail"),
    (K.OTHER, "=autre, =autres, =other, divers"),
)
_MODELS: tuple[tuple[DeviceKind, str], ...] = (
    (
        K.LAPTOP,
        "macbook, latitude, elitebook, probook, zbook, thinkpad, ideapad, travelmate, vivobook, zenbook, aspire 3, aspire 5, aspire 7",
    ),
    (
        K.LAPTOP,
        "lifebook, portege, tecra, inspiron 13, inspiron 14, inspiron 15, inspiron 17, xps 13, xps 15, xps 17, chromebook, satellite",
    ),
    (
        K.DESKTOP,
        "optiplex, elitedesk, prodesk, thinkcentre, veriton, esprimo, =imac, mac mini, macmini, precision t, compaq pro, compaq elite",
    ),
    (K.DESKTOP, "compaq dc, proone, eliteone"),
    (K.TABLET, "ipad, galaxy tab, surface go, surface pro, mediapad"),
    (K.SMARTPHONE, "iphone, galaxy a, galaxy s, galaxy j, redmi, pixel, xperia"),
    (K.PRINTER, "laserjet, officejet, ecotank, workforce, mfc-, hl-"),
    (K.MONITOR, "ultrasharp, elitedisplay, syncmaster, thinkvision"),
)
_MAKERS = (
    "dell, hp, hewlett packard, hewlett-packard, lenovo, acer, asus, asustek, apple, samsung, toshiba, dynabook, fujitsu, msi, sony, "
    "microsoft, huawei, xiaomi, lg, iiyama, benq, philips, aoc, eizo, brother, epson, canon, packard bell, panasonic, nec, google, "
    "terra, wortmann"
)


def _pattern(words: str) -> str:
    """Any of the words at the beginning of a word; one after « = » as a whole word."""
    return "|".join(rf"\b{re.escape(word[1:])}\b" if word[0] == "=" else rf"\b{re.escape(word)}" for word in words.split(", "))


_KIND_WORDS = tuple((re.compile(_pattern(words)), kind) for kind, words in _KINDS)
_MODEL_WORDS = tuple((re.compile(_pattern(words)), kind) for kind, words in _MODELS)
_MAKER = re.compile(rf"(?:{_MAKERS.replace(', ', '|')})\b")


def folded_word(text: str) -> str:
    """A word of a donor's as it is kept and looked up: folded, and cut where it is endless."""
    return fold(text)[:_LONGEST_WORD]


@lru_cache(maxsize=4096)
def kind_word(text: str) -> DeviceKind | None:
    """The kind that a donor's word names: « PC portable », « UC », « Écran 24 pouces »; None for a word that names none."""
    folded = fold(text).replace("’", "'")
    if folded in set(DeviceKind):
        return DeviceKind(folded)
    return next((kind for pattern, kind in _KIND_WORDS if pattern.search(folded)), None)


@lru_cache(maxsize=4096)
def kind_of_model(text: str) -> DeviceKind | None:
    """The kind that a model can only be: a Latitude is a laptop; None where a name says nothing."""
    folded = fold(text)
    return next((kind for pattern, kind in _MODEL_WORDS if pattern.search(folded)), None) if folded else None


@lru_cache(maxsize=4096)
def maker_word(text: str) -> bool:
    """Whether the text begins with the name of a maker of computers."""
    return _MAKER.match(fold(text)) is not None
