"""What pages show of tickets: their history, and the panel on the page of a family's file."""

from collections.abc import Iterable

from refurb.accounts.queries import doers_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import Event, events_of, notes_of
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.words import _, _l, moment
from refurb.referrals.aftersales.models import Ticket
from refurb.referrals.aftersales.queries import tickets_of
from refurb.referrals.aftersales.states import ticket_machine
from refurb.referrals.aftersales.words import TICKET_VIAS, TROUBLES, TicketState
from refurb.referrals.cases.queries.allocations import allocation_of_referral
from refurb.referrals.cases.views.shown import Happening
from refurb.referrals.models import Referral

_OTHER = {"created": (_l("Panne signalée"), "megaphone"), "noted": (_l("Échange noté"), "message-square")}


def history_of(ticket: Ticket) -> list[Happening]:
    """What happened to a ticket, newest first, with what was written beside."""
    events = events_of(ticket)
    doers, notes = doers_of(events), notes_of(events)
    return [_told(each, doers.get(each.id), notes[each.id].values(), ticket) for each in events]


def _told(event: Event, who: str | None, notes: Iterable[str], ticket: Ticket) -> Happening:
    if event.move in _OTHER:
        text, icon = _OTHER[event.move]
        tone = "todo"
    else:
        look = ticket_machine.looks[TicketState(event.facts["to"])]
        text, icon, tone = ticket_machine.done_sentence(event.move), look.icon, look.tone
    if event.move == "created":
        text = _("Panne signalée %(via)s", via=TICKET_VIAS[ticket.via])
    written = " ; ".join(notes)
    return Happening(icon, tone, _("%(done)s : %(what)s", done=text, what=written) if written else str(text), who, moment(event.at))


def panel_of_tickets(actor: Actor, referral: Referral) -> HungPanel | None:
    """The tickets of a family, without a word of what was written; and the press that tells of trouble, once it has its device."""
    held = allocation_of_referral(referral)
    if held is None or (held.handover is None and not held.is_swap):
        return None
    facts = {
        "tickets": tickets_of(referral),
        "looks": ticket_machine.looks,
        "troubles": TROUBLES,
        "reference": referral.reference,
        "may_tell": actor.may(Permission.REFERRAL_WRITE) and held.handover is not None,
        "may_open": actor.may(Permission.TICKET_WORK),
    }
    return HungPanel("referrals/aftersales/_panel.html", facts)
