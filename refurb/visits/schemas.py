"""What comes in about visits: the same from the page and from the JSON door."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from marshmallow import Schema

from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Date, Many, Number, Pick, Text, Word, Wrong
from refurb.referrals.words import SITUATIONS, Situation
from refurb.visits.models import LONGEST
from refurb.visits.policy import VisitPolicy, visit_words
from refurb.visits.words import (
    AGES,
    GENDERS,
    OPINIONS,
    REASONS,
    RETURNING,
    AgeBand,
    FirstTime,
    Gender,
    Motive,
    Opinion,
)

MOST_BACK = 366
"""Days after which a visit that was left uncounted is not counted any more."""
MOST_AT_ONCE = 100
"""People of one group."""


class _Told(Word):
    """One word of the vocabulary; what nobody said is said so."""

    def __init__(self, kind: type[StrEnum], label: Any, labels: Mapping[Any, Any], untold: StrEnum) -> None:
        super().__init__(kind, label, labels=labels, widget="radio", load_default=untold)


class _Offered(Text):
    """One of the words that the territory offers, or nothing."""

    def __init__(self, label: Any, words: Callable[[VisitPolicy], tuple[str, ...]]) -> None:
        self.words = words
        super().__init__(
            label, max=LONGEST, widget="radio", load_default="", choices=lambda: [(each, each) for each in words(visit_words())]
        )

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text and text not in self.words(visit_words()):
            raise Wrong("field.choice")
        return text


def _reasons() -> Many:
    return Many(Word(Motive, labels=REASONS), _l("Pourquoi ?"), load_default=list)


class VisitSaid(Schema):
    """At which of our places, why, by whom as far as the vocabulary asks, and how we were found; anything but the place may be unsaid."""

    site = Pick(_l("Lieu"), required=True)
    reasons = _reasons()
    age = _Told(AgeBand, _lp("visit", "Âge"), AGES, AgeBand.UNTOLD)
    first_time = _Told(FirstTime, _l("Première fois ?"), RETURNING, FirstTime.UNTOLD)
    heard = _Offered(_l("Connu grâce à"), lambda words: words.heard)
    detour = _Offered(_l("D'abord pour autre chose ?"), lambda words: words.detour)
    situation = _Told(Situation, _lp("visit", "Situation"), SITUATIONS, Situation.UNTOLD)
    gender = _Told(Gender, _lp("visit", "Genre"), GENDERS, Gender.UNTOLD)
    sent = _Offered(_l("Orientation donnée"), lambda words: words.sent)


class VisitTold(VisitSaid):
    """One visit, on a day: today unless said."""

    day = Date(_l("Jour"), within=MOST_BACK)


def _how_many(band: AgeBand) -> Number:
    return Number(AGES[band], max=MOST_AT_ONCE, load_default=0)


class GroupSaid(Schema):
    """A group at once: at which place, why, and how many by age, each under its word of the vocabulary."""

    site = Pick(_l("Lieu"), required=True)
    reasons = _reasons()
    moins_de_douze = _how_many(AgeBand.UNDER_12)
    douze_dix_huit = _how_many(AgeBand.FROM_12)
    dix_huit_vingt_quatre = _how_many(AgeBand.FROM_18)
    vingt_cinq_trente_neuf = _how_many(AgeBand.FROM_25)
    quarante_cinquante_neuf = _how_many(AgeBand.FROM_40)
    soixante_soixante_neuf = _how_many(AgeBand.FROM_60)
    soixante_dix_plus = _how_many(AgeBand.FROM_70)
    non_communique = _how_many(AgeBand.UNTOLD)


class GroupTold(GroupSaid):
    """One group, on a day: today unless said."""

    day = Date(_l("Jour"), within=MOST_BACK)


class OpinionTold(Schema):
    """Whether it helped."""

    answer = Word(Opinion, _l("Votre réponse"), labels=OPINIONS, required=True)
