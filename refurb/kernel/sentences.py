"""From codes to sentences: what a refusal or a fault says to people, in their language."""

from datetime import date
from typing import Any

from flask_babel import Domain, get_locale

from refurb.kernel.errors import Fault, Refusal
from refurb.kernel.typography import french
from refurb.kernel.words import day

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
    """Facts as people read them: a date in full, a fault as its sentence, a missing one as a dash rather than as a crash."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Fault):
            return sentence(value)
        return day(value) if isinstance(value, date) else value

    def __missing__(self, key: str) -> str:
        return "–"
