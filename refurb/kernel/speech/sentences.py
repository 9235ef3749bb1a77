"""From codes to sentences: what a refusal or a fault says to people, in their language."""

from datetime import date
from functools import lru_cache
from typing import Any

from flask import current_app
from flask_babel import Domain

from refurb.kernel.speech.errors import Fault, Refusal
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _n, day, language

_refusals = Domain(domain="refusals")

# Seconds during which « somebody was faster » tells more than « it is no longer so ».
JUST_NOW = 600


def sentence(refusal: Refusal | Fault) -> str:
    """The sentence of a refusal or a fault, with its facts in place."""
    code, facts = _with_name(refusal.code, refusal.facts)
    template = _template(code, language())
    try:
        return template % _Facts(facts)
    except (TypeError, ValueError):
        return template


@lru_cache(maxsize=4096)
def _template(code: str, spoken: str) -> str:
    text = str(_refusals.get_translations().ugettext(code))
    return french(text) if spoken == "fr" else text


def _with_name(code: str, facts: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """For a move that came too late by minutes, the sentence that says who was faster, and when; clients rely on the code itself."""
    seconds, actor_id, done = facts.get("seconds"), facts.get("actor_id"), facts.get("done")
    if code != "wrong_state" or seconds is None or seconds >= JUST_NOW or done is None:
        return code, facts
    who = current_app.extensions["name_of"](actor_id)
    if who is None:
        return code, facts
    ago = _n("%(num)s seconde", "%(num)s secondes", seconds) if seconds < 60 else _n("%(num)s minute", "%(num)s minutes", seconds // 60)
    return "wrong_state.just_now", {**facts, "who": who, "ago": ago}


class _Facts(dict[str, Any]):
    """Facts as people read them: a date in full, a fault as its sentence, a missing one as a dash rather than as a crash."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if isinstance(value, Fault):
            return sentence(value)
        return day(value) if isinstance(value, date) else value

    def __missing__(self, key: str) -> str:
        return "–"
