"""The pages of machines for whoever keeps them: the journal of one, its slots, who may use it, what does not work."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import redirect, request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.directory.sites.queries import site_choices, site_name
from refurb.directory.sites.words import said_hour
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.machines.actions import (
    add_machine,
    book_slot,
    correct_machine,
    give_introduction,
    grant,
    plan_upkeep,
    put_back_in_order,
    put_out_of_order,
)
from refurb.lending.machines.models import MachineSlot, WorkMachine
from refurb.lending.machines.queries import (
    last_sessions,
    machine_by_id,
    meters_of,
    minutes_run,
    running_slot,
    seats_of,
    slot_by_id,
    slots_to_come,
    standings_of,
    starts_of,
)
from refurb.lending.machines.schemas import BrokenDown, Granted, IntroductionFacts, MachineFacts, SessionTold, SlotFor, UpkeepFacts
from refurb.lending.machines.states import slot_machine
from refurb.lending.machines.words import RESULT_LOOKS, RESULTS, SlotKind
from refurb.lending.reservations.queries import borrower_meant
from refurb.lending.shown import history_of
from refurb.lending.supplies.queries import spools_at
from refurb.lending.worth import euros

P = Permission
_FACTS = ("name", "site_id", "about", "picture", "slot_minutes", "min_age", "training_minutes", "training_months", "material", "supply_id",
          "cents_per_gram", "upkeep_hours")  # fmt: skip


@blueprint.get("/machines/<int:number>/journal")
@requires(P.MACHINE_WRITE)
def machine_journal(actor: Actor, number: int) -> Response:
    """End the running session first; who comes next; what was, who may use it, what does not work."""
    machine = machine_by_id(number)
    running, standings, to_come = running_slot(machine), standings_of(machine), slots_to_come(machine)
    return page(
        "lending/machines/journal.html", machine=machine, code=spell(machine.code), running=running,
        ending=Form(SessionTold, start=_begins(running), choices=_offers(running)) if running else None,
        to_come=to_come, today=today(), last=last_sessions(machine), meters=meters_of(machine),
        standings=standings, trainers=names_of({each.qualification.granted_by for each in standings}), site=site_name(machine.site_id),
        spools=spools_at(machine.site_id, machine.supply), may_open=actor.may(P.LOAN_READ), month=today().replace(day=1),
        looks=slot_machine.looks, hour=said_hour, results=RESULTS, result_looks=RESULT_LOOKS, euros=euros,
        booked=sum(each.kind is SlotKind.SESSION for each in to_come),
    )  # fmt: skip


@blueprint.route("/machines/nouvelle", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def new_machine(actor: Actor) -> Response:
    """A machine that is new."""
    form = Form(MachineFacts, start={"slot_minutes": 90, "min_age": 0, "picture": "imprimante"}, choices={"site_id": site_choices()})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = add_machine(actor, **form.load())
            return go("lending.machine_journal", done=_("%(name)s est enregistrée.", name=made.name), number=made.id)
        form.choices = {"site_id": site_choices()}
    return page("lending/machines/form.html", form=form, title=_("Nouvelle machine"), press=_("Enregistrer la machine"), machine=None)


@blueprint.route("/machines/<int:number>/corriger", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def correct_machine_page(actor: Actor, number: int) -> Response:
    """What a machine is, written anew."""
    machine = machine_by_id(number)
    start = {name: getattr(machine, name) for name in _FACTS}
    form = Form(MachineFacts, start=start, choices={"site_id": site_choices()})
    return _deed(form, machine, _("Corriger la machine"), _("Enregistrer les corrections"), _("C'est corrigé."),
                 lambda facts: correct_machine(actor, machine_by_id(number), **facts))  # fmt: skip


def _deed(form: Form, machine: WorkMachine, title: str, press: str, done: str, do: Callable[[dict[str, Any]], object]) -> Response:
    """A form about a machine, and its deed."""
    number, choices = machine.id, form.choices
    if request.method == "POST":
        with form.catching(), unit_of_work():
            do(form.load())
            return go("lending.machine_journal", done=done, number=number)
        form.choices = choices
    return page("lending/machines/form.html", form=form, title=title, press=press, machine=machine_by_id(number))


def _timed(schema: type[Schema], machine: WorkMachine, **start: Any) -> Form:
    """A form that asks for a slot: the hours at which one begins on some day of the fortnight to come."""
    fortnight = (today() + timedelta(days=number) for number in range(14))
    hours = sorted({first for day in fortnight for first, _until in starts_of(machine, day)})
    asked = {"day": request.args.get("jour") or today(), "hour": request.args.get("heure", "")}
    return Form(schema, start={"slots": 1, **asked, **start}, choices={"hour": [(str(each), said_hour(each)) for each in hours]})


@blueprint.route("/machines/<int:number>/creneau", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def book_slot_page(actor: Actor, number: int) -> Response:
    """Book for somebody who is here, or on the telephone."""

    def _do(facts: dict[str, Any]) -> object:
        return book_slot(actor, machine_by_id(number), borrower_meant(actor, facts.pop("borrower")), **facts)

    machine = machine_by_id(number)
    return _deed(_timed(SlotFor, machine), machine, _("Réserver un créneau"), _("Réserver le créneau"), _("Le créneau est réservé."), _do)


@blueprint.route("/machines/<int:number>/initiation", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def give_introduction_page(actor: Actor, number: int) -> Response:
    """Keep time for showing the machine."""
    machine = machine_by_id(number)
    return _deed(
        _timed(IntroductionFacts, machine, places=4), machine, _("Proposer une initiation"), _("Ouvrir les inscriptions"),
        _("L'initiation est ouverte aux inscriptions."), lambda facts: give_introduction(actor, machine_by_id(number), **facts),
    )  # fmt: skip


@blueprint.route("/machines/<int:number>/entretien", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def plan_upkeep_page(actor: Actor, number: int) -> Response:
    """Keep time for looking after the machine."""
    machine = machine_by_id(number)
    return _deed(
        _timed(UpkeepFacts, machine), machine, _("Prévoir un entretien"), _("Réserver le temps"), _("L'entretien est prévu."),
        lambda facts: plan_upkeep(actor, machine_by_id(number), **facts),
    )  # fmt: skip


@blueprint.route("/machines/<int:number>/qualification", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def grant_page(actor: Actor, number: int) -> Response:
    """Say that somebody was shown the machine."""
    form = Form(Granted, start={"borrower": request.args.get("carte", "")})

    def _do(facts: dict[str, Any]) -> object:
        return grant(actor, machine_by_id(number), borrower_meant(actor, facts["borrower"]), minor=facts["minor"])

    return _deed(form, machine_by_id(number), _("Donner une initiation"), _("L'initiation est donnée"), _("C'est noté."), _do)


@blueprint.route("/machines/<int:number>/hors-service", methods=["GET", "POST"])
@requires(P.MACHINE_WRITE)
def out_of_order_page(actor: Actor, number: int) -> Response:
    """Say what does not work; the page has said how many are told."""
    machine = machine_by_id(number)
    form = Form(BrokenDown, start={"reason": machine.out_reason, "until": machine.out_until})
    count = sum(each.kind is SlotKind.SESSION for each in slots_to_come(machine))
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = put_out_of_order(actor, machine_by_id(number), **form.load())
            done = _n("Hors service ; %(num)s personne est prévenue.", "Hors service ; %(num)s personnes sont prévenues.", told)
            return go("lending.machine_journal", done=done, number=number)
        machine = machine_by_id(number)
    return page(
        "lending/machines/form.html", form=form, machine=machine, title=_("Mettre hors service"),
        press=_("Mettre hors service et prévenir"),
        lead=_n(
            "%(num)s créneau est réservé. La personne est prévenue et peut en choisir un autre.",
            "%(num)s créneaux sont réservés. Chacun est prévenu et peut en choisir un autre.",
            count,
        ),
    )  # fmt: skip


@blueprint.post("/machines/<int:number>/en-service")
@requires(P.MACHINE_WRITE)
def back_in_order_page(actor: Actor, number: int) -> Response:
    """It works again."""
    with unit_of_work():
        told = put_back_in_order(actor, machine_by_id(number))
        done = _n("En service ; %(num)s personne est prévenue.", "En service ; %(num)s personnes sont prévenues.", told)
        return go("lending.machine_journal", done=done, number=number)


@blueprint.get("/creneaux/<int:number>")
@requires(P.MACHINE_WRITE)
def machine_slot(actor: Actor, number: int) -> Response:
    """One slot: whose, when, what to do next; of an introduction who comes."""
    found = slot_by_id(actor, number)
    return page(
        "lending/machines/slot.html", slot=found, machine=found.machine, look=slot_machine.looks[found.state], hour=said_hour,
        seats=seats_of(found), is_introduction=found.kind is SlotKind.INTRODUCTION, results=RESULTS,
        history=history_of(found, slot_machine),
        choices=[each for each in slot_machine.open_to(found, actor) if not each.move.inner],
    )  # fmt: skip


def dump(found: MachineSlot, _actor: Actor) -> dict[str, Any]:
    """A slot as programs read it."""
    return {
        "id": found.id, "machine": found.machine_id, "day": plain(found.day), "from_minute": found.from_minute,
        "until_minute": found.until_minute, "kind": found.kind.value, "state": found.state.value,
    }  # fmt: skip


def _begins(found: MachineSlot) -> dict[str, Any]:
    """What is proposed of a session that ends: how long it ran, from which spool, and that it went well."""
    spool = found.machine.supply_id
    return {"minutes": minutes_run(found), "supply_id": spool, "material": None if spool else found.machine.material, "result": "good"}


def _offers(found: MachineSlot) -> dict[str, list[tuple[str, Any]]]:
    """The spools that a session can have taken from: those of its machine's place."""
    spools = spools_at(found.machine.site_id, found.machine.supply)
    return {"supply_id": [("", "–"), *((str(each.supply.id), each.supply.name) for each in spools)]}


DOORS = Doors(
    machine=slot_machine,
    path="/creneaux/<int:number>",
    find=slot_by_id,
    endpoint="lending.machine_slot",
    url=lambda found: {"number": found.id},
    title=lambda found: found.machine.name,
    dump=dump,
    begins=_begins,
    offers=_offers,
)
add_pages(blueprint, DOORS)


def show_machine(machine_id: int) -> Response:
    """Where the label leads everybody."""
    return redirect(url_for("lending.public_machine", number=machine_id), 303)
