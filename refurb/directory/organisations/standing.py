"""Whether a partner may refer today, by its conventions; and how long what is agreed still lasts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.words import ConventionKind

SOON = timedelta(days=45)
"""So long before the end, a convention is among what needs a look."""


class Leave(StrEnum):
    """Whether a partner may refer."""

    FREE = "free"
    IN_FORCE = "in_force"
    PREPARING = "preparing"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"


@dataclass(frozen=True)
class PartnerStanding:
    """Whether a partner may refer on a day; `until` is the last day of what is agreed (None: no end), or the day it ended or begins."""

    leave: Leave
    until: date | None = None
    soon: bool = False

    @property
    def may_refer(self) -> bool:
        """Whether new referrals are taken: with a convention in force, or where none was ever agreed."""
        return self.leave in {Leave.FREE, Leave.IN_FORCE}


def standing_on(conventions: Iterable[Convention], day: date) -> PartnerStanding:
    """The standing of one partner, by all its conventions.

    Without any, it refers without an end. One in preparation alone closes referrals until it is signed; the next one in preparation
    beside one in force changes nothing.
    """
    known = [each for each in conventions if each.kind is ConventionKind.PARTNER and each.voided_at is None]
    signed = [each for each in known if each.signed_on is not None and each.starts_on is not None]
    if any(each.is_in_force(day) for each in signed):
        until = _last_day(signed, day)
        return PartnerStanding(Leave.IN_FORCE, until, until is not None and until <= day + SOON)
    coming = [each.starts_on for each in signed if each.starts_on is not None and each.starts_on > day]
    if coming:
        return PartnerStanding(Leave.NOT_BEGUN, min(coming))
    if signed:
        return PartnerStanding(Leave.ENDED, max(each.ends_on for each in signed if each.ends_on is not None))
    return PartnerStanding(Leave.PREPARING if known else Leave.FREE)


def _last_day(signed: list[Convention], day: date) -> date | None:
    """The last day of those that follow one another without a gap; None where one of them has no end."""
    until = day
    for each in sorted(signed, key=lambda one: one.starts_on or day):
        if each.starts_on is not None and each.starts_on <= until + timedelta(days=1):
            if each.ends_on is None:
                return None
            until = max(until, each.ends_on)
    return until
