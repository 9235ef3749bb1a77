"""Signing in and out, and the language of the screens."""

from flask import Blueprint, redirect, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from refurb.accounts.actions import (
    SignInRefused,
    check_throttle,
    choose_language,
    find_signing_in,
    note_failed_try,
    note_signed_in,
)
from refurb.accounts.schemas import SignIn
from refurb.accounts.sessions import begin
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import find_actor, public
from refurb.kernel.web.pages import go, inside, page, told

blueprint = Blueprint("accounts", __name__)


def _inside(target: str | None) -> str:
    """Where to go on to; only ever inside this service."""
    return inside(target) or url_for("reporting.home")


@blueprint.route("/connexion", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    """The sign-in page."""
    form = Form(SignIn)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            source = request.remote_addr or "?"
            check_throttle(facts["email"], source)
            account = find_signing_in(facts["email"], facts["password"])
            if account is None:
                with unit_of_work():
                    note_failed_try(facts["email"], source)
                raise SignInRefused
            with unit_of_work():
                note_signed_in(account)
            begin(account)
            return redirect(_inside(request.args.get("suite")), code=303)
    return page("accounts/sign_in.html", form=form)


@blueprint.post("/deconnexion")
@public
def sign_out() -> Response:
    """Sign out."""
    logout_user()
    session.clear()
    return go("accounts.sign_in", done=_("Vous êtes déconnecté."))


@blueprint.post("/langue")
@public
def language() -> Response:
    """Choose the language of the screens."""
    chosen = "en" if request.form.get("language") == "en" else "fr"
    session["language"] = chosen
    actor = find_actor()
    on = told(redirect(_inside(request.form.get("next")), code=303))
    if actor is not None:
        with unit_of_work():
            choose_language(actor, chosen)
    return on
