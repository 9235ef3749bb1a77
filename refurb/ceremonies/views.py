"""The pages of ceremonies: the list, the plan, who comes, the day itself family by family, the list to call."""

from typing import Any

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.ceremonies.actions import change_plan, choose_families, plan_ceremony
from refurb.ceremonies.after.figures import evening_of
from refurb.ceremonies.blueprint import SECTION, blueprint
from refurb.ceremonies.guests.planned import plan_shown
from refurb.ceremonies.guests.words import GUEST_KINDS
from refurb.ceremonies.models import Ceremony, Turn
from refurb.ceremonies.queries import (
    ceremony_for,
    ceremony_listing,
    free_allocations,
    names_to_call,
    position_of_code,
    turn_for,
    turns_of,
)
from refurb.ceremonies.schemas import Families, Plan, Signed
from refurb.ceremonies.states import ceremony_machine, turn_machine
from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.queries import usual_site
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.referrals.cases.actions import text_shown
from refurb.referrals.cases.contents import usual_accessories
from refurb.referrals.cases.pdf import words_to_sign
from refurb.referrals.cases.queries.referrals import may_open, openable
from refurb.referrals.cases.views.handovers import binding_of, shown_before_signing
from refurb.referrals.words import AllocationState
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
__all__ = ["SECTION", "blueprint"]


def _is_to_sign(row: Any) -> bool:
    return row.state is Attendance.SERVED and row.allocation is AllocationState.FULFILLED and row.paper_id is None


def dump(ceremony: Ceremony, _actor: Actor) -> dict[str, Any]:
    """A ceremony as the JSON door shows it: each turn by its referral's reference and its device's code, nobody by name."""
    return {
        "id": ceremony.id,
        "title": ceremony.title,
        "starts_at": ceremony.starts_at.isoformat(),
        "place": ceremony.place,
        "site": ceremony.site_id,
        "capacity": ceremony.capacity,
        "taken": ceremony.taken,
        "state": ceremony.state,
        "turns": [
            {
                "position": row.position,
                "state": row.state,
                "allocation": row.allocation,
                "to_sign": _is_to_sign(row),
                "referral": row.reference,
                "device": row.code,
                "machines": row.machines,
            }
            for row in turns_of(ceremony)
        ],
    }


def dump_turn(turn: Turn, _actor: Actor) -> dict[str, Any]:
    """A turn as the JSON door shows it."""
    return {
        "ceremony": turn.ceremony_id,
        "position": turn.position,
        "state": turn.state,
        "referral": turn.allocation.referral.reference,
        "device": turn.allocation.device.code,
        "shown": text_shown(turn.allocation) if turn.allocation.state is AllocationState.ACTIVE else None,
    }


doors = Doors(
    machine=ceremony_machine,
    path="/ceremonies/<int:number>",
    find=ceremony_for,
    endpoint="ceremonies.ceremony",
    url=lambda ceremony: {"number": ceremony.id},
    title=lambda ceremony: ceremony.title,
    dump=dump,
)
turn_doors = Doors(
    machine=turn_machine,
    path="/ceremonies/<int:number>/tours/<int:position>",
    find=turn_for,
    endpoint="ceremonies.ceremony",
    url=lambda turn: {"number": turn.ceremony_id},
    title=lambda turn: turn.allocation.referral.reference,
    dump=dump_turn,
    custom=frozenset({"hand_over"}),
)
add_pages(blueprint, doors)
add_pages(blueprint, turn_doors)


@blueprint.get("/ceremonies", endpoint="ceremonies")
@requires(P.CEREMONY_READ)
def ceremony_list(_actor: Actor) -> Response:
    """The ceremonies, the latest first."""
    shown = ceremony_listing(site_asked()).page(page_number(), order_asked())
    return page("ceremonies/ceremonies.html", shown=shown, looks=ceremony_machine.looks)


_COLUMNS = (
    SheetColumn(_l("Cérémonie"), lambda row: row.title, 30),
    SheetColumn(_l("Date"), lambda row: row.starts_at, 18),
    SheetColumn(_l("Lieu"), lambda row: row.place, 28),
    SheetColumn(_l("Où elle en est"), lambda row: ceremony_machine.looks[row.state].word, 18),
    SheetColumn(_l("Familles"), lambda row: row.families, 10),
    SheetColumn(_l("Remises signées"), lambda row: row.served, 16),
    SheetColumn(_l("À signer"), lambda row: row.to_sign, 10),
    SheetColumn(_l("Absentes"), lambda row: row.absent, 10),
)


@exported(blueprint, "/ceremonies", P.CEREMONY_READ)
def ceremonies_file(_actor: Actor) -> SheetFile:
    """The same ceremonies as a spreadsheet."""
    return SheetFile.listed("ceremonies", _COLUMNS, ceremony_listing(site_asked()))


