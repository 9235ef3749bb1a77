"""The pages of invitations: who is invited, what an invitation says, sending them; one invitation with what can be done about it."""

from typing import Any

from flask import request
from flask_babel import force_locale
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.guests.actions import add_donors, add_guest, send_all
from refurb.ceremonies.guests.corrections import change_guest, close_link, forget_guest, note_posted
from refurb.ceremonies.guests.effects import LANGUAGE, guest_letter, own_address
from refurb.ceremonies.guests.figures import donors_to_invite
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.pdf import letter_due, letter_pdf
from refurb.ceremonies.guests.queries import guests_of, invitation_at, invited_donors, place_in_line, to_send
from refurb.ceremonies.guests.reached import mail_address
from refurb.ceremonies.guests.rules import last_day
from refurb.ceremonies.guests.schemas import DonorsChosen, GuestTold
from refurb.ceremonies.guests.shown import said_of, when_said
from refurb.ceremonies.guests.states import guest_machine
from refurb.ceremonies.guests.texted import is_texted, is_told, referral_of
from refurb.ceremonies.guests.texts import CEREMONY_FAMILY
from refurb.ceremonies.guests.words import GUEST_KINDS, NEEDS, TOLD, GuestTelling, Need
from refurb.ceremonies.queries import ceremony_for
from refurb.directory.letters import HOUSE
from refurb.directory.queries import home
from refurb.documents.stops import stop_address
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.short_messages import for_telephone, messages_needed
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _n, day
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page

P = Permission


def title_of(invitation: CeremonyInvitation) -> str:
    """How an invitation is called: a guest by her name, a family by its place in the order of the day."""
    if invitation.guest is not None:
        return invitation.guest.name
    return _("Passage %(number)s", number=invitation.turn.position) if invitation.turn else _("Famille retirée des remises")


def dump(invitation: CeremonyInvitation, _actor: Actor) -> dict[str, Any]:
    """An invitation as programs read it: a guest by kind, a family by the position of its turn; nobody by name."""
    return {
        "id": invitation.id, "ceremony": invitation.ceremony_id, "state": invitation.state.value,
        "kind": invitation.guest.kind.value if invitation.guest else "family",
        "turn": invitation.turn.position if invitation.turn else None, "places": invitation.places, "arrived": invitation.arrived,
    }  # fmt: skip


DOORS = Doors(
    machine=guest_machine,
    path="/ceremonies/<int:number>/invites/<int:invited>",
    find=invitation_at,
    endpoint="ceremonies.invitation",
    url=lambda found: {"number": found.ceremony_id, "invited": found.id},
    title=title_of,
    dump=dump,
    begins=lambda found: {"companions": found.companions, "needs": found.needs, "no_photo": found.no_photo},
)
add_pages(blueprint, DOORS)


