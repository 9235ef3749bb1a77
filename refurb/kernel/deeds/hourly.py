"""What is due every hour, one thing at a time: what cannot be done to one keeps nobody else waiting."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.log import log
from refurb.kernel.speech.errors import Refusal

T = TypeVar("T", bound=Any)


def each_apart(event: str, subjects: Sequence[T], do: Callable[[T], bool]) -> int:
    """Do something to each by itself: what refuses one is logged as `event`, no part of it is written, and the rest goes on.

    How many of them it was done to (True).
    """
    done = 0
    for number, subject in [(each.id, each) for each in subjects]:
        try:
            with db.session.begin_nested():
                done += do(subject)
        except (Refusal, IntegrityError) as fault:
            log.warning(event, subject=number, why=getattr(fault, "code", type(fault).__name__))
    return done
