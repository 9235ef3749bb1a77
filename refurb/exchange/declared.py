"""Every kind of row that can be brought in, by its name."""

from refurb.exchange.devices import DEVICES
from refurb.exchange.kinds import RowKind
from refurb.exchange.lending import BORROWERS, ITEMS
from refurb.exchange.organisations import DONORS, PARTNERS
from refurb.exchange.people import PEOPLE
from refurb.exchange.words import ExchangeKind

KINDS: dict[ExchangeKind, RowKind] = {each.kind: each for each in (PEOPLE, PARTNERS, DONORS, DEVICES, ITEMS, BORROWERS)}
