"""What pages and the JSON door show of an organisation's request: its history, the panel on the organisation's page, a dump."""

from typing import Any

from refurb.accounts.queries import doers_of
from refurb.directory.models import Organisation
from refurb.documents.signing_pages import dump_signing
from refurb.inventory.words.donations import LegalOrigin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.words import _, _l, moment
from refurb.referrals.cases.views.shown import Happening
from refurb.referrals.endowed import Endowment, EndowmentLine, EndowmentState
from refurb.referrals.endowments.actions import endowment_shown
from refurb.referrals.endowments.queries import endowment_lines, endowments_of
from refurb.referrals.endowments.states import endowment_machine

_OTHER = {
    "created": (_l("Demande écrite"), "file-plus"),
    "line_added": (_l("Un appareil ajouté"), "plus"),
    "line_dropped": (_l("Un appareil retiré"), "undo-2"),
    "line_came_back": (_l("Un appareil revenu avant la signature"), "undo-2"),
    "signed": (_l("Bon signé"), "pen-line"),
}


def history_of_endowment(endowment: Endowment) -> list[Happening]:
    """What happened to a request, newest first, with what was written beside."""
    events = events_of(endowment)
    doers, notes, shown = doers_of(events), notes_of(events), []
    for event in events:
        if event.move in _OTHER:
            text, icon, tone = *_OTHER[event.move], "todo"
        else:
            look = endowment_machine.looks[EndowmentState(event.facts["to"])]
            text, icon, tone = endowment_machine.done_sentence(event.move), look.icon, look.tone
        written = " ; ".join(notes[event.id].values())
        said = _("%(done)s : %(what)s", done=text, what=written) if written else str(text)
        shown.append(Happening(icon, tone, said, doers.get(event.id), moment(event.at)))
    return shown


def were_public(lines: list[EndowmentLine]) -> bool:
    """Whether some of the machines were a public body's, whose gifts the law directs to organisations that it names."""
    return any(each.device.donation.legal_origin in {LegalOrigin.OWN_STOCK, LegalOrigin.PUBLIC_BODY} for each in lines)


def panel_of_endowments(actor: Actor, organisation: Organisation) -> HungPanel | None:
    """What an organisation asked for its own places, and got, for whoever decides."""
    if not actor.may(Permission.REFERRAL_DECIDE):
        return None
    facts = {"organisation": organisation, "endowments": endowments_of(organisation), "looks": endowment_machine.looks}
    return HungPanel("referrals/endowments/_panel.html", facts)


def dump_endowment(endowment: Endowment, actor: Actor) -> dict[str, Any]:
    """A request as the JSON door shows it: machines by their code, and nobody by name."""
    is_granted = endowment.state is EndowmentState.GRANTED
    return {
        "reference": endowment.reference,
        "state": endowment.state,
        "organisation": endowment.organisation.reference,
        "use": endowment.use,
        "words": endowment.words,
        "asked_at": endowment.asked_at.isoformat(),
        "wishes": {each.device_kind.value: {"asked": each.asked, "granted": each.granted} for each in endowment.wishes},
        "refusal": endowment.refusal,
        **({"reason": endowment.reason, "committee": endowment.committee_id} if actor.may(Permission.REFERRAL_DECIDE) else {}),
        "decided_at": endowment.decided_at and endowment.decided_at.isoformat(),
        "held_until": endowment.held_until and endowment.held_until.isoformat(),
        "lines": [{"id": each.id, "device": each.device.code} for each in endowment_lines(endowment)],
        "shown": endowment_shown(endowment) if is_granted else None,
        "handed_at": endowment.handed_at and endowment.handed_at.isoformat(),
        "paper": endowment.paper and endowment.paper.reference,
        "signature": dump_signing(endowment),
    }
