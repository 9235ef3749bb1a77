"""The board of the workshop: one column for each state, the oldest on top; its twin is a table."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.inventory.bench.ageing import age_of
from refurb.inventory.bench.queries.work import technicians
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DEVICE_KINDS, LANES, DeviceKind, DeviceState
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.kernel.web.search import page_number
from refurb.reporting.queries.board import BoardFilter, LaneCount, board_cards, board_rows, lane_counts
from refurb.reporting.views.blueprint import blueprint


@blueprint.get("/atelier/tableau")
@requires(Permission.DEVICE_WORK)
def board(_actor: Actor) -> Response:
    """Every machine of the workshop, in its column; `vue=liste` is the same as a table."""
    people = technicians()
    asked = request.args
    chosen = asked.get("qui", "")
    wanted = BoardFilter(
        kind=DeviceKind(asked["nature"]) if asked.get("nature") in set(DeviceKind) else None,
        donation=asked.get("don", "").strip()[:16].upper(),
        technician=next((account_id for account_id, _name in people if str(account_id) == chosen), None),
    )
    counts = lane_counts(wanted)
    as_list = asked.get("vue") == "liste"
    shown: dict[str, Any] = {"found": _listed(wanted, counts)} if as_list else {"lanes": _lanes(wanted)}
    return page(
        "reporting/board.html",
        wanted=wanted,
        counts=counts,
        total=sum(each.all for each in counts.values()),
        people=people,
        kinds=DEVICE_KINDS,
        looks=device_machine.looks,
        states=LANES,
        as_list=as_list,
        kept={"nature": wanted.kind.value if wanted.kind else None, "don": wanted.donation or None, "qui": wanted.technician},
        **shown,
    )


def _lanes(wanted: BoardFilter) -> list[SimpleNamespace]:
    cards = board_cards(wanted)
    return [SimpleNamespace(state=lane, look=device_machine.looks[lane], cards=[_card(row) for row in cards[lane]]) for lane in LANES]


def _listed(wanted: BoardFilter, counts: Mapping[DeviceState, LaneCount]) -> SimpleNamespace:
    found = board_rows(wanted, counts, page_number())
    return SimpleNamespace(
        rows=[_card(row) for row in found.rows], number=found.number, pages=found.pages, url=found.url, total=found.total
    )


def _card(row: Any) -> SimpleNamespace:
    return SimpleNamespace(
        code=row.code,
        href=url_for("inventory.scan", typed=row.code),
        text=" ".join(part for part in (row.manufacturer, row.model) if part) or str(DEVICE_KINDS[row.kind]),
        kind=DEVICE_KINDS[row.kind],
        look=device_machine.looks[row.state],
        age=age_of(row.state, row.moved_at),
        flagged=row.flagged,
        holder=row.holder,
        donation=row.donation,
    )
