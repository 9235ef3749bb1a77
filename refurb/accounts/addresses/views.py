"""The pages of a change of address: asked for by who is signed in, done by the link."""

from flask import Blueprint, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.addresses.actions import AddressNotForYou, SameAddress, ask_address, change_address, change_by_secret
from refurb.accounts.factors.arrival import freshly_proved
from refurb.accounts.passwords.actions import WrongPassword
from refurb.accounts.passwords.views import brake
from refurb.accounts.people.queries import account_numbered
from refurb.accounts.throttle import lane_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.fields import Email, Password
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("addresses", __name__)


class AddressAsked(Schema):
    """The address that somebody wants, and the password that says who asks."""

    email = Email(_l("Nouvelle adresse de courriel"), required=True, attrs={"autocomplete": "email"})
    current = Password(_l("Mot de passe actuel"), required=True, attrs={"autocomplete": "current-password"})


@blueprint.route("/compte/adresse", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_OWN)
@freshly_proved
def address_ask(actor: Actor) -> Response:
    """Ask to sign in with another address."""
    assert actor.id is not None
    account = account_numbered(actor.id)
    if not account.password_hash:
        return page("accounts/no_password.html", email=account.email)
    form = Form(AddressAsked, field_of={WrongPassword: "current", SameAddress: "email", AddressNotForYou: "email"})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            brake(lane_of(account.email, request.remote_addr or "?"))
            with unit_of_work():
                change = ask_address(actor, account, **facts)
                return go("addresses.address_ask", done=_("Un lien est parti à %(email)s. Il vaut un jour.", email=change.email))
        account = account_numbered(actor.id)
    return page("accounts/address.html", form=form, email=account.email)


@blueprint.route("/adresse/<secret>", methods=["GET", "POST"])
@public
@shown_again
def address_change(secret: str) -> Response:
    """What the link shows, and the press that changes the address: a machine that only reads the letter changes nothing."""
    change = change_by_secret(secret)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            account = change_address(change)
            return go("accounts.sign_in", done=_("Vous vous connecterez désormais avec %(email)s.", email=account.email))
        change = change_by_secret(secret)
    return page("accounts/address_change.html", form=form, secret=secret, email=change.email, before=change.before)
