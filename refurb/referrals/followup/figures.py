"""What families answered, in numbers: every rate with how many were asked and answered, small numbers never told nor worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from refurb.directory.organisations.shown import FEW, masked
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import midnight
from refurb.kernel.speech.words import _, _p
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.words import HELPS, NEWS_USES, NEXT_NEEDS, WORKS, Asking

Rows = list[tuple[str, int]]


def protected(rows: Sequence[tuple[Any, int]]) -> Rows:
    """The same rows, those of 1 to 4 people united with the next smallest until none is left: so no subtraction tells any of them.

    Nothing where all of them together are as few as that.
    """
    kept = [([str(label)], count) for label, count in rows]
    if 0 < sum(count for _labels, count in kept) < FEW:
        return []
    while any(0 < count < FEW for _labels, count in kept):
        small, other = sorted((each for each in kept if each[1]), key=lambda each: each[1])[:2]
        place = min(kept.index(small), kept.index(other))
        first, second = sorted((small, other), key=kept.index)
        united = (first[0] + second[0], first[1] + second[1])
        kept = [each for each in kept if each is not small and each is not other]
        kept.insert(place, united)
    return [(_ored(labels), count) for labels, count in kept]


def _ored(labels: list[str]) -> str:
    said = labels[0]
    for each in labels[1:]:
        said = _("%(one)s, ou %(other)s", one=said, other=each[:1].lower() + each[1:])
    return said


@dataclass(frozen=True)
class StageFigures:
    """One stage of a year: how many were asked and answered, and what; `few` where so few were asked that nothing is told."""

    stage: int
    asked: int
    answered: int
    works: Rows
    uses: list[tuple[str, str]]
    helps: Rows
    needs: Rows

    @property
    def few(self) -> bool:
        """Whether so few were asked that their number alone is told, as few."""
        return 0 < self.asked < FEW

    @property
    def told_answered(self) -> str:
        """How many answered, as it may be read: neither they nor the others are told where they are few."""
        if 0 < self.asked - self.answered < FEW <= self.asked:
            return _("plus de %(count)s", count=self.asked - FEW)
        return masked(self.answered)

    @property
    def told_asked(self) -> str:
        """How many were asked, as it may be read."""
        return masked(self.asked)


def stages_in(year: int, *, as_it_ended: bool = False) -> list[StageFigures]:
    """The stages whose questions fell into a year; who declined was asked, too, and did not answer.

    `as_it_ended`: what was asked and answered later is left out, so that the year is told once and for all.
    """
    query = select(
        Followup.stage, Followup.standing, Followup.works, Followup.uses, Followup.helps, Followup.next_need,
        Followup.asked_at, Followup.settled_at,
    ).where(Followup.due_on >= date(year, 1, 1), Followup.due_on <= date(year, 12, 31))  # fmt: skip
    by_stage: dict[int, list[Any]] = {}
    until = midnight(date(year + 1, 1, 1)) if as_it_ended else None
    for row in db.session.execute(query):
        # What is still to be asked is counted once it was.
        if row.asked_at is not None and (until is None or row.asked_at < until):
            by_stage.setdefault(row.stage, []).append(row)
    return [_figures(stage, rows, until) for stage, rows in sorted(by_stage.items())]


def _figures(stage: int, rows: list[Any], until: datetime | None) -> StageFigures:
    answered = [row for row in rows if row.standing is Asking.ANSWERED and (until is None or row.settled_at < until)]

    def told(name: str, words: Mapping[Any, Any]) -> Rows:
        """Of all who were asked, so that every question adds up to the same number; whoever skipped this one is silent, too."""
        counts = [(word, sum(getattr(row, name) is each for row in answered)) for each, word in words.items()]
        return protected([*counts, (_p("news", "Sans réponse"), len(rows) - sum(count for _word, count in counts))])

    uses = [(str(word), _use(sum(each.value in row.uses for row in answered), len(rows))) for each, word in NEWS_USES.items()]
    return StageFigures(
        stage,
        len(rows),
        len(answered),
        told("works", WORKS),
        uses if len(rows) >= FEW else [],
        told("helps", HELPS),
        told("next_need", NEXT_NEEDS),
    )


def _use(count: int, of: int) -> str:
    """How many of those who were asked say so; not where so few do not."""
    return _("presque tous") if 0 < of - count < FEW else _("%(count)s sur %(of)s", count=masked(count), of=of)
