"""The small board that several homes end with: the states in the order of the work, each with what has stood there longest."""

from types import SimpleNamespace
from typing import Any

from flask import url_for

from refurb.directory.sites.asked import site_kept
from refurb.inventory.bench.ageing import age_of
from refurb.inventory.devices.queries.counts import devices_by_state, lanes_at
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DEVICE_KINDS, LANES
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _
from refurb.reporting.queries import lane_cards


def lanes_shown(site_id: int | None = None) -> list[SimpleNamespace]:
    """The lanes as `ui.board` draws them; of one place, if told."""
    counts, cards = devices_by_state() if site_id is None else lanes_at(site_id), lane_cards(site_id)
    return [
        SimpleNamespace(
            kind=device_machine.looks[lane].tone,
            icon=device_machine.looks[lane].icon,
            title=device_machine.looks[lane].word,
            count=counts[lane],
            url=url_for("inventory.devices_list", etat=lane.value, lieu=site_kept() or None),
            cards=[_card(row) for row in cards[lane]],
        )
        for lane in LANES
    ]


def _card(row: Any) -> SimpleNamespace:
    age = age_of(row.state, row.moved_at)
    return SimpleNamespace(
        code=spell(row.code),
        href=url_for("inventory.scan", typed=row.code),
        text=" ".join(part for part in (row.manufacturer, row.model) if part) or DEVICE_KINDS[row.kind],
        # A card says how long it has stood where it is, once that is long.
        late=_("bloqué") if row.flagged else age.text if age.word else "",
    )
