"""What each move of a thing means for the days on which it is promised: its pool is held first, its claim follows its state."""

from typing import Any

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.machine import Move
from refurb.lending.claims.facts import follow_state, refuse_if_short
from refurb.lending.claims.pools import hold_for
from refurb.lending.claims.settling import GONE
from refurb.lending.items.states import item_machine
from refurb.lending.models import Item
from refurb.lending.queries import line_out
from refurb.lending.words import ItemState

WAITS_FOR_OTHERS = frozenset({"lend", "leave"})
"""The moves that are somebody's wish: refused where a reservation would be left with nothing. The others say what is so."""


def _hold(item: Item) -> None:
    hold_for(item)


def _follow(item: Item, row: Move[Any], _actor: Actor, facts: dict[str, Any]) -> None:
    """The claim of a thing follows its state. Who is left with nothing by it is kept with the event, by claim."""
    if item.state in GONE:
        item.stands_at_id = None
    elif facts.get("site_id") is not None:
        item.stands_at_id = facts["site_id"]
    short = follow_state(item, line_out(item) if item.state is ItemState.LENT else None)
    if row.name in WAITS_FOR_OTHERS:
        refuse_if_short(short, item.name, facts.get("override"))
    if short:
        facts["short"] = sorted(short)


item_machine.held_first.append(_hold)
item_machine.followers.append(_follow)
