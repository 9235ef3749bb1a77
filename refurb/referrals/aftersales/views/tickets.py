"""The pages of tickets: what is open, one ticket with its moves, writing one down; a prescriber's for the family of her file."""

from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.directory.queries import home
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import names_closed
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pictures import picture_response
from refurb.kernel.web.search import page_number
from refurb.referrals.aftersales.actions import note_word, open_ticket, report_for
from refurb.referrals.aftersales.family import TONGUES
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.queries import (
    WhichTickets,
    causes_in,
    devices_with,
    dump,
    earlier_of,
    file_of,
    read_way,
    ticket_by_reference,
    ticket_listing,
    warranty_until,
)
from refurb.referrals.aftersales.schemas import NewTicket, NoteTold, TicketForItsOnlyDevice, TicketForReferral
from refurb.referrals.aftersales.shown import history_of
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.aftersales.words import CAUSES, OUTCOMES, TICKET_VIAS, TROUBLES, TicketState, TicketVia
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.queries.allocations import allocation_of_referral
from refurb.referrals.cases.queries.referrals import referral_for
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
_ASKED = {
    TicketState.OPEN: _l("Répondre à la famille"),
    TicketState.ADVISED: _l("Le conseil a-t-il suffi ?"),
    TicketState.APPOINTED: _l("Recevoir la machine"),
    TicketState.REPAIR: _l("Réparer, puis rendre"),
}
"""What is to be done where something leads on."""
_TABS = {WhichTickets.OPEN: _l("À traiter"), WhichTickets.CLOSED: _lp("ticket", "Closes")}


def _wanted() -> tuple[WhichTickets, str]:
    asked = request.args.get("etat", "")
    return WhichTickets(asked) if asked in set(WhichTickets) else WhichTickets.OPEN, request.args.get("q", "").strip()[:60]


@blueprint.get("/pannes")
@requires(P.TICKET_WORK)
def tickets(_actor: Actor) -> Response:
    """What families have trouble with: what is open first, and what was found this year."""
    which, typed = _wanted()
    return page(
        "referrals/aftersales/tickets.html",
        found=ticket_listing(which, typed).page(page_number(), order_asked()),
        which=which,
        tabs=_TABS,
        typed=typed,
        looks=ticket_machine.looks,
        troubles=TROUBLES,
        outcomes=OUTCOMES,
        kinds=DEVICE_KINDS,
        causes=[(CAUSES[cause], count) for cause, count in causes_in(today().year)],
        year=today().year,
        now=today(),
    )


_COLUMNS = (
    SheetColumn(_lp("ticket", "Panne"), lambda row: row.reference, 14),
    SheetColumn(_l("Ce qui ne va pas"), lambda row: TROUBLES[row.trouble], 26),
    SheetColumn(_l("Code"), lambda row: spell(row.code) if row.code else None, 12),
    SheetColumn(_l("Machine"), lambda row: DEVICE_KINDS[row.kind] if row.kind else row.own_machine, 26),
    SheetColumn(_l("État"), lambda row: ticket_machine.looks[row.state].word, 18),
    SheetColumn(_l("Signalée le"), lambda row: local(row.opened_at).date(), 12),
    SheetColumn(_l("Répondre avant"), lambda row: row.answer_by, 14),
    SheetColumn(_l("Ce qui a été trouvé"), lambda row: CAUSES[row.cause] if row.cause else None, 24),
    SheetColumn(_l("Comment cela finit"), lambda row: OUTCOMES[row.outcome] if row.outcome else None, 26),
    SheetColumn(_lp("ticket", "Close le"), lambda row: local(row.closed_at).date() if row.closed_at else None, 12),
)


@exported(blueprint, "/pannes", P.TICKET_WORK)
@freshly_proved
def tickets_file(_actor: Actor) -> SheetFile:
    """The same tickets as a spreadsheet, without a name, a number or a word of anybody's."""
    return SheetFile.listed("pannes", _COLUMNS, ticket_listing(*_wanted()))


