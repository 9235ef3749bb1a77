"""The pages of an invitation: its link for who invited, its sheet, and the page of whoever was invited."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from refurb.accounts.actions import WeakPassword, open_session
from refurb.accounts.browsers import browser_name
from refurb.accounts.factors.arrival import proved_to_administer
from refurb.accounts.factors.policy import is_asked
from refurb.accounts.invitations.actions import InvitationOver, accept, refuse_over, send_again, withdraw
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.invitations.queries import code_of, invitation_by_code, invitation_for, link_of
from refurb.accounts.people.schemas import OpenMine
from refurb.accounts.queries import actor_of
from refurb.accounts.sessions import begin
from refurb.accounts.words import SEES, forbidden_together
from refurb.directory.models import Organisation
from refurb.directory.sites.queries import site_name
from refurb.kernel.deeds.access import ROLES, Actor, Grant, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _, language
from refurb.kernel.web.brake import Brake
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("invitations", __name__)
P = Permission
guesses = Brake(20, 60.0)
"""Codes of invitations: of 58 bits, a stranger tries twenty a minute."""


def _roles_told(invitation: Invitation) -> list[tuple[str, str, str | None]]:
    """Each role: its name, what it sees, for which organisation or place."""
    names = {each.id: each.name for each in db.session.query(Organisation).filter(Organisation.id.in_(_bound(invitation)))}
    return [(str(ROLES[each.role]), str(SEES[each.role]), names.get(each.organisation_id or 0) or _at(each)) for each in invitation.grants]


def _at(grant: Grant) -> str | None:
    return site_name(grant.site_id) if grant.site_id is not None else None


def _bound(invitation: Invitation) -> list[int]:
    return [each.organisation_id for each in invitation.grants if each.organisation_id is not None]


@blueprint.get("/comptes/invitations/<int:number>")
@requires(P.ACCOUNT_ADMIN, P.COLLEAGUE_WRITE)
@proved_to_administer
def invitation(actor: Actor, number: int) -> Response:
    """One invitation: its link to give, while it waits."""
    found = invitation_for(actor, number)
    return page(
        "accounts/invitation.html",
        invitation=found,
        link=link_of(found),
        told=_roles_told(found),
        together=_together(found),
        back=_back(actor),
    )


def _together(invitation: Invitation) -> list[str]:
    return forbidden_together([each.role for each in invitation.grants])


def _back(actor: Actor) -> tuple[str, str]:
    return ("people.people_list", _("Comptes")) if actor.may(P.ACCOUNT_ADMIN) else ("colleagues.colleague_list", _("Mes collègues"))


@blueprint.get("/comptes/invitations/<int:number>/feuille")
@requires(P.ACCOUNT_ADMIN, P.COLLEAGUE_WRITE)
@proved_to_administer
def invitation_sheet(actor: Actor, number: int) -> Response:
    """The sheet that is printed and given to somebody who has no mail."""
    found = invitation_for(actor, number)
    if not found.is_open:
        raise InvitationOver
    return page("accounts/invitation_sheet.html", invitation=found, link=link_of(found), code=code_of(found), told=_roles_told(found))


@blueprint.post("/comptes/invitations/<int:number>/renvoyer")
@requires(P.ACCOUNT_ADMIN, P.COLLEAGUE_WRITE)
@proved_to_administer
def invitation_send_again(actor: Actor, number: int) -> Response:
    """Another link, for another week."""
    with unit_of_work():
        send_again(actor, invitation_for(actor, number))
        return go("invitations.invitation", done=_("Nouveau lien, valable 7 jours. L'ancien n'ouvre plus rien."), number=number)


@blueprint.post("/comptes/invitations/<int:number>/retirer")
@requires(P.ACCOUNT_ADMIN, P.COLLEAGUE_WRITE)
def invitation_withdraw(actor: Actor, number: int) -> Response:
    """Take an invitation back."""
    with unit_of_work():
        withdraw(actor, invitation_for(actor, number))
        return go(_back(actor)[0], done=_("Invitation retirée."))


@blueprint.route("/i/<code>", methods=["GET", "POST"])
@public
@shown_again
def invited(code: str) -> Response:
    """What an invited person sees: who invites, as what, and the password to choose."""
    found = opened(code)
    form = Form(OpenMine, start={"name": found.name}, field_of={WeakPassword: "password"})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                account = accept(found, name=facts["name"], password=facts["password"], language=language())
                begin(actor_of(account), open_session(account, browser_name()))
                to = "factors.factor_choice" if is_asked({each.role for each in found.grants}) else "reporting.home"
                return go(to, done=_("Bienvenue. Votre compte est ouvert."))
        found = opened(code)
    return page("accounts/invited.html", invitation=found, form=form, told=_roles_told(found), code=code)


def opened(code: str) -> Invitation:
    """The invitation of a link that opens something; the same refusal whatever became of it, or if it never was."""
    place = request.remote_addr or "?"
    guesses.check(place)
    found = invitation_by_code(code)
    if found is None:
        guesses.miss(place)
    if found is None:
        raise InvitationOver
    refuse_over(found)
    return found
