"""When the van comes by: the next passages at the stop that somebody chose. Nothing is fetched there yet without a call."""

from collections.abc import Sequence

from refurb.directory.rota.models import Passage
from refurb.directory.rota.queries import next_passages, served
from refurb.directory.sites.queries import SiteCard
from refurb.kernel.speech.clock import today


def stops() -> list[SiteCard]:
    """The stops that the van serves, by commune."""
    return served()


def passages_at(stop: SiteCard) -> Sequence[Passage]:
    """The next two passages at a stop."""
    return next_passages({stop.id}, today())[stop.id]