@blueprint.route("/ceremonies/nouvelle", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def plan(actor: Actor) -> Response:
    """Plan a ceremony, then choose who comes."""
    form = Form(Plan, start={"site_id": usual_site(actor)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            ceremony = plan_ceremony(actor, **form.load())
            return go("ceremonies.families", done=_("Cérémonie prévue. Choisissez les remises."), number=ceremony.id)
    return page("ceremonies/plan.html", form=form, ceremony=None)


@blueprint.route("/ceremonies/<int:number>/modifier", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def change(actor: Actor, number: int) -> Response:
    """Change the date or the place."""
    ceremony = ceremony_for(actor, number)
    at = local(ceremony.starts_at).replace(tzinfo=None)
    start = {name: getattr(ceremony, name) for name in Plan().fields} | {"starts_at": at.isoformat(timespec="minutes")}
    form = Form(Plan, start=start)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            change_plan(actor, ceremony, **form.load())
            return go(
                "ceremonies.ceremony", done=_("Enregistré. Si la date ou le lieu ont changé, les invités l'apprennent."), number=number
            )
        ceremony = ceremony_for(actor, number)
    return page("ceremonies/plan.html", form=form, ceremony=ceremony)


@blueprint.route("/ceremonies/<int:number>/familles", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def families(actor: Actor, number: int) -> Response:
    """Choose the hand-overs of the day."""
    ceremony = ceremony_for(actor, number)
    form = Form(Families, start={"allocations": [turn.allocation_id for turn in ceremony.turns]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            choose_families(actor, ceremony, form.load()["allocations"] or [])
            return go("ceremonies.ceremony", done=_("Remises de la cérémonie enregistrées."), number=number)
        ceremony = ceremony_for(actor, number)
    form.choices = {"allocations": [_offered(row) for row in free_allocations(actor, ceremony)]}
    return page("ceremonies/families.html", form=form, ceremony=ceremony)


def _offered(row: Any) -> Any:
    device = " ".join(part for part in (row.manufacturer, row.model) if part) or str(DEVICE_KINDS[row.kind])
    return str(row.id), f"{row.reference} · {spell(row.code)}", f"{device}, {row.partner}"


@blueprint.get("/ceremonies/<int:number>")
@requires(P.CEREMONY_READ)
def ceremony(actor: Actor, number: int) -> Response:
    """The day: whose turn it is, who was served, who is absent; a scanned label opens its turn."""
    found = ceremony_for(actor, number)
    typed = request.args.get("code", "").strip()
    position = position_of_code(found, typed) if typed else None
    if position is not None:
        return redirect(url_for("ceremonies.turn", number=number, position=position), code=303)
    turns = turns_of(found)
    expected = [row for row in turns if row.state is Attendance.EXPECTED and row.allocation is AllocationState.ACTIVE]
    return page(
        "ceremonies/ceremony.html",
        ceremony=found,
        look=ceremony_machine.looks[found.state],
        choices=ceremony_machine.open_to(found, actor),
        turns=turns,
        opens=openable(actor, (row.reference for row in turns)),
        expected=expected,
        served=sum(row.state is Attendance.SERVED and row.paper_id is not None for row in turns),
        to_sign=sum(_is_to_sign(row) for row in turns),
        absent=sum(row.state is Attendance.ABSENT for row in turns),
        looks=turn_machine.looks,
        kinds=DEVICE_KINDS,
        is_today=local(found.starts_at).date() == today(),
        is_planned=found.state is CeremonyState.PLANNED,
        is_held=found.state is CeremonyState.HELD,
        typed=typed[:40],
        unknown=bool(typed),
        plan=plan_shown(found, actor),
        evening=evening_of(found) if found.state is CeremonyState.CLOSED else None,
        guest_kinds=GUEST_KINDS,
    )


@blueprint.get("/ceremonies/<int:number>/appel")
@requires(P.CEREMONY_READ)
def call_list(actor: Actor, number: int) -> Response:
    """The list to call names from: no reference, no code, no donor stands on it."""
    found = ceremony_for(actor, number)
    return page("ceremonies/call_list.html", ceremony=found, names=names_to_call(found), looks=turn_machine.looks)


@blueprint.route("/ceremonies/<int:number>/tours/<int:position>", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def turn(actor: Actor, number: int, position: int) -> Response:
    """One family's turn: the slip, the signature, or the absence; then the next."""
    found = turn_for(actor, number, position)
    form = Form(Signed, start={"accessories": usual_accessories(found.allocation)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            need_names()  # What was shown bears no name, and nobody signs that.
            binding_of(found.allocation).check()
            turn_machine.fire(found, "hand_over", actor, **form.sent())
            reference, handover = found.allocation.referral.reference, found.allocation.handover
            said = _("Remis : %(reference)s.") if handover and handover.is_signed else _("Remis, à signer : %(reference)s.")
            return go("ceremonies.ceremony", done=said % {"reference": reference}, number=number)
        found = turn_for(actor, number, position)
    choices = {choice.move.name: choice for choice in turn_machine.open_to(found, actor)}
    return page(
        "ceremonies/turn.html",
        form=form,
        turn=found,
        ceremony=found.ceremony,
        look=turn_machine.looks[found.state],
        choices=choices,
        is_active=found.allocation.state is AllocationState.ACTIVE,
        may_open=may_open(actor, found.allocation.referral),
        is_signed=found.allocation.handover is not None and found.allocation.handover.is_signed,
        binding=binding_of(found.allocation),
        slip=shown_before_signing(words_to_sign(found.allocation)),
    )
