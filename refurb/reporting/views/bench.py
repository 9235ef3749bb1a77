"""The technician's home: what is in hand with the next step of each, what may be taken, what needs a look."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.queries import site_name
from refurb.inventory.bench.ageing import TimeInState, age_of
from refurb.inventory.bench.next_step import NextStep, next_step
from refurb.inventory.bench.queries.notes import BenchNote, last_notes
from refurb.inventory.bench.queries.work import held_by, to_take, with_gates
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import Standing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.evidence.queries.review import unmatched_count
from refurb.inventory.parts.queries import running_low
from refurb.inventory.words.devices import FLAG_KINDS
from refurb.inventory.words.parts import PART_KINDS
from refurb.kernel.deeds.access import Actor
from refurb.kernel.speech.clock import today
from refurb.kernel.web.doors import move_url
from refurb.kernel.web.pages import page
from refurb.reporting.queries import raised_flags
from refurb.reporting.views.lanes import lanes_shown

# How many machines are offered; the board shows the others.
OFFERED = 6


@dataclass(frozen=True)
class BenchLine:
    """One machine on the bench's home: what it is, where it stands and since when, and the next thing to do."""

    code: str
    title: str
    look: Any
    age: TimeInState
    url: str
    step: NextStep | None
    step_url: str
    flags: list[Any]
    giver: str | None = None
    since: datetime | None = None
    note: BenchNote | None = None

    @property
    def is_open(self) -> bool:
        """Whether something can be pressed: nothing keeps the next move closed."""
        return self.step is not None and self.step.move is not None


def bench_home(actor: Actor) -> Response:
    """The home page of the bench, in at most ten queries however many machines there are."""
    site = site_asked()
    held, offered = held_by(actor), to_take(OFFERED, site)
    with_gates([*(each.device for each in held), *offered])
    notes = last_notes([each.device.id for each in held])
    places = [_place(actor, each.device, giver=each.giver, since=each.since, note=notes.get(each.device.id)) for each in held]
    # What a colleague gave comes first, then what can be pressed; the order is kept otherwise.
    places.sort(key=lambda place: (place.giver is None, not place.is_open))
    return page(
        "reporting/home_bench.html",
        actor=actor,
        today=today(),
        places=places,
        offered=[_place(actor, each) for each in offered],
        lanes=lanes_shown(site),
        review=unmatched_count(actor),
        flags=raised_flags(site),
        site=site_name(site) if site is not None else None,
        flag_words=FLAG_KINDS,
        low=running_low(),
        kinds=PART_KINDS,
    )


def _place(actor: Actor, device: Standing, **more: Any) -> BenchLine:
    step = next_step(device, device_machine.open_to(device, actor))
    return BenchLine(
        code=device.code,
        title=device_title(device),
        look=device_machine.looks[device.state],
        age=age_of(device.state, device.moved_at),
        url=url_for("inventory.device", code=device.code),
        step=step,
        step_url=move_url(f"/appareils/{device.code}", step.move) if step and step.move else "",
        flags=[FLAG_KINDS[each] for each in device.gate.flags],
        **more,
    )
