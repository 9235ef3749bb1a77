"""Stops at which things are fetched: which there are, when the vehicle comes next, which are near to somebody, what travels to them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from refurb.directory.communes import communes_of
from refurb.directory.rota.models import Passage
from refurb.directory.rota.queries import next_passages, served
from refurb.directory.rota.queries import passages_at as passages_between
from refurb.directory.sites.queries import SiteCard
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.folding import squeeze
from refurb.lending.catalogue.stays import lending_places
from refurb.lending.handing import Handing
from refurb.lending.models import Product
from refurb.lending.reservations.rules import passages_ahead
from refurb.lending.terms import loan_policy

_POSTCODE = re.compile(r"(?<!\d)\d{5}(?!\d)", re.ASCII)
MOST_PASSAGES = 12
"""So many passages are offered to choose from."""


def stops() -> list[SiteCard]:
    """The stops that the van serves, by commune."""
    return served()


def stops_for(product: Product) -> list[SiteCard]:
    """The stops at which a product can be fetched: all that are served, unless its category does not travel."""
    return stops() if loan_policy().terms(product.category).at_stops else []


def passages_at(stop: SiteCard) -> Sequence[Passage]:
    """The next two passages at a stop."""
    return next_passages({stop.id}, today())[stop.id]


def next_by_stop(sites: Sequence[SiteCard]) -> list[tuple[SiteCard, Passage | None]]:
    """Each stop with its next passage, by commune."""
    coming = next_passages({each.id for each in sites}, today(), most=1)
    return [(each, next(iter(coming[each.id]), None)) for each in sites]


def passages_offered(stop: SiteCard, kept: SiteCard) -> list[Passage]:
    """The passages of a stop that somebody chooses from: the next for which things of a place can still be packed."""
    ahead = passages_ahead(loan_policy(), Handing(kept.id, stop.id))[:MOST_PASSAGES]
    if not ahead:
        return []
    rows = passages_between([stop.id], ahead[0], ahead[-1] + timedelta(days=1))
    wanted = set(ahead)
    return [each for each in rows if each.day in wanted]


@dataclass(frozen=True)
class Nearby:
    """What is near to a commune or a postcode that somebody typed: places and stops in that commune, else of that postcode, else none.

    Distances are not known here: `communes` are those that a postcode is of.
    """

    typed: str
    found: tuple[SiteCard, ...]
    communes: tuple[str, ...] = ()
    is_same_commune: bool = False


def nearby(typed: str) -> Nearby:
    """Which of our places and stops are in the commune that was typed, or have the postcode; a stop with the sooner passage first."""
    postcode = next(iter(_POSTCODE.findall(typed)), "")
    named = squeeze(_POSTCODE.sub(" ", typed).strip(" ,()"))
    communes = tuple(each.name for each in communes_of(postcode))
    wanted = {named} if named else {squeeze(each) for each in communes}
    everywhere = [*lending_places(), *_by_passage(stops())]
    in_commune = tuple(each for each in everywhere if each.commune and squeeze(each.commune) in wanted)
    of_postcode = tuple(each for each in everywhere if postcode and each.postcode == postcode)
    return Nearby(typed, in_commune or of_postcode, communes, is_same_commune=bool(in_commune))


def _by_passage(sites: Sequence[SiteCard]) -> list[SiteCard]:
    coming = next_passages({each.id for each in sites}, today())
    return sorted(sites, key=lambda each: coming[each.id][0].day if coming[each.id] else date.max)
