"""From codes to sentences: what a refusal or a fault says to people, in their language."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Final

from flask import current_app, has_app_context
from flask_babel import Domain

from refurb.kernel.speech.errors import Fault, Refusal
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import day, language

REFUSALS: Final = Domain(domain="refusals")

# What tells more than a refusal does: the code of another sentence, with its facts. Clients rely on the code of the refusal itself.
Rewording = Callable[[Mapping[str, Any]], tuple[str, Mapping[str, Any]] | None]
_rewordings: dict[str, Rewording] = {}


class FactMissing(LookupError):
    """A sentence has a place for a fact that the refusal does not bring; only tests are told so, people read a dash."""


def reworded(code: str) -> Callable[[Rewording], Rewording]:
    """Declare that whoever raises this code knows when another sentence says it better."""

    def declare(rewording: Rewording) -> Rewording:
        _rewordings[code] = rewording
        return rewording

    return declare


def read_sentences() -> None:
    """Read the sentences of the language that is spoken, which are kept; else the first refusal does."""
    REFUSALS.get_translations()


def sentence(refusal: Refusal | Fault) -> str:
    """The sentence of a refusal or a fault, with its facts in place."""
    rewording = _rewordings.get(refusal.code)
    code, facts = (rewording(refusal.facts) if rewording else None) or (refusal.code, refusal.facts)
    number = facts.get("count", 1)
    template = _template(code, language(), number if isinstance(number, int) else 1)
    try:
        return template % _Facts(facts)
    except (TypeError, ValueError):
        return template


@lru_cache(maxsize=4096)
def _template(code: str, spoken: str, number: int) -> str:
    # A sentence that counts has a singular and a plural, each found by the same code.
    text = str(REFUSALS.get_translations().ungettext(code, code, number))
    text = str(REFUSALS.get_translations().ugettext(code)) if text == code else text
    return french(text) if spoken == "fr" else text


class _Facts(dict[str, Any]):
    """Facts as people read them: a date in full, a fault as its sentence, a missing one as a dash rather than as a crash."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Fault):
            return sentence(value)
        return day(value) if isinstance(value, date) else value

    def __missing__(self, key: str) -> str:
        if has_app_context() and current_app.testing:
            raise FactMissing(key)
        return "–"
