"""The pages of hand-over appointments: the office's day, opening slots, inviting a family, choosing with it or for it."""

from dataclasses import replace
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from refurb.directory.sites.queries import usual_site
from refurb.directory.sites.words import said_hour
from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import is_sent
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.personal import names_closed, need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.calendar import MIMETYPE, write_calendar
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.short_messages import for_telephone, messages_needed
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.queries.allocations import allocation_for, allocation_of_referral
from refurb.referrals.cases.queries.referrals import openable
from refurb.referrals.cases.scope import visible
from refurb.referrals.cases.texting import texts_family
from refurb.referrals.handovers.actions import ANSWER_WITHIN, Opened, choose, invite, open_slots, withdraw_slot
from refurb.referrals.handovers.effects import FILE_NAME, calendar_entry
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.pdf import letter_pdf
from refurb.referrals.handovers.queries import (
    expected,
    invitation_for,
    invitation_of,
    invitation_of_allocation,
    offered_slots,
    slot_by_id,
    slots_to_come,
    to_answer,
    to_arrange,
)
from refurb.referrals.handovers.schemas import HourChosen, Invited, SlotsOpened
from refurb.referrals.handovers.shown import by_day, history_of, place_said, when_said, where_said
from refurb.referrals.handovers.states import invitation_machine
from refurb.referrals.handovers.text_messages import invitation_text
from refurb.referrals.handovers.words import DECLINED_BECAUSE, InvitationState, InvitedBy
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import AllocationState

P = Permission


@blueprint.get("/rendez-vous")
@requires(P.HANDOVER_WRITE)
def appointments(actor: Actor) -> Response:
    """What the office has to arrange, who has not answered, who comes when, and what is left of the slots."""
    g.section = "referrals.handovers"
    awaited = expected(actor)
    return page(
        "referrals/handovers/appointments.html", to_arrange=to_arrange(actor), to_answer=to_answer(actor), expected=awaited,
        opens=openable(actor, (row.reference for row in awaited)),
        days=by_day(slots_to_come()), looks=invitation_machine.looks, declined=DECLINED_BECAUSE, kinds=DEVICE_KINDS, hour=said_hour,
        place=place_said, State=InvitationState,
    )  # fmt: skip


@blueprint.route("/rendez-vous/creneaux", methods=["GET", "POST"])
@requires(P.APPOINTMENT_WRITE)
def open_slots_page(actor: Actor) -> Response:
    """Open slots, once or every week."""
    g.section = "referrals.handovers"
    form = Form(SlotsOpened, start={"site_id": usual_site(actor), "minutes": 30, "places": 1, "weeks": 1})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            return go("referrals.appointments", done=_opened_said(open_slots(actor, **form.load())))
    return page("referrals/handovers/open.html", form=form)


def _opened_said(opened: Opened) -> str:
    said = _n("%(num)s créneau ouvert.", "%(num)s créneaux ouverts.", opened.made)
    if opened.closed:
        said += " " + _n("%(num)s heure fermée est laissée de côté.", "%(num)s heures fermées sont laissées de côté.", opened.closed)
    if opened.known:
        said += " " + _n("%(num)s créneau y était déjà.", "%(num)s créneaux y étaient déjà.", opened.known)
    return said


@blueprint.post("/rendez-vous/creneaux/<int:number>/retirer")
@requires(P.APPOINTMENT_WRITE)
def withdraw_slot_page(actor: Actor, number: int) -> Response:
    """Take a slot away."""
    found = slot_by_id(actor, number)
    with unit_of_work():
        withdraw_slot(actor, found)
        return go("referrals.appointments", done=_("Le créneau est retiré."))


def _allocation(actor: Actor, reference: str) -> Allocation:
    """What is to be handed over, of a referral that the actor may know of; `NotFound` where nothing is.

    Whoever hands over today what somebody else has arranged arranges nothing.
    """
    found = allocation_for(actor, reference, within=visible)
    if found.state is not AllocationState.ACTIVE:
        raise NotFound
    return found


