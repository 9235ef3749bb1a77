"""Letters that follow a deed: who writes each kind, about which record and to whom; each leaves once, or says why it did not."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, or_, select

from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect, Nothing, effect
from refurb.kernel.deeds.history import moved_since, moves_made
from refurb.kernel.deeds.mail import Letter, OnlyWritten, send, shown
from refurb.kernel.speech.clock import now

Composer = Callable[..., Letter]


class Overtaken(Nothing):
    """The record was moved on before the letter left: what it would say is no longer so, and what is so now has its own letter."""

    code = "letter.overtaken"


class NotTold(Nothing):
    """Nobody is written to where the record stands now."""

    code = "letter.not_told"


class NobodyToWriteTo(Nothing):
    """No address is known: a person tells, by another way."""

    code = "letter.nobody"


class Repeated(Nothing):
    """The same was asked for again, before this one left: the later one carries it."""

    code = "letter.repeated"


@dataclass(frozen=True)
class About:
    """What a letter is about: the reference that people say, the address of its page, and who gets it, if anybody.

    Whoever may not `see_whom` reads the address with its name hidden, and is led nowhere.
    """

    reference: str
    url: str
    recipient: str | None
    see_whom: Permission


Describer = Callable[[Mapping[str, Any]], About | None]
_ABOUT: dict[str, Describer] = {}
_COMPOSERS: dict[str, Composer] = {}
_MESSAGES: dict[str, Composer] = {}
"""Who writes what leaves by another way than mail, as a letter that a page shows."""


def letter(kind: str, label: Any, about: Describer) -> Callable[[Composer], Composer]:
    """Declare who writes the letters of this kind: a function of the planned facts, which raises `Nothing` where nothing is to be sent.

    `about` gets the planned facts too, and answers None when the record is gone.
    """

    def declare(compose: Composer) -> Composer:
        @effect(kind, label)
        def keep(**facts: Any) -> None:
            written = compose(**facts)
            db.session.rollback()  # A slow mail server holds no transaction open.
            send(written)

        _ABOUT[kind], _COMPOSERS[kind] = about, compose
        return compose

    return declare


def message(kind: str, about: Describer, compose: Composer) -> None:
    """Declare who writes the messages of this kind, which leave by another way than mail: an effect of its own keeps them."""
    _ABOUT[kind], _MESSAGES[kind] = about, compose


def letter_left() -> bool:
    """Whether any letter ever left by a mail server."""
    query = select(Effect.id).where(Effect.kind.in_(_COMPOSERS), Effect.done_at.is_not(None), Effect.fault.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def letters_left(kind: str, fact: str, numbers: Collection[int]) -> set[int]:
    """Of letters of a kind, by a number among their planned facts: those that left, or were written where a demonstration sends nothing."""
    number = Effect.facts[fact].as_integer()
    went = or_(Effect.fault.is_(None), Effect.fault == OnlyWritten.code)
    query = select(number).where(Effect.kind == kind, Effect.done_at.is_not(None), went, number.in_(numbers))
    return set(db.session.scalars(query)) if numbers else set()


def late_letters() -> tuple[int, datetime | None]:
    """How many letters should have left by now and have not, nor were given up; and since when the oldest should have.

    Of one that was tried, its next try says nothing of that: it counts from when it was promised.
    """
    since = case((Effect.fault.is_(None), Effect.due_at), else_=Effect.planned_at)
    ours = Effect.kind.in_({**_COMPOSERS, **_MESSAGES})
    query = select(func.count(), func.min(since)).where(ours, Effect.done_at.is_(None), Effect.given_up_at.is_(None))
    count, oldest = db.session.execute(query.where(or_(Effect.fault.is_not(None), Effect.due_at <= now()))).one()
    return count, oldest


def about_letter(kind: str, facts: Mapping[str, Any]) -> About | None:
    """What a planned letter is about; None for an effect that is no letter, or whose record is gone."""
    describe = _ABOUT.get(kind)
    return describe(facts) if describe else None


def write_only(planned: Effect) -> None:
    """Settle a promise of the past as a demonstration does: a letter is written as it would have left then, and sent to nobody."""
    planned.done_at, planned.attempts = now(), 1
    compose = _COMPOSERS.get(planned.kind) or _MESSAGES.get(planned.kind)
    if compose is None:
        return
    try:
        planned.written, planned.fault = shown(compose(**planned.facts)), OnlyWritten.code
    except Nothing as nothing:
        planned.fault = nothing.code


def refuse_outrun(subject: Any, moves: int | None) -> None:
    """Raise `Overtaken` where the subject was moved more often than that: for what is promised within a move, its event not yet written."""
    if moves is not None and moves_made(subject) > moves:
        raise Overtaken


def refuse_overtaken(subject: Any, event: int | None) -> None:
    """Raise `Overtaken` where the subject was moved after the event that a letter tells.

    So that after a fault of the mail server each reader gets one letter, about what is so, and not one for each step, all alike.
    """
    if event is not None and moved_since(subject, event):
        raise Overtaken
