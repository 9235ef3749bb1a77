"""The pages of one's keys: register one, take one away."""

from flask import Blueprint, current_app, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.browsers import browser_name
from refurb.accounts.factors.actions import prove_session
from refurb.accounts.factors.arrival import freshly_proved, this_browser
from refurb.accounts.factors.passkeys.actions import add_passkey, asked_of_new, here, remove_passkey
from refurb.accounts.factors.passkeys.protocol import LONGEST_ANSWER
from refurb.accounts.factors.queries import factors_of
from refurb.accounts.people.queries import account_numbered
from refurb.accounts.sessions import current_session
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.fields import Text
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("passkeys", __name__)
OWN = Permission.ACCOUNT_OWN


class NewPasskey(Schema):
    """A key that is registered: how its owner calls it, and what it answered."""

    name = Text(
        _l("Comment l'appelez-vous ?"),
        required=True,
        max=60,
        help=_l("Pour la reconnaître : « clé bleue », « mon téléphone »."),
        attrs={"required": True},  # Read by passkey.js: what is missing is told before the key is asked.
    )
    answer = Text(max=LONGEST_ANSWER)


@blueprint.route("/compte/second-facteur/cle", methods=["GET", "POST"])
@requires(OWN)
@freshly_proved
def key_new(actor: Actor) -> Response:
    """Register a key."""
    assert actor.id is not None
    account, browser = account_numbered(actor.id), this_browser()
    form = Form(NewPasskey, start={"name": browser_name()})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                add_passkey(actor, account, name=facts["name"], answer=facts["answer"] or "", browser=browser)
                prove_session(current_session())
                to = "factors.factor_card" if factors_of(account.id).wants_card else "factors.factor_list"
                return go(to, done=_("Votre clé est en place."))
    account = account_numbered(actor.id)
    asked = None if here().obstacle else asked_of_new(account, browser, service=wired().home().name)
    return page(
        "accounts/key.html",
        form=form, asked=asked, obstacle=here().obstacle, origin=here().origin, address=current_app.config["BASE_URL"],
    )  # fmt: skip


@blueprint.post("/compte/second-facteur/cle/<int:number>/retirer")
@requires(OWN)
@freshly_proved
def key_remove(actor: Actor, number: int) -> Response:
    """Take a key away."""
    assert actor.id is not None
    with unit_of_work():
        remove_passkey(actor, account_numbered(actor.id), number)
        return go("factors.factor_list", done=_("Clé retirée : elle n'ouvre plus rien ici."))
