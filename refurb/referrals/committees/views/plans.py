"""The list of sessions, the plan of one, who sits, and the session as it stands: prepared, going on or closed."""

from typing import Any

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from refurb.documents.content import from_json
from refurb.documents.wording import twin
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.words import _
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.search import page_number
from refurb.referrals.blueprint import blueprint
from refurb.referrals.committees.actions.plans import (
    add_member,
    change_committee,
    give_seat,
    member_of,
    note_presence,
    plan_committee,
    remove_member,
)
from refurb.referrals.committees.letters import agenda_pdf
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.pdf import leavings_said
from refurb.referrals.committees.queries import agenda_of, committee_for, committee_listing, postponed, room_of, stocks_of
from refurb.referrals.committees.schemas import CommitteePlan, MemberAdded
from refurb.referrals.committees.shown import dump, entries_of, reasons_now
from refurb.referrals.committees.states import committee_machine
from refurb.referrals.committees.words import ICONS, LINE_REASONS, SEATS, VERDICTS, Seat

P = Permission
SECTION = "referrals.waiting"
_USUAL = 4
"""How many decide at least, unless said otherwise."""


def dump_committee(committee: Committee, actor: Actor) -> dict[str, Any]:
    """A session with its files, as the JSON door shows it."""
    return dump(committee, agenda_of(committee), actor)


doors = Doors(
    machine=committee_machine,
    path="/commissions/<int:number>",
    find=committee_for,
    endpoint="referrals.committee",
    url=lambda committee: {"number": committee.id},
    title=lambda committee: committee.title,
    dump=dump_committee,
    custom=frozenset({"close"}),
)
add_pages(blueprint, doors)


def mark_section(actor: Actor) -> None:
    """Committees are reached from the waiting list by who decides, and stand for themselves for who sits."""
    g.section = SECTION if actor.may(P.REFERRAL_DECIDE) else "referrals.committees"


@blueprint.get("/commissions")
@requires(P.REFERRAL_DECIDE, P.COMMITTEE_SIT)
def committees(actor: Actor) -> Response:
    """The sessions, the latest first."""
    mark_section(actor)
    shown = committee_listing(actor).page(page_number(), order_asked())
    return page("referrals/committees/committees.html", shown=shown, looks=committee_machine.looks)


@blueprint.route("/commissions/nouvelle", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_plan(actor: Actor) -> Response:
    """Set a date and a place, then make the agenda."""
    g.section = SECTION
    form = Form(CommitteePlan, start={"title": _("Commission d'attribution"), "least_present": _USUAL})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = plan_committee(actor, **form.load())
            return go("referrals.committee", done=_("Commission prévue. Choisissez les membres et l'ordre du jour."), number=made.id)
    return page("referrals/committees/plan.html", form=form, committee=None)


@blueprint.route("/commissions/<int:number>/modifier", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_change(actor: Actor, number: int) -> Response:
    """Another date or place."""
    g.section = SECTION
    found = committee_for(actor, number)
    at = local(found.starts_at).replace(tzinfo=None).isoformat(timespec="minutes")
    start = {"title": found.title, "place": found.place, "starts_at": at, "least_present": found.least_present}
    form = Form(CommitteePlan, start=start)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            change_committee(actor, found, **form.load())
            return go("referrals.committee", done=_("Date et lieu enregistrés."), number=number)
        found = committee_for(actor, number)
    return page("referrals/committees/plan.html", form=form, committee=found)


@blueprint.get("/commissions/<int:number>")
@requires(P.REFERRAL_DECIDE, P.COMMITTEE_SIT)
def committee(actor: Actor, number: int) -> Response:
    """The session as it stands: its agenda while it is prepared, the file that comes next while it sits, its minutes once it is closed."""
    mark_section(actor)
    found = committee_for(actor, number)
    lines = agenda_of(found)
    if found.state.is_in_session:
        left = next((each.position for each in lines if each.verdict is None), None)
        if left is None:
            return redirect(url_for("referrals.committee_close", number=number), code=303)
        return redirect(url_for("referrals.committee_file", number=number, position=left), code=303)
    if found.state.is_closed:
        assert found.paper is not None, "it was closed with its minutes"
        return page(
            "referrals/committees/closed.html",
            committee=found,
            look=committee_machine.looks[found.state],
            twin=twin(from_json(found.paper.content)),
            entries=entries_of(lines),
        )
    room, times = room_of(found), postponed(lines)
    return page(
        "referrals/committees/prepare.html",
        committee=found,
        look=committee_machine.looks[found.state],
        choices=committee_machine.open_to(found, actor) if actor.may(P.REFERRAL_DECIDE) else [],
        lines=lines,
        verdicts=VERDICTS,
        reasons={each.id: reasons_now(each, times) for each in lines},
        icons=ICONS,
        because=LINE_REASONS,
        kinds=DEVICE_KINDS,
        stocks=stocks_of(lines),
        leaving=leavings_said(room, lines),
        seats=SEATS,
        days=(local(found.starts_at).date() - today()).days,
    )


def _members_page(found: Committee, form: Form) -> Response:
    return page(
        "referrals/committees/members.html",
        form=form,
        committee=found,
        seats=SEATS,
        look=committee_machine.looks[found.state],
        nobody_presides=not any(each.seat is Seat.CHAIR and each.comes for each in found.members),
    )


@blueprint.route("/commissions/<int:number>/membres", methods=["GET", "POST"])
@requires(P.REFERRAL_DECIDE)
def committee_members(actor: Actor, number: int) -> Response:
    """Who sits; somebody is added here."""
    g.section = SECTION
    found = committee_for(actor, number)
    form = Form(MemberAdded)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = add_member(actor, found, **form.load())
            return go("referrals.committee_members", done=_("%(name)s siège.", name=made.name), number=number)
        found = committee_for(actor, number)
    return _members_page(found, form)


@blueprint.get("/commissions/<int:number>/membres/<int:member>/convocation.pdf")
@requires(P.REFERRAL_DECIDE)
def committee_letter(actor: Actor, number: int, member: int) -> Response:
    """The agenda by post, for a member who does not read it here."""
    found = committee_for(actor, number)
    return download(agenda_pdf(member_of(found, member)), f"convocation-{number}-{member}.pdf", "application/pdf")


@blueprint.post("/commissions/<int:number>/membres/<int:member>")
@requires(P.REFERRAL_DECIDE)
def committee_member(actor: Actor, number: int, member: int) -> Response:
    """A member comes, does not come, presides, or does not sit after all."""
    g.section = SECTION
    found = committee_for(actor, number)
    form = Form(MemberAdded)
    with form.catching(), unit_of_work():
        who = member_of(found, member)
        name = who.name
        if request.form.get("deed") == "remove":
            remove_member(actor, found, who)
            return go("referrals.committee_members", done=_("%(name)s ne siège plus.", name=name), number=number)
        if request.form.get("deed") == "chair":
            give_seat(actor, found, who, seat=Seat.CHAIR)
            return go("referrals.committee_members", done=_("%(name)s préside la séance.", name=name), number=number)
        comes = request.form.get("deed") == "comes"
        note_presence(actor, found, who, comes=comes)
        done = _("%(name)s vient.", name=name) if comes else _("%(name)s ne vient pas.", name=name)
        return go("referrals.committee_members", done=done, number=number)
    return _members_page(committee_for(actor, number), form)
