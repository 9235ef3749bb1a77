"""The pages of machines for everybody: what there is, the slots of a week, booking one by a letter's link, hearing when it works again."""

from datetime import date, timedelta
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.sites.queries import every_site
from refurb.directory.sites.words import said_hour
from refurb.documents.links import open_link
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.brake import Brake
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import find_actor, public, shown_again
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.machines.actions import ask_slot_online, cancel_slot, confirm_slot, seat_online, watch_machine
from refurb.lending.machines.effects import SLOT_LINK
from refurb.lending.machines.models import MachineSlot
from refurb.lending.machines.queries import (
    FURTHEST,
    CellKind,
    SlotCell,
    introduction_by_id,
    machine_by_id,
    machines,
    next_introduction,
    places_left,
    slot_of_link,
    week_of_slots,
)
from refurb.lending.machines.rules import NotQualified
from refurb.lending.machines.schemas import SlotAsked, Watched
from refurb.lending.machines.states import slot_machine
from refurb.lending.machines.words import SlotState

WEEK = timedelta(days=7)
strangers = Brake(20, 3600.0)
"""Names that somebody tries, to hear which of them may use a machine."""


def _shown(template: str, **context: Any) -> Response:
    actor = find_actor()
    keeps = actor is not None and actor.may(Permission.MACHINE_WRITE)
    return page(f"lending/machines/{template}.html", home=home(), hour=said_hour, keeps=keeps, sites=every_site(), **context)


@blueprint.get("/machines")
@public
def machine_list() -> Response:
    """What there is, and whether it works."""
    return _shown("machines", machines=[(each, next_introduction(each)) for each in machines()])


def _first_day() -> date:
    asked = day_asked("semaine") or today()
    return min(max(asked, today()), today() + FURTHEST)


@blueprint.get("/machines/<int:number>")
@public
def public_machine(number: int) -> Response:
    """The slots of a week: free or taken, never by whom."""
    machine, first = machine_by_id(number), _first_day()
    days = week_of_slots(machine, first)
    chosen = _chosen(days)
    return _shown(
        "machine", machine=machine, others=machines(), first=first, days=days, chosen=chosen, CellKind=CellKind,
        before=first - WEEK if first > today() else None, after=first + WEEK if first + WEEK <= today() + FURTHEST else None,
        introduction=next_introduction(machine),
    )  # fmt: skip


def _chosen(days: list[tuple[date, list[SlotCell]]]) -> SlotCell | None:
    day, hour = day_asked("jour"), number_asked("heure")
    cells = [cell for each, of_day in days for cell in of_day if each == day and cell.from_minute == hour]
    return next((cell for cell in cells if cell.kind in {CellKind.FREE, CellKind.INTRODUCTION}), None)


def _wanted() -> tuple[date, int]:
    day, hour = day_asked("jour"), number_asked("heure")
    if day is None or hour is None or hour >= 24 * 60:
        raise NotFound
    return day, hour


@blueprint.route("/machines/<int:number>/reserver", methods=["GET", "POST"])
@public
@shown_again
def ask_slot(number: int) -> Response:
    """A name and an address: held until the letter's link is pressed."""
    machine, (day, hour) = machine_by_id(number), _wanted()
    form = Form(SlotAsked)
    if request.method == "POST":
        address = request.remote_addr or "?"
        with form.catching():
            strangers.check(address)
            facts = form.load()
            if facts.pop("website"):
                return go("lending.public_machine", number=number)
            facts.pop("is_adult")
            try:
                with unit_of_work():
                    ask_slot_online(machine, source=address, day=day, hour=hour, **facts)
                    return go("lending.slot_asked", number=number)
            except NotQualified:
                strangers.miss(address)
                raise
        machine = machine_by_id(number)
    return _shown("ask", machine=machine, day_asked=day, hour_asked=hour, form=form)


@blueprint.get("/machines/<int:number>/demande-envoyee")
@public
def slot_asked(number: int) -> Response:
    """What happens next."""
    return _shown("sent", machine=machine_by_id(number))


@blueprint.route("/initiations/<int:number>", methods=["GET", "POST"])
@public
@shown_again
def ask_seat(number: int) -> Response:
    """A place in an introduction."""
    slot = introduction_by_id(number)
    form = Form(SlotAsked)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            if facts.pop("website"):
                return go("lending.public_machine", number=slot.machine_id)
            for name in ("is_adult", "minor", "minor_age"):
                facts.pop(name)
            with unit_of_work():
                seat_online(slot, source=request.remote_addr or "?", **facts)
                return go("lending.public_machine", done=_("Votre place est gardée : à bientôt."), number=slot.machine_id)
        slot = introduction_by_id(number)
    return _shown("seat", slot=slot, machine=slot.machine, left=places_left([slot.id])[slot.id], form=form)


@blueprint.route("/machines/<int:number>/etre-prevenu", methods=["GET", "POST"])
@public
@shown_again
def watch(number: int) -> Response:
    """Hear when it works again."""
    machine = machine_by_id(number)
    form = Form(Watched)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            if facts.pop("website"):
                return go("lending.public_machine", number=number)
            with unit_of_work():
                watch_machine(machine, source=request.remote_addr or "?", **facts)
                return go("lending.public_machine", done=_("Nous vous écrirons dès qu'elle remarche."), number=number)
        machine = machine_by_id(number)
    return _shown("watch", machine=machine, form=form)


def _own(token: str, slot: MachineSlot) -> Response:
    answer = _shown(
        "mine", slot=slot, machine=slot.machine, token=token, look=slot_machine.looks[slot.state],
        is_held=slot.state is SlotState.HELD, is_to_come=slot.state.is_to_come,
    )  # fmt: skip
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.get("/mon-creneau/<token>")
@public
def own_slot(token: str) -> Response:
    """One's own slot, by its link."""
    return _own(token, slot_of_link(open_link(SLOT_LINK, token)))


@blueprint.post("/mon-creneau/<token>/confirmer")
@public
def confirm_own_slot(token: str) -> Response:
    """The press in the letter's page."""
    found = slot_of_link(open_link(SLOT_LINK, token))
    with unit_of_work():
        confirm_slot(found)
        return go("lending.own_slot", done=_("C'est confirmé."), token=token)


@blueprint.post("/mon-creneau/<token>/annuler")
@public
def cancel_own_slot(token: str) -> Response:
    """Give it up."""
    found = slot_of_link(open_link(SLOT_LINK, token))
    with unit_of_work():
        cancel_slot(found)
        return go("lending.own_slot", done=_("C'est annulé : le créneau est libre pour quelqu'un d'autre."), token=token)