@blueprint.route("/pannes/nouvelle", methods=["GET", "POST"])
@requires(P.TICKET_WORK)
def ticket_new(actor: Actor) -> Response:
    """Write down what is wrong: with a device of ours by its label, or with a person's own machine."""
    form = Form(NewTicket, start={"code": request.args.get("code", "")[:60]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = open_ticket(actor, **form.load())
            return go("referrals.ticket", done=_("Panne %(reference)s notée.", reference=made.reference), reference=made.reference)
    return page("referrals/aftersales/ticket_new.html", form=form)


@blueprint.route("/pannes/<reference>", methods=["GET", "POST"])
@requires(P.TICKET_WORK)
def ticket(actor: Actor, reference: str) -> Response:
    """One ticket: what is wrong, how the family is answered, what can be done; a word about it is written here."""
    found, form = ticket_by_reference(actor, reference), Form(NoteTold)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            note_word(actor, found, **form.load())
            return go("referrals.ticket", done=_("L'échange est noté."), reference=reference)
        found = ticket_by_reference(actor, reference)
    g.section = "referrals.tickets"
    way = read_way(found, actor)
    return page(
        "referrals/aftersales/ticket.html",
        ticket=found,
        form=form,
        look=ticket_machine.looks[found.state],
        choices=[each for each in ticket_machine.open_to(found, actor) if not each.move.inner],
        history=history_of(found),
        way=way,
        warranty=warranty_until(found.referral) if found.referral else None,
        earlier=earlier_of(found),
        looks=ticket_machine.looks,
        troubles=TROUBLES,
        causes=CAUSES,
        outcomes=OUTCOMES,
        vias=TICKET_VIAS,
        kinds=DEVICE_KINDS,
        asked=_ASKED,
        tongues=TONGUES,
        now=today(),
        words_closed=names_closed(),
        file=file_of(found, actor),
        beside=_not_told_which(found),
    )


def _not_told_which(ticket: Ticket) -> list[str]:
    """The codes of the family's other devices, where it was asked for news and said that something is wrong, not with which."""
    if ticket.via is not TicketVia.NEWS or ticket.referral is None:
        return []
    return [spell(each.code) for each in devices_with(ticket.referral) if each.id != ticket.device_id]


@blueprint.get("/pannes/<reference>/photo.jpg")
@requires(P.TICKET_WORK)
def ticket_photo(actor: Actor, reference: str) -> Response:
    """The picture that was sent with a ticket."""
    found = ticket_by_reference(actor, reference)
    if found.photo is None:
        raise NotFound
    return picture_response(found.photo)


@blueprint.route("/orientations/<reference>/souci", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def ticket_of_referral(actor: Actor, reference: str) -> Response:
    """A prescriber tells what is wrong for the family of her file."""
    found = referral_for(actor, reference)
    held, there = allocation_of_referral(found), devices_with(found)
    if not there and (held is None or held.handover is None):
        raise NotFound
    codes = [(each.code, f"{DEVICE_KINDS[each.kind]}, {spell(each.code)}") for each in there]
    form = Form(TicketForReferral if len(codes) > 1 else TicketForItsOnlyDevice, choices={"device": codes})
    g.section = "referrals.referrals"
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = report_for(actor, found, **form.load())
            done = _("C'est transmis. Panne %(reference)s.", reference=made.reference)
            return go("referrals.referral", done=done, reference=reference)
        found = referral_for(actor, reference)
    return page("referrals/aftersales/ticket_of_referral.html", form=form, referral=found)


def _begins(_subject: Ticket) -> dict[str, Any]:
    return {"place": home().name}


DOORS = Doors(
    machine=ticket_machine,
    path="/pannes/<reference>",
    find=ticket_by_reference,
    endpoint="referrals.ticket",
    url=lambda ticket: {"reference": ticket.reference},
    title=lambda ticket: f"{TROUBLES[ticket.trouble]} · {ticket.reference}",
    dump=dump,
    begins=_begins,
)
add_pages(blueprint, DOORS)