@blueprint.route("/orientations/<reference>/inviter", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def invite_page(actor: Actor, reference: str) -> Response:
    """Invite a family to choose its hour."""
    g.section = "referrals.handovers"
    allocation = _allocation(actor, reference)
    person = allocation.referral.beneficiary
    by_sms = texts_family(SmsKind.HANDOVERS, allocation.referral) if is_sent(SmsKind.HANDOVERS) else person.phone
    usual = InvitedBy.EMAIL if person.email else InvitedBy.SMS if by_sms else InvitedBy.PARTNER
    form = Form(Invited, start={"invited_by": usual, "answer_by": today() + ANSWER_WITHIN})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            invite(actor, allocation, **form.load())
            return go("referrals.appointment", done=_("L'invitation est faite. La structure est prévenue."), reference=reference)
        allocation = _allocation(actor, reference)
    former = invitation_of(allocation)
    return page(
        "referrals/handovers/invite.html", form=form, allocation=allocation, days=by_day(offered_slots()),
        former=former if former is not None and former.state.is_open else None, looks=invitation_machine.looks,
    )  # fmt: skip


@blueprint.get("/orientations/<reference>/rendez-vous")
@requires(P.REFERRAL_READ)
def appointment(actor: Actor, reference: str) -> Response:
    """Where the appointment of a referral stands, and what can be done about it."""
    return _appointment(actor, reference, None)


def _appointment(actor: Actor, reference: str, form: Form | None) -> Response:
    found = invitation_for(actor, reference)
    can_invite = actor.may(P.HANDOVER_WRITE) and found.allocation.state is AllocationState.ACTIVE
    sms = for_telephone(invitation_text(found)) if can_invite else ""
    return page(
        "referrals/handovers/appointment.html", invitation=found, referral=found.allocation.referral, can_invite=can_invite,
        look=invitation_machine.looks[found.state], when=when_said(found.slot) if found.slot else None,
        where=where_said(found.slot) if found.slot else None, declined=DECLINED_BECAUSE, sms=sms, messages=messages_needed(sms),
        leaves=found.invited_by is InvitedBy.SMS and texts_family(SmsKind.HANDOVERS, found.allocation.referral),
        choices=[each for each in invitation_machine.open_to(found, actor) if not each.move.inner], history=history_of(found),
        is_open=found.state.is_open, form=form, InvitedBy=InvitedBy,
    )  # fmt: skip


@blueprint.route("/orientations/<reference>/rendez-vous/heure", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def choose_hour(actor: Actor, reference: str) -> Response:
    """Choose an hour with a family, or another one; what names keep closed stays where nothing is written in its place."""
    found = invitation_for(actor, reference)
    form = Form(HourChosen, start={"slot": found.seat and found.seat.slot_id, "lift": found.lift, "lift_words": found.lift_words,
                                   "address": found.address or found.allocation.referral.address})  # fmt: skip
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.sent()
            if names_closed():
                told.update({name: told.get(name) or getattr(found, name) for name in ("address", "lift_words")})
            choose(actor, found, **told)
            return go("referrals.appointment", done=_("Le rendez-vous est pris."), reference=reference)
        found = invitation_for(actor, reference)
    if not found.state.is_open:
        return _appointment(actor, reference, form if form.refusal else None)
    offered = offered_slots()
    return page(
        "referrals/handovers/choose.html", form=form, invitation=found, referral=found.allocation.referral, days=by_day(offered),
        visits=any(each.slot.at_home for each in offered), hour=said_hour, when=when_said(found.slot) if found.slot else None,
    )  # fmt: skip


@blueprint.get("/orientations/<reference>/rendez-vous/lettre.pdf")
@requires(P.HANDOVER_WRITE)
def invitation_to_print(actor: Actor, reference: str) -> Response:
    """The invitation on paper: its code opens the family's page."""
    need_names()
    found = invitation_for(actor, reference)
    return download(letter_pdf(found), f"invitation-{reference}.pdf", "application/pdf")


@blueprint.get("/orientations/<reference>/rendez-vous/agenda.ics")
@requires(P.REFERRAL_READ)
def appointment_calendar(actor: Actor, reference: str) -> Response:
    """The appointment, for a calendar."""
    return calendar_page(invitation_for(actor, reference))


def calendar_page(found: HandoverInvitation, *, to_family: bool = False) -> Response:
    """The calendar file of what was chosen; `NotFound` where nothing is."""
    if found.slot is None or not found.state.is_chosen:
        raise NotFound
    return download(write_calendar(calendar_entry(found, found.slot, to_family=to_family)), FILE_NAME, MIMETYPE, inline=False)


def dump(found: HandoverInvitation, _actor: Actor) -> dict[str, Any]:
    """An invitation as programs read it: whose only by the reference."""
    slot = found.slot
    return {
        "id": found.id, "referral": found.allocation.referral.reference, "allocation": found.allocation_id, "state": found.state.value,
        "invited_by": found.invited_by.value, "answer_by": plain(found.answer_by), "lift": found.lift,
        "declined_because": found.declined_because and found.declined_because.value, "times_moved": found.times_moved,
        "slot": slot and {
            "id": slot.id, "site": slot.site_id, "at_home": slot.at_home, "day": plain(slot.day), "from_minute": slot.from_minute,
            "until_minute": slot.until_minute,
        },
    }  # fmt: skip


DOORS = Doors(
    machine=invitation_machine,
    path="/orientations/<reference>/rendez-vous",
    find=invitation_for,
    endpoint="referrals.appointment",
    url=lambda found: {"reference": found.allocation.referral.reference},
    title=lambda found: found.allocation.referral.reference,
    dump=dump,
    custom=frozenset({"choose", "reschedule"}),
)
add_pages(blueprint, DOORS)
API_DOORS = replace(DOORS, find=invitation_of_allocation)


def panel_of_appointment(actor: Actor, referral: Referral) -> HungPanel | None:
    """Where the appointment stands, on the page of a referral whose device is here, or was fetched."""
    allocation = allocation_of_referral(referral)
    if allocation is None:
        return None
    found = invitation_of(allocation)
    can_invite = actor.may(P.HANDOVER_WRITE) and allocation.state is AllocationState.ACTIVE
    if found is None and not can_invite:
        return None
    look = invitation_machine.looks[found.state] if found else None
    slot = found.slot if found else None
    return HungPanel(
        "referrals/handovers/_panel.html",
        {"invitation": found, "look": look, "when": when_said(slot) if slot else None, "where": where_said(slot) if slot else None,
         "can_invite": can_invite, "can_hold": can_invite and actor.may(P.ALLOCATION_WRITE),
         "held_until": allocation.held_until if allocation.state is AllocationState.ACTIVE else None, "reference": referral.reference},
    )  # fmt: skip