@blueprint.route("/ceremonies/<int:number>/invites/nouveau", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def add(actor: Actor, number: int) -> Response:
    """Write a guest down."""
    ceremony = ceremony_for(actor, number)
    form = Form(GuestTold)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = add_guest(actor, ceremony, **form.load())
            return go("ceremonies.invitation", done=_("Noté. Rien n'est encore parti."), number=number, invited=made.id)
        ceremony = ceremony_for(actor, number)
    return page("ceremonies/guests/add.html", form=form, ceremony=ceremony, invitation=None)


@blueprint.route("/ceremonies/<int:number>/invites/<int:invited>/corriger", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def correct(actor: Actor, number: int, invited: int) -> Response:
    """Correct what is written of a guest."""
    found = _guest_at(actor, number, invited)
    form = Form(GuestTold, start={name: getattr(found.guest, name) for name in GuestTold().fields})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            change_guest(actor, found, **form.load())
            return go("ceremonies.invitation", done=_("Corrigé."), number=number, invited=invited)
        found = _guest_at(actor, number, invited)
    return page("ceremonies/guests/add.html", form=form, ceremony=found.ceremony, invitation=found)


def _guest_at(actor: Actor, number: int, invited: int) -> CeremonyInvitation:
    found = invitation_at(actor, number, invited)
    if found.guest is None or found.guest.forgotten_at is not None:
        raise NotFound
    return found


@blueprint.post("/ceremonies/<int:number>/invites/<int:invited>/oublier")
@requires(P.CEREMONY_WRITE)
def forget(actor: Actor, number: int, invited: int) -> Response:
    """Forget a guest who asks for it before the term."""
    found = _guest_at(actor, number, invited)
    with unit_of_work():
        forget_guest(actor, found)
        return go("ceremonies.ceremony", done=_("Effacé : nom, adresses et besoins."), number=number)


@blueprint.post("/ceremonies/<int:number>/invites/<int:invited>/fermer-ce-lien")
@requires(P.CEREMONY_WRITE)
def invitation_close_link(actor: Actor, number: int, invited: int) -> Response:
    """The link of an invitation opens nothing any more."""
    found = invitation_at(actor, number, invited)
    with unit_of_work():
        close_link(actor, found)
        return go("ceremonies.invitation", done=_("Lien fermé. Donnez le nouveau."), number=number, invited=invited)


@blueprint.route("/ceremonies/<int:number>/invites/donateurs", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def donors(actor: Actor, number: int) -> Response:
    """Choose donors to be invited, each with what her invitation would say."""
    ceremony = ceremony_for(actor, number)
    form = Form(DonorsChosen)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = add_donors(actor, ceremony, form.load()["donors"] or [])
            done = _n("%(num)s donateur noté. Rien n'est encore parti.", "%(num)s donateurs notés. Rien n'est encore parti.", made)
            return go("ceremonies.ceremony", done=done, number=number)
        ceremony = ceremony_for(actor, number)
    form.choices = {"donors": [_donor(each) for each in donors_to_invite(invited_donors(ceremony))]}
    return page("ceremonies/guests/donors.html", form=form, ceremony=ceremony)


def _donor(each: Any) -> tuple[str, str, str]:
    reached = _("par courriel") if each.email else _("par lettre")
    return str(each.figure.donor_id), each.name, " · ".join(part for part in (said_of(each.figure), each.person, reached) if part)


@blueprint.route("/ceremonies/<int:number>/invites/envoyer", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def send(actor: Actor, number: int) -> Response:
    """Read what will leave, then send it all; ten minutes are left to take it back."""
    ceremony = ceremony_for(actor, number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            sent = send_all(actor, ceremony)
            done = _n("%(num)s invitation part dans 10 minutes.", "%(num)s invitations partent dans 10 minutes.", sent)
            return go("ceremonies.ceremony", done=done, number=number)
        ceremony = ceremony_for(actor, number)
    every = to_send(ceremony)
    waiting = [each for each in every if mail_address(each)]
    first = next((each for each in waiting if each.guest is not None), None)
    return page(
        "ceremonies/guests/send.html", form=form, ceremony=ceremony, waiting=waiting,
        by_hand=[each for each in every if each not in waiting],
        titles={each.id: title_of(each) for each in every}, letter=_letter(first) if first else None, kinds=GUEST_KINDS,
    )  # fmt: skip


def _letter(invitation: CeremonyInvitation) -> Any:
    """The letter as it will be read; its link is shown to nobody but its reader."""
    assert invitation.guest is not None
    with force_locale(LANGUAGE):
        return guest_letter(invitation.guest, invitation, invitation.guest.email or "", _("(le lien de son invitation)"))


def _sms(invitation: CeremonyInvitation) -> str:
    ceremony = invitation.ceremony
    facts = {
        HOUSE.name: home().name, "when": when_said(ceremony), "where": ceremony.place, "phone": spell_phone(home().phone),
        "until": day(last_day(ceremony), "d MMMM"), "link": own_address(invitation),
        "stop": stop_address("referral", referral_of(invitation.allocation_id)) if invitation.allocation_id else "",
    }  # fmt: skip
    return for_telephone(CEREMONY_FAMILY.in_force().say("sms", **facts))


@blueprint.get("/ceremonies/<int:number>/invites/<int:invited>")
@requires(P.CEREMONY_READ)
def invitation(actor: Actor, number: int, invited: int) -> Response:
    """Where an invitation stands, what it says, and what can be done about it."""
    found = invitation_at(actor, number, invited)
    sms = _sms(found) if found.is_family and actor.may(P.CEREMONY_WRITE) and not found.state.is_off else ""
    return page(
        "ceremonies/guests/invitation.html", invitation=found, ceremony=found.ceremony, title=title_of(found), kinds=GUEST_KINDS,
        look=guest_machine.looks[found.state], choices=guest_machine.open_to(found, actor), letter=_letter(found) if found.guest else None,
        sms=sms, is_told=is_told(found), is_texted=bool(sms) and is_texted(found), messages=messages_needed(sms),
        needs=[str(NEEDS[Need(word)]) for word in found.needs],
        rank=place_in_line(found) if found.state.is_waiting else None,
    )  # fmt: skip


@blueprint.get("/ceremonies/<int:number>/invites/<int:invited>/lettre.pdf")
@requires(P.CEREMONY_WRITE)
def invitation_letter(actor: Actor, number: int, invited: int) -> Response:
    """What a guest is to be told now, on paper; her invitation where nothing is."""
    found = invitation_at(actor, number, invited)
    return download(letter_pdf(found, letter_due(found) or GuestTelling.INVITED), f"invitation-{invited}.pdf", "application/pdf")


@blueprint.post("/ceremonies/<int:number>/invites/<int:invited>/lettre-postee")
@requires(P.CEREMONY_WRITE)
def letter_posted(actor: Actor, number: int, invited: int) -> Response:
    """The letter that was due to a guest was posted."""
    found = invitation_at(actor, number, invited)
    with unit_of_work():
        note_posted(actor, found)
        return go("ceremonies.letters_by_hand", done=_("Noté : postée."), number=number)


@blueprint.get("/ceremonies/<int:number>/lettres")
@requires(P.CEREMONY_WRITE)
def letters_by_hand(actor: Actor, number: int) -> Response:
    """The guests who have no e-mail address, with what each is to be told by letter now: to be printed, folded, posted."""
    ceremony = ceremony_for(actor, number)
    by_hand = [
        (each, letter_due(each)) for each in guests_of(ceremony) if each.guest and not each.guest.email and not each.guest.forgotten_at
    ]
    return page("ceremonies/guests/letters.html", ceremony=ceremony, letters=[(each, TOLD[due]) for each, due in by_hand if due])
