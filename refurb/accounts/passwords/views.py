"""The pages of passwords: changed by who knows it, made anew by who forgot it."""

from flask import Blueprint, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.actions import WeakPassword, open_session
from refurb.accounts.browsers import browser_name
from refurb.accounts.factors.arrival import freshly_proved, lead_in
from refurb.accounts.factors.queries import proof_of
from refurb.accounts.passwords.actions import (
    WrongPassword,
    address_of_link,
    ask_link,
    change_password,
    give_link,
    link_by_secret,
    link_to_show,
    renew_password,
)
from refurb.accounts.people.queries import account_numbered
from refurb.accounts.queries import actor_of
from refurb.accounts.sessions import begin, current_session
from refurb.accounts.throttle import FREE_TRIES_OF_ADDRESS, TooManyTries, count_try, lane_of, lane_of_address
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.fields import Email, Password
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("passwords", __name__)
HELP = _l("12 caractères au moins. Quelques mots qui ne vont pas ensemble se retiennent bien.")


class PasswordChanged(Schema):
    """One's password, and the one that takes its place."""

    current = Password(_l("Mot de passe actuel"), required=True, attrs={"autocomplete": "current-password"})
    password = Password(_l("Nouveau mot de passe"), required=True, help=HELP, attrs={"autocomplete": "new-password"})


class Forgotten(Schema):
    """The address of whoever has forgotten."""

    email = Email(_l("Adresse de courriel"), required=True, known=True, attrs={"autocomplete": "username"})


class PasswordChosen(Schema):
    """The password that is chosen by a link."""

    password = Password(_l("Nouveau mot de passe"), required=True, help=HELP, attrs={"autocomplete": "new-password"})


@blueprint.route("/compte/mot-de-passe", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
def password_change(actor: Actor) -> Response:
    """Change one's password; the other browsers are signed out."""
    assert actor.id is not None
    account = account_numbered(actor.id)
    if not account.password_hash:
        return page("accounts/no_password.html", email=account.email)
    form = Form(PasswordChanged, field_of={WrongPassword: "current", WeakPassword: "password"})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            brake(lane_of(account.email, request.remote_addr or "?"))
            with unit_of_work():
                proved, proved_at = proof_of(current_session())
                change_password(actor, account, **facts)
                begin(actor_of(account), open_session(account, browser_name(), proved=proved, proved_at=proved_at))
                return go("reporting.home", done=_("Mot de passe changé. Les autres navigateurs sont déconnectés."))
    return page("accounts/password.html", form=form)


def brake(lane: str, free: int | None = None) -> None:
    """Count a try in a lane of signing in, or say how long it has to wait."""
    with unit_of_work():
        seconds = count_try(lane, free) if free else count_try(lane)
    if seconds:
        raise TooManyTries(seconds=seconds)


@blueprint.route("/mot-de-passe-oublie", methods=["GET", "POST"])
@public
@shown_again
def password_forgotten() -> Response:
    """Ask for a link; the answer is the same whether somebody has this address or not."""
    form = Form(Forgotten)
    if request.method == "POST":
        with form.catching():
            email = form.load()["email"]
            brake(lane_of_address(request.remote_addr or "?"), FREE_TRIES_OF_ADDRESS)
            with unit_of_work():
                ask_link(email)
            return page("accounts/password_asked.html", email=email)
    return page("accounts/password_forgotten.html", form=form)


@blueprint.post("/comptes/<int:number>/lien")
@requires(Permission.ACCOUNT_ADMIN)
@freshly_proved
def link_give(actor: Actor, number: int) -> Response:
    """Make a link for somebody whom no mail reaches."""
    with unit_of_work():
        link = give_link(actor, account_numbered(number))
        return go("passwords.link_given", number=number, link_id=link.id)


@blueprint.get("/comptes/<int:number>/lien/<int:link_id>")
@requires(Permission.ACCOUNT_ADMIN)
@freshly_proved
def link_given(actor: Actor, number: int, link_id: int) -> Response:
    """The link to give by hand, for whoever has just made it."""
    link = link_to_show(actor, number, link_id)
    return page("accounts/password_given.html", link=address_of_link(link), ends_at=link.ends_at, account=link.account)


@blueprint.route("/mot-de-passe/<secret>", methods=["GET", "POST"])
@public
@shown_again
def password_renew(secret: str) -> Response:
    """Choose a new password by the link."""
    link = link_by_secret(secret)
    form = Form(PasswordChosen, field_of={WeakPassword: "password"})
    if request.method == "POST":
        with form.catching():
            password = form.load()["password"]
            with unit_of_work():
                account = renew_password(link, password)
                return lead_in(account, None, _("Mot de passe changé."))
        link = link_by_secret(secret)
    return page("accounts/password_renew.html", form=form, secret=secret, name=link.account.name)
