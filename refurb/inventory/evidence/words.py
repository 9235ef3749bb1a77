"""The shapes of machines, as people say them."""

from refurb.kernel.speech.words import _l, _lp

CHASSIS = {
    "laptop": _l("Ordinateur portable"),
    "desktop": _l("Ordinateur fixe"),
    "all_in_one": _l("Tout-en-un"),
    "mini": _l("Mini-ordinateur"),
    "tablet": _lp("device kind", "Tablette"),
    "server": _l("Serveur"),
}
