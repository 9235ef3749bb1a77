"""The page of a partner's referent: her colleagues, whom she invites and takes out."""

from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response

from refurb.accounts.invitations.actions import AddressTaken, InvitedAlready, invite
from refurb.accounts.invitations.queries import waiting_invitations
from refurb.accounts.people.actions import remove_colleague
from refurb.accounts.people.queries import colleague_for, colleagues, in_hand, organisations_led, takers_of
from refurb.accounts.people.schemas import HandedTo, NewColleague
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Grant, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("colleagues", __name__)


def _led(actor: Actor) -> int:
    """The organisation of which somebody is the referent; an administrator keeps no colleagues here, but on the page of accounts."""
    led = organisations_led(actor)
    if not led:
        raise NotFound
    return led[0]


@blueprint.route("/collegues", methods=["GET", "POST"])
@requires(Permission.COLLEAGUE_WRITE)
def colleague_list(actor: Actor) -> Response:
    """Who refers for the actor's organisation, whom it has invited, and the form that invites."""
    organisation_id = _led(actor)
    form = Form(NewColleague, field_of={AddressTaken: "email", InvitedAlready: "email"})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            roles = [Role.PRESCRIBER, *([Role.REFERENT] if facts["referent"] else [])]
            with unit_of_work():
                grants = [Grant(role, organisation_id) for role in roles]
                made = invite(actor, name=facts["name"], email=facts["email"], grants=grants)
                return go("invitations.invitation", done=_("Invitation créée."), number=made.id)
    people = [each for each in colleagues(organisation_id) if each.is_active]
    return page(
        "accounts/colleagues.html",
        organisation_of=db.session.get(Organisation, organisation_id),
        people=people,
        held={each.id: [one.said for one in in_hand(each.id, organisation_id)] for each in people},
        referents={each.id for each in people if any(_refers_here(one, organisation_id) for one in each.grants)},
        invitations=waiting_invitations(actor),
        form=form,
        me_id=actor.id,
    )


def _refers_here(grant: Any, organisation_id: int) -> bool:
    return grant.role is Role.REFERENT and grant.organisation_id == organisation_id


@blueprint.route("/collegues/<int:number>/retirer", methods=["GET", "POST"])
@requires(Permission.COLLEAGUE_WRITE)
def colleague_remove(actor: Actor, number: int) -> Response:
    """Take a colleague out: to whom the files go, and the deed."""
    account, organisation_id = colleague_for(actor, number)
    held = in_hand(account.id, organisation_id)
    form = Form(HandedTo, choices={"to": [("", _("Choisir une personne")), *((str(n), name) for n, name in takers_of(held))]})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                remove_colleague(actor, account, organisation_id, to=facts.get("to"))
                return go("colleagues.colleague_list", done=_("%(name)s ne peut plus entrer pour votre structure.", name=account.name))
    return page("accounts/colleague_remove.html", account=account, held=held, form=form)
