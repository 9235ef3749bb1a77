"""What stopped requests, and where none come from: by the day on which it happened, as the history has it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from refurb.directory.organisations.shown import masked, masked_total
from refurb.directory.queries import organisations
from refurb.kernel.deeds.counts import kept
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _l
from refurb.referrals.cases.counts import BARRIERS
from refurb.referrals.words import REFUSAL_REASONS

STOPS: dict[str, Any] = {f"refuse {reason.value}": word for reason, word in REFUSAL_REASONS.items()} | {
    "withdraw": _l("Retirée par la structure")
}


@dataclass(frozen=True)
class YearOfAsks:
    """What became of requests in a year, in numbers as they may be read: 1 to 4 are « moins de 5 », and no sum tells them.

    `stops` are those that were stopped, by reason, `stopped` all of them together; `sent`, `asked` and `given` count what was sent,
    questions asked, and devices allocated; `partners` what each sent; `silent` are the partners that sent nothing.
    """

    year: int
    stops: tuple[tuple[Any, str], ...]
    stopped: str
    sent: str
    asked: str
    given: str
    partners: tuple[tuple[str, str], ...]
    silent: tuple[str, ...]


def year_of_asks(year: int) -> YearOfAsks:
    """What became of requests in a year: each counts in the year in which it happened, whatever was done since."""
    moves: Counter[str] = Counter()
    sent: Counter[str] = Counter()
    found = kept(BARRIERS)
    for move, partner, number in db.session.execute(
        select(found.c.b, found.c.c, found.c.n).where(found.c.a.between(f"{year}-01", f"{year}-12"))
    ):
        moves[move] += number
        if move == "submit":
            sent[partner] += number
    stops = {key: moves[key] for key in STOPS}
    partners = {each.name: sent[str(each.id)] for each in organisations(partner=True)}
    asking = sorted((name for name, number in partners.items() if number), key=lambda name: (-partners[name], name))
    return YearOfAsks(
        year,
        tuple((word, masked(stops[key])) for key, word in STOPS.items()),
        masked_total(list(stops.values())),
        masked_total(list(sent.values())),
        masked(moves["ask"]),
        masked(moves["allocate"]),
        tuple((name, masked(partners[name])) for name in asking),
        tuple(name for name, number in partners.items() if not number),
    )


def years_of_asks() -> list[int]:
    """The years in which anything happened to a request, the newest first."""
    found = kept(BARRIERS)
    months = db.session.scalars(select(found.c.a).where(found.c.n > 0).distinct())
    return sorted({int(each[:4]) for each in months if each}, reverse=True)


HELD = {
    "stock": _l("Pas d'appareil prêt du type demandé"),
    "quota": _l("Quota de la structure plein"),
    "next": _l("Un appareil prêt peut leur être attribué"),
}
