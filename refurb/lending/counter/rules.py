"""What keeps a thing out of the pile, or a pile from being recorded; each refusal says what is in the way."""

from collections.abc import Mapping
from typing import Any

from refurb.kernel.deeds.history import plain
from refurb.kernel.speech.errors import Conflict, Refusal
from refurb.lending.guarantees.rules import InsuranceEnds
from refurb.lending.items.rules import NotCounted, WrongCount
from refurb.lending.loans.rules import DueClosed, DueOutOfBounds


class NothingToLend(Refusal):
    """The code is one of ours, but of nothing that is lent and of nobody who borrows."""

    code = "scan.not_lent"
    status = 404


class ReservedForAnother(Conflict):
    """Every thing of that product which is here is promised to somebody for one of these days."""

    code = "counter.reserved"


class InAnothersBag(Conflict):
    """It was packed for somebody who fetches it before it would be back: it is taken out of that bag first, or stays there."""

    code = "counter.in_a_bag"


class WhoseTurn(Conflict):
    """Another card was scanned: somebody says first whose turn it is."""

    code = "counter.whose_turn"


class NothingThere(Refusal):
    """Nothing lies on the counter that could be recorded."""

    code = "counter.nothing_there"
    status = 422


class NothingForTheBag(Conflict):
    """Nothing that would leave is asked for by the reservation, or it has all of it."""

    code = "counter.nothing_for_the_bag"


class PileGone(Conflict):
    """The pile was recorded or put away meanwhile, at another window or by the end of the day."""

    code = "counter.pile_gone"


FIELDS: Mapping[str, str] = {
    DueOutOfBounds.code: "due_on",
    DueClosed.code: "due_on",
    InsuranceEnds.code: "due_on",
    "item.back_day": "back_on",
    NotCounted.code: "counts",
    WrongCount.code: "counts",
}
"""Which field of a line is corrected where one of these is said of it: the line does not stay out for it."""


def told_of(refusal: Refusal) -> dict[str, Any]:
    """A refusal as it is written beside a line, with the field in which it is corrected, if there is one."""
    told: dict[str, Any] = {"code": refusal.code, "facts": plain(refusal.facts)}
    return told | ({"field": FIELDS[refusal.code]} if refusal.code in FIELDS else {})
