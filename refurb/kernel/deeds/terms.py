"""The terms of what is kept about people: each room declares what it keeps, for how long, how it is forgotten and what stays.

One declaration serves the worker's night, the trial of it, the register and the page that people read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, not_, select, true

from refurb.kernel.deeds.database import Base, db
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.words import _, _n

AT_ONCE = 100
"""Rows that are forgotten within one unit of work."""
ERASED = "–"
"""What stands in a row where a name or a text that must be there was erased; how a name is read then: `personal.ERASED_NAMES`."""
_YEAR = 12


class TermStuck(RuntimeError):
    """A term left rows as they were that are past it: nothing would ever end."""


@dataclass(frozen=True)
class Months:
    """A span of whole months, as terms of law are: from the 31st it ends on the last day of a shorter month."""

    count: int

    def before(self, day: date) -> date:
        """The day so many months earlier."""
        years, month = divmod(day.year * _YEAR + day.month - 1 - self.count, _YEAR)
        following = date(years + (month + 1) // _YEAR, (month + 1) % _YEAR + 1, 1)
        return min(date(years, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))

    def after(self, day: date) -> date:
        """The day so many months later."""
        return Months(-self.count).before(day)

    def __str__(self) -> str:
        if self.count % _YEAR == 0:
            return _n("%(num)s an", "%(num)s ans", self.count // _YEAR)
        return _n("%(num)s mois", "%(num)s mois", self.count)


Span = timedelta | Months


def ago(span: Span) -> datetime:
    """The instant that lies a span back; of months, the same time of day on the wall clock."""
    if isinstance(span, timedelta):
        return now() - span
    here = local(now())
    return datetime.combine(span.before(here.date()), here.time(), tzinfo=here.tzinfo)


def day_ago(span: Span) -> date:
    """The day that lies a span back, on the territory's wall."""
    return local(ago(span)).date()


def span_said(span: Span) -> str:
    """A span in words."""
    if isinstance(span, Months):
        return str(span)
    if span.days:
        return _n("%(num)s jour", "%(num)s jours", span.days)
    return _n("%(num)s minute", "%(num)s minutes", span.seconds // 60)


@dataclass(frozen=True, kw_only=True)
class Term:
    """One sort of what is kept about people.

    `who` it is about, `what` is kept, and `remains` what stays when it is forgotten, as people are told; `lasts` after `since` (words:
    « le dernier contact »), or `since` alone where no span says it. Of the rows of `model`, those that are `past` their term and of which
    anything is left (`rest`) are due, but for those that are `held`; `forget` takes the keys of some, within a unit of work, and deletes
    the rows where the room says nothing else. `aside` forgets what goes at the same time and is no row of its own. `covers` are the
    tables and the columns (`table.column`) that it answers for; all of its own table where none are named. `hourly`: as soon as it is
    due; the others at night. `of_lines`: its rows are lines of a journal, and no file of anybody.
    """

    key: str
    who: Any
    what: Any
    model: type[Base]
    past: Callable[[], ColumnElement[bool]]
    lasts: Span | Callable[[], Span] | None = None
    since: Any = ""
    remains: Any = ""
    rest: Callable[[], ColumnElement[bool]] = true
    held: Callable[[], ColumnElement[bool]] | None = None
    forget: Callable[[Sequence[Any]], None] | None = None
    aside: Callable[[], None] | None = None
    covers: tuple[str, ...] = ()
    hourly: bool = False
    of_lines: bool = False

    @property
    def span(self) -> Span | None:
        """How long it lasts, by the policy in force."""
        return self.lasts() if callable(self.lasts) else self.lasts

    @property
    def term(self) -> str:
        """Until when, in words: « 2 ans après le dernier contact »."""
        span = self.span
        if span is None:
            return str(self.since)
        if not self.since:
            return span_said(span)
        return _("%(span)s après %(since)s", span=span_said(span), since=self.since)

    @property
    def number(self) -> Any:
        """The column by which its rows are known."""
        (column,) = self.model.__table__.primary_key.columns  # type: ignore[attr-defined]  # every model of ours has a table
        return column

    @property
    def answers_for(self) -> tuple[str, ...]:
        """The tables and columns that it answers for."""
        return self.covers or (self.model.__tablename__,)

    def _over(self) -> ColumnElement[bool]:
        return and_(self.past(), self.rest())

    def due(self) -> Select[Any]:
        """The keys of the rows that are due, in their order."""
        over = self._over()
        if self.held is not None:
            over = and_(over, not_(self.held()))
        return select(self.number).select_from(self.model).where(over).order_by(self.number)

    def count(self) -> int:
        """Of how many rows anything is left to forget, whenever that is."""
        return _count(select(self.number).select_from(self.model).where(self.rest()))

    def count_due(self) -> int:
        """How many rows are due."""
        return _count(self.due())

    def count_held(self) -> int:
        """How many rows are past their term, and held."""
        return _count(select(self.number).select_from(self.model).where(self._over(), self.held())) if self.held is not None else 0

    def forget_some(self, most: int = AT_ONCE) -> int:
        """Forget some of the rows that are due, within a unit of work; how many, fewer than `most` when none are left."""
        held = db.session.scalars(self.due().limit(most).with_for_update()).all()
        # What somebody else did meanwhile is seen once the rows are ours.
        found = list(db.session.scalars(self.due().where(self.number.in_(held)))) if held else []
        self.forget_these(found)
        if found and db.session.scalar(self.due().where(self.number.in_(found)).limit(1)) is not None:
            raise TermStuck(self.key)
        return len(found)

    def forget_these(self, numbers: Sequence[Any]) -> None:
        """Forget some rows, due or not: for who has looked."""
        if not numbers:
            return
        if self.forget is not None:
            self.forget(numbers)
        else:
            db.session.execute(delete(self.model).where(self.number.in_(numbers)))
        db.session.flush()
        db.session.expire_all()

    def __call__(self) -> int:
        """Forget all that is due, within a unit of work, and say how much it was."""
        if self.aside is not None:
            self.aside()
        total = 0
        while (done := self.forget_some()) == AT_ONCE:
            total += done
        return total + done


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What is kept about people and not forgotten by itself: whom it is about, what, until when and why, as people are told."""

    key: str
    who: Any
    what: Any
    until: Any
    covers: tuple[str, ...]


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
