"""From codes to sentences: what a refusal or a fault says to people, in their language."""

from typing import Any

from flask_babel import Domain, get_locale

from refurb.kernel.errors import Fault, Refusal
from refurb.kernel.typography import french

_refusals = Domain(domain="refusals")


def sentence(refusal: Refusal | Fault) -> str:
    """The sentence of a refusal or a fault, with its facts in place."""
    template: str = _refusals.get_translations().ugettext(refusal.code)
    try:
        text = template % _Facts(refusal.facts)
    except (TypeError, ValueError):
        text = template
    locale = get_locale()
    return french(text) if locale is None or locale.language == "fr" else text


class _Facts(dict[str, Any]):
    """Facts in which a missing one shows as a dash rather than as a crash."""

    def __missing__(self, key: str) -> str:
        return "–"
