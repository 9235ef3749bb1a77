"""Consents, uses and testimonies on the JSON door: the same actions and the same refusals as the pages."""

from typing import Any

from flask import url_for

from refurb.ceremonies.after.actions import issue_report, say_next_steps
from refurb.ceremonies.consents.actions import ask_consent, close_link, restore, say_no, say_yes, want_nothing, withdraw
from refurb.ceremonies.consents.models import MaterialUse
from refurb.ceremonies.consents.queries import consent_at, consents_by, consents_of, use_at, uses_of, voice_at
from refurb.ceremonies.consents.receipt import as_record
from refurb.ceremonies.consents.schemas import ConsentAsked, UseTold, VoiceSigned, Withdrawn
from refurb.ceremonies.consents.use_views import persons_of
from refurb.ceremonies.consents.uses import hang_again, record_use, take_down
from refurb.ceremonies.guests.queries import invitation_at
from refurb.ceremonies.queries import ceremony_for
from refurb.ceremonies.testimonies.actions import answer_testimony, change_words, pick, sum_of, write_testimony
from refurb.ceremonies.testimonies.models import Testimony
from refurb.ceremonies.testimonies.queries import testimony_at, testimony_in
from refurb.ceremonies.testimonies.schemas import Picked, ReportTold, TestimonyAnswered, TestimonyTold
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
        return answer(_said(made), 201, location=url_for(".show_consent", number=number, consent=consent))


def _said(said: Testimony) -> dict[str, Any]:
    return {"id": said.id, "approved": said.approved_at is not None, "picked": said.is_picked, "read": sum_of(said)}


_TESTIMONY = "/ceremonies/<int:number>/consents/<int:consent>/testimonies/<int:testimony>"


@writes(api, _TESTIMONY, P.CEREMONY_WRITE, method="PUT", takes=TestimonyTold, refused=(422,))
def replace_testimony(actor: Actor, number: int, consent: int, testimony: int) -> Any:
    """Correct words that were typed; their author is asked again."""
    need_names()
    said, facts = testimony_at(actor, consent_at(actor, number, consent), testimony), load(TestimonyTold, json_body())
    with unit_of_work():
        change_words(actor, said, **facts)
        return answer(_said(said))


@writes(api, f"{_TESTIMONY}/answer", P.CEREMONY_WRITE, takes=TestimonyAnswered, refused=(409, 422))
def create_testimony_answer(actor: Actor, number: int, consent: int, testimony: int) -> Any:
    """Take its author's answer on this screen: `yes` to the words whose sum is `read`, `change` to `words`, or `no`."""
    need_names()
    said, facts = testimony_at(actor, consent_at(actor, number, consent), testimony), load(TestimonyAnswered, json_body())
    with unit_of_work():
        answer_testimony(actor, said, **facts)
        return answer(_said(said))


@writes(api, "/ceremonies/<int:number>/testimonies/<int:testimony>/picked", P.CEREMONY_WRITE, method="PUT", takes=Picked)
def replace_testimony_picked(actor: Actor, number: int, testimony: int) -> Any:
    """Put a testimony into the report, or leave it out."""
    said, facts = testimony_in(ceremony_for(actor, number), testimony), load(Picked, json_body())
    with unit_of_work():
        pick(actor, said, is_picked=facts["is_picked"])
        return answer(_said(said))


@writes(api, "/ceremonies/<int:number>/consents/<int:consent>/restoration", P.CEREMONY_WRITE)
def create_consent_restoration(actor: Actor, number: int, consent: int) -> Any:
    """A withdrawal of the last hour was a mistake."""
    need_names()
    found = consent_at(actor, number, consent)
    with unit_of_work():
        restore(actor, found)
        return answer(as_record(found))


@writes(api, "/ceremonies/<int:number>/consents/<int:consent>/link-closed", P.CEREMONY_WRITE)
def create_consent_link_closed(actor: Actor, number: int, consent: int) -> Any:
    """The link that was given opens nothing any more."""
    need_names()
    found = consent_at(actor, number, consent)
    with unit_of_work():
        close_link(actor, found)
        return answer(as_record(found))


@writes(api, "/ceremonies/<int:number>/invitations/<int:invited>/shows-nothing", P.CEREMONY_WRITE)
def create_shows_nothing(actor: Actor, number: int, invited: int) -> Any:
    """Whoever comes by an invitation would rather show nothing: what was agreed is withdrawn, what was asked refused."""
    need_names()
    found = invitation_at(actor, number, invited)
    with unit_of_work():
        want_nothing(actor, found)
        return answer({"consents": [{"id": each.id, **as_record(each)} for each in consents_by(found)]})


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


@writes(api, "/ceremonies/<int:number>/uses/<int:use>/still-shown", P.CEREMONY_WRITE)
def create_use_still_shown(actor: Actor, number: int, use: int) -> Any:
    """It is not down, after all."""
    found = use_at(actor, number, use)
    with unit_of_work():
        hang_again(actor, found)
        return answer(_use(found))


@writes(api, "/ceremonies/<int:number>/next-steps", P.CEREMONY_WRITE, method="PUT", takes=ReportTold)
def replace_next_steps(actor: Actor, number: int) -> Any:
    """What the report says to the families that were absent."""
    ceremony, facts = ceremony_for(actor, number), load(ReportTold, json_body())
    with unit_of_work():
        say_next_steps(actor, ceremony, facts["next_steps"])
        return answer({"next_steps": ceremony.next_steps})


@writes(api, "/ceremonies/<int:number>/report", P.CEREMONY_WRITE, done=201)
def create_ceremony_report(actor: Actor, number: int) -> Any:
    """Issue the report of a ceremony that is over; one that holds already is annulled and replaced."""
    ceremony = ceremony_for(actor, number)
    with unit_of_work():
        paper = issue_report(actor, ceremony)
        return answer({"paper": paper.reference}, 201, location=url_for(".list_ceremony_uses", number=number))
