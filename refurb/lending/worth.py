"""Money and weights, as papers and pages say them."""

from collections.abc import Iterable

from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.words import _


def euros(cents: int | None) -> str:
    """An amount as French papers write it: « 1 290,50 € »; a value that nobody entered is not nothing, it is not known."""
    if cents is None:
        return _("non estimée")
    return euros_said(cents)


def worth(parts: Iterable[tuple[int | None, int]]) -> str:
    """What some pieces would cost to replace, from the value of one and how many of each: what is not known is said, and not counted."""
    told = [(cents, quantity) for cents, quantity in parts if quantity]
    known = [cents * quantity for cents, quantity in told if cents is not None]
    if not known:
        return _("non estimée")
    total = euros(sum(known))
    return total if len(known) == len(told) else _("%(total)s, sans ce qui n'est pas estimé", total=total)


def grams(milligrams: int | None) -> str:
    """A weight as a scale shows it: « 12,5 g »; one that nobody entered is not nothing, it is not known."""
    if milligrams is None:
        return _("non pesé")
    whole, rest = divmod(milligrams, 1000)
    tail = f",{rest:03d}".rstrip("0").rstrip(",")
    return f"{whole:,}".replace(",", "\u202f") + f"{tail}\u202fg"
