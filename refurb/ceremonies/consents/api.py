"""Consents, uses and testimonies on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import url_for

from refurb.ceremonies.after.actions import issue_report
from refurb.ceremonies.consents.actions import ask_consent, say_no, say_yes, withdraw
from refurb.ceremonies.consents.models import MaterialUse
from refurb.ceremonies.consents.queries import consent_at, consents_of, use_at, uses_of, voice_at
from refurb.ceremonies.consents.receipt import as_record
from refurb.ceremonies.consents.schemas import ConsentAsked, UseTold, VoiceSigned, Withdrawn
from refurb.ceremonies.consents.use_views import persons_of
from refurb.ceremonies.consents.uses import record_use, take_down
from refurb.ceremonies.guests.queries import invitation_at
from refurb.ceremonies.queries import ceremony_for
from refurb.ceremonies.testimonies.actions import write_testimony
from refurb.ceremonies.testimonies.schemas import TestimonyTold
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer, api_blueprint, json_body
from refurb.kernel.web.routes import reads, writes

P = Permission
api = api_blueprint("consents", "What people let us show of them, where it is shown, and their words.")


@reads(api, "/ceremonies/<int:number>/consents", P.CEREMONY_WRITE)
def list_ceremony_consents(actor: Actor, number: int) -> Any:
    """The consents of a ceremony, each as a record of ISO/IEC TS 27560."""
    need_names()
    return {"consents": [{"id": each.id, **as_record(each)} for each in consents_of(ceremony_for(actor, number))]}


@writes(
    api, "/ceremonies/<int:number>/invitations/<int:invited>/consents", P.CEREMONY_WRITE, takes=ConsentAsked, done=201, refused=(422,)
)  # fmt: skip
def create_consent(actor: Actor, number: int, invited: int) -> Any:
    """Ask somebody who comes by an invitation what may be shown: `shown` holds pairs such as `photo:poster`; nothing is given yet."""
    need_names()
    found, facts = invitation_at(actor, number, invited), load(ConsentAsked, json_body())
    with unit_of_work():
        made = ask_consent(actor, found, **facts)
        told = {"id": made.id, "shown": made.digest, "voices": [each.position for each in made.voices], **as_record(made)}
        return answer(told, 201, location=url_for(".show_consent", number=number, consent=made.id))


@reads(api, "/ceremonies/<int:number>/consents/<int:consent>", P.CEREMONY_WRITE)
def show_consent(actor: Actor, number: int, consent: int) -> Any:
    """One consent, as a record of ISO/IEC TS 27560."""
    need_names()
    return as_record(consent_at(actor, number, consent))


@writes(
    api, "/ceremonies/<int:number>/consents/<int:consent>/voices/<int:position>/yes", P.CEREMONY_WRITE, takes=VoiceSigned,
    refused=(409, 422),
)  # fmt: skip
def create_consent_yes(actor: Actor, number: int, consent: int, position: int) -> Any:
    """Take a signature: drawn under the sentence whose sum is `shown`, or seen on paper; the last yes gives the consent."""
    need_names()
    found, facts = consent_at(actor, number, consent), load(VoiceSigned, json_body())
    with unit_of_work():
        say_yes(actor, voice_at(found, position), **facts)
        return answer(as_record(found))


@writes(api, "/ceremonies/<int:number>/consents/<int:consent>/voices/<int:position>/no", P.CEREMONY_WRITE)
def create_consent_no(actor: Actor, number: int, consent: int, position: int) -> Any:
    """Somebody says no: nothing is shown."""
    need_names()
    found = consent_at(actor, number, consent)
    with unit_of_work():
        say_no(actor, voice_at(found, position))
        return answer(as_record(found))


@writes(api, "/ceremonies/<int:number>/consents/<int:consent>/withdrawal", P.CEREMONY_WRITE, takes=Withdrawn)
def create_consent_withdrawal(actor: Actor, number: int, consent: int) -> Any:
    """Withdraw what is named by `grants`, everything where nothing is named; at once."""
    need_names()
    found, facts = consent_at(actor, number, consent), load(Withdrawn, json_body())
    with unit_of_work():
        withdraw(actor, found, facts["grants"])
        return answer(as_record(found))


@writes(
    api, "/ceremonies/<int:number>/consents/<int:consent>/testimonies", P.CEREMONY_WRITE, takes=TestimonyTold, done=201, refused=(409, 422)
)  # fmt: skip
def create_testimony(actor: Actor, number: int, consent: int) -> Any:
    """Type somebody's words; she approves them by her link or on a screen before anybody reads them."""
    need_names()
    found, facts = consent_at(actor, number, consent), load(TestimonyTold, json_body())
    with unit_of_work():
        made = write_testimony(actor, found, **facts)
        return answer({"id": made.id, "approved": False}, 201, location=url_for(".show_consent", number=number, consent=consent))


@reads(api, "/ceremonies/<int:number>/uses", P.CEREMONY_READ)
def list_ceremony_uses(actor: Actor, number: int) -> Any:
    """What is shown of a ceremony, where, and until when it is to be taken down; nobody by name."""
    return {"uses": [_use(each) for each in uses_of(ceremony_for(actor, number))]}


def _use(use: MaterialUse) -> dict[str, Any]:
    return {
        "id": use.id, "channel": use.channel.value, "showing": use.showing.value, "published_on": use.published_on.isoformat(),
        "due_on": plain(use.due_on), "taken_down_at": plain(use.taken_down_at), "consents": [each.consent_id for each in use.grants],
    }  # fmt: skip


@writes(api, "/ceremonies/<int:number>/uses", P.CEREMONY_WRITE, takes=UseTold, done=201, refused=(422,))
def create_ceremony_use(actor: Actor, number: int) -> Any:
    """Say that something was put somewhere, of whom: refused for whoever has not agreed to it."""
    ceremony, facts = ceremony_for(actor, number), load(UseTold, json_body())
    with unit_of_work():
        made = record_use(actor, ceremony, persons=persons_of(ceremony, facts.pop("consents")), **facts)
        return answer(_use(made), 201, location=url_for(".list_ceremony_uses", number=number))


@writes(api, "/ceremonies/<int:number>/uses/<int:use>/taken-down", P.CEREMONY_WRITE)
def create_use_taken_down(actor: Actor, number: int, use: int) -> Any:
    """Say that it hangs nowhere any more."""
    found = use_at(actor, number, use)
    with unit_of_work():
        take_down(actor, found)
        return answer(_use(found))


@writes(api, "/ceremonies/<int:number>/report", P.CEREMONY_WRITE, done=201)
def create_ceremony_report(actor: Actor, number: int) -> Any:
    """Issue the report of a ceremony that is over; one that holds already is annulled and replaced."""
    ceremony = ceremony_for(actor, number)
    with unit_of_work():
        paper = issue_report(actor, ceremony)
        return answer({"paper": paper.reference}, 201, location=url_for(".list_ceremony_uses", number=number))
