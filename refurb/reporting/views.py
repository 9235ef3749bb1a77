"""The home page of each role (the work to do, not a menu) and the search."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.inventory.queries import standing, unmatched_count
from refurb.inventory.queries.devices import scanned
from refurb.inventory.states import device_machine
from refurb.inventory.views.doors import device_title, move_url
from refurb.inventory.views.next_step import next_step
from refurb.inventory.words import DEVICE_KINDS, FLAG_KINDS
from refurb.kernel.access import Actor, Permission, Role, requires
from refurb.kernel.clock import now, today
from refurb.kernel.codes import find_code, spell
from refurb.kernel.database import db
from refurb.kernel.pages import page
from refurb.kernel.words import _, _n
from refurb.lending.queries.loans import late_count
from refurb.referrals.queries import count_in, count_to_answer, count_to_hand_over, ready_count, referrals_of
from refurb.referrals.states import referral_machine
from refurb.referrals.words import ReferralState
from refurb.reporting.queries import (
    LANES,
    awaited_donations,
    device_counts,
    lane_cards,
    next_at_bench,
    next_ceremonies,
    raised_flags,
    stuck_effects,
    year_figures,
)
from refurb.reporting.search import found_for

blueprint = Blueprint("reporting", __name__)

# A card says how long it has stood where it is, once that is long.
LONG_DAYS = 14


@blueprint.get("/")
@requires(Permission.ACCOUNT_OWN)
def home(actor: Actor) -> Response:
    """The home page of the actor's role."""
    return _HOMES[actor.role](actor)


def _lanes() -> list[SimpleNamespace]:
    counts, cards = device_counts(), lane_cards()
    return [
        SimpleNamespace(
            kind=device_machine.looks[lane].tone,
            icon=device_machine.looks[lane].icon,
            title=device_machine.looks[lane].word,
            count=counts[lane],
            url=url_for("inventory.devices_list", etat=lane.value),
            cards=[_card(row) for row in cards[lane]],
        )
        for lane in LANES
    ]


def _card(row: Any) -> SimpleNamespace:
    days = (now() - row.moved_at).days
    late = _("bloqué") if row.flagged else _n("%(num)s jour", "%(num)s jours", days) if days >= LONG_DAYS else ""
    return SimpleNamespace(
        code=spell(row.code),
        href=url_for("inventory.scan", typed=row.code),
        text=" ".join(part for part in (row.manufacturer, row.model) if part) or DEVICE_KINDS[row.kind],
        late=late,
    )


def _next_device(actor: Actor) -> dict[str, Any] | None:
    """What to take at the bench now, as the scan page would show it."""
    code = next_at_bench()
    if code is None:
        return None
    device = standing(actor, code)
    step = next_step(device, device_machine.open_to(device, actor))
    if step is None:
        return None
    url = move_url(f"/appareils/{code}", step.move.name) if step.move else ""
    return {"device": device, "title": device_title(device), "step": step, "url": url}


def _bench(actor: Actor) -> Response:
    return page(
        "reporting/home_bench.html",
        actor=actor,
        today=today(),
        lanes=_lanes(),
        take=_next_device(actor),
        unmatched=unmatched_count(actor),
        flags=raised_flags(),
        flag_words=FLAG_KINDS,
    )


def _office(actor: Actor) -> Response:
    return page(
        "reporting/home_office.html",
        actor=actor,
        today=today(),
        lanes=_lanes(),
        ready=ready_count(),
        waiting=count_in(actor, ReferralState.WAITING),
        submitted=count_in(actor, ReferralState.SUBMITTED),
        to_hand_over=count_to_hand_over(actor),
        donations=awaited_donations(),
        ceremonies=next_ceremonies(),
        unmatched=unmatched_count(actor),
        flags=raised_flags(),
        flag_words=FLAG_KINDS,
        late=late_count(actor),
        stuck=stuck_effects() if actor.may(Permission.EFFECT_READ) else 0,
    )


def _partner(actor: Actor) -> Response:
    return page(
        "reporting/home_partner.html",
        actor=actor,
        today=today(),
        to_answer=count_to_answer(actor),
        drafts=count_in(actor, ReferralState.DRAFT),
        referrals=db.session.execute(referrals_of(actor).limit(8)).all(),
        looks=referral_machine.looks,
    )


def _counter(_actor: Actor) -> Response:
    return redirect(url_for("lending.counter"))


def _figures(actor: Actor) -> Response:
    return page("reporting/home_figures.html", actor=actor, today=today(), figures=year_figures(), lanes=_lanes())


_HOMES: dict[Role, Callable[[Actor], Response]] = {
    Role.ADMIN: _office,
    Role.COORDINATOR: _office,
    Role.TECHNICIAN: _bench,
    Role.DESK: _counter,
    Role.PRESCRIBER: _partner,
    Role.OBSERVER: _figures,
}


@blueprint.get("/recherche")
@requires(Permission.ACCOUNT_OWN)
def search(actor: Actor) -> Response:
    """What the search box finds; a code of ours opens at once."""
    typed = " ".join(request.args.get("q", "").split())[:120]
    code = find_code(typed)
    if code is not None and scanned(code) is not None:
        return redirect(url_for("inventory.scan", typed=code))
    return page("reporting/search.html", typed=typed, found=found_for(actor, typed) if typed else [])
