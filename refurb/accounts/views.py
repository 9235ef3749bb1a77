"""Signing in and out, and the language of the screens."""

from flask import Blueprint, jsonify, redirect, request, session, url_for
from flask_login import logout_user
from werkzeug.wrappers import Response

from refurb.accounts.actions import (
    SignInRefused,
    choose_language,
    end_session,
    end_sessions,
    find_signing_in,
    hash_anew,
    work_as,
)
from refurb.accounts.browsers import known_browser
from refurb.accounts.demonstration import PASSWORD, invented_people
from refurb.accounts.factors.arrival import lead_in
from refurb.accounts.kept_forms import keep_draft
from refurb.accounts.models import Account
from refurb.accounts.outside.queries import identities_of
from refurb.accounts.queries import account_by_email, actor_of, sessions_of
from refurb.accounts.schemas import SignIn
from refurb.accounts.sessions import current_session, end_this
from refurb.accounts.throttle import (
    FREE_TRIES,
    FREE_TRIES_OF_ADDRESS,
    TooManyTries,
    clear_lane,
    count_tries,
    give_back,
    lane_of,
    lane_of_address,
)
from refurb.kernel.deeds.access import Actor, Permission, Role
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import find_actor, public, requires, shown_again
from refurb.kernel.web.pages import go, inside, page, told

blueprint = Blueprint("accounts", __name__)


def _inside(target: str | None) -> str:
    """Where to go on to; only ever inside this service."""
    return inside(target) or url_for("reporting.home")


@blueprint.route("/connexion", methods=["GET", "POST"])
@public
@shown_again
def sign_in() -> Response:
    """The sign-in page."""
    form = Form(SignIn)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            known = account_by_email(facts["email"])
            place, browser = request.remote_addr or "?", known_browser(known.id if known else None)
            lane, of_address = lane_of(facts["email"], place, browser), None if browser else lane_of_address(place)
            _take_a_try(lane, of_address, known)
            account = find_signing_in(facts["email"], facts["password"])
            if account is None:
                note(SecurityKind.SIGN_IN_FAILED, actor_of(known) if known else None)
                raise SignInRefused
            with unit_of_work():
                clear_lane(lane)
                if of_address:
                    give_back(of_address)
                end_this()
                hash_anew(account, facts["password"])
                return lead_in(account, request.args.get("suite"))
    return page("accounts/sign_in.html", form=form, invented=invented_people(), password=PASSWORD)


def _take_a_try(lane: str, of_address: str | None, known: Account | None) -> None:
    """Count a try in both lanes, or in neither when one of them has to wait."""
    try:
        with unit_of_work():
            count_tries({lane: FREE_TRIES} | ({of_address: FREE_TRIES_OF_ADDRESS} if of_address else {}))
    except TooManyTries:
        note(SecurityKind.SIGN_IN_SLOWED, actor_of(known) if known else None)
        raise


@blueprint.post("/deconnexion")
@public
def sign_out() -> Response:
    """Sign out: whatever copy of the cookie there is opens nothing any more."""
    with unit_of_work():
        end_this()
    return _signed_out(_("Vous êtes déconnecté."))


def _signed_out(told: str) -> Response:
    logout_user()
    session.clear()
    return go("accounts.sign_in", done=told)


@blueprint.get("/compte/connexions")
@requires(Permission.ACCOUNT_OWN)
def session_list(actor: Actor) -> Response:
    """The browsers in which one is signed in."""
    assert actor.id is not None
    return page("accounts/sessions.html", sessions=sessions_of(actor.id), current=current_session(), identities=identities_of(actor.id))


@blueprint.post("/compte/connexions/<int:number>/fermer")
@requires(Permission.ACCOUNT_OWN)
def session_end(actor: Actor, number: int) -> Response:
    """Sign out in another browser."""
    with unit_of_work():
        end_session(actor, number)
        return go("accounts.session_list", done=_("Connexion fermée."))


@blueprint.post("/compte/connexions/fermer")
@requires(Permission.ACCOUNT_OWN)
def session_end_all(actor: Actor) -> Response:
    """Sign out everywhere, here too."""
    assert actor.id is not None
    with unit_of_work():
        end_sessions(actor, actor.id)
    return _signed_out(_("Vous êtes déconnecté partout."))


@blueprint.post("/compte/role")
@requires(Permission.ACCOUNT_OWN)
def choose_role(actor: Actor) -> Response:
    """Work as another of one's roles: its navigation, its home."""
    with unit_of_work():
        work_as(actor, _role_sent(actor))
        return go("reporting.home")


def _role_sent(actor: Actor) -> Role:
    """The role that was chosen among those that the actor holds; anything else is no page of ours."""
    chosen = next((role for role in actor.roles if role == request.form.get("role")), None)
    if chosen is None:
        raise NotFound
    return chosen


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


@blueprint.post("/saisie")
@requires(Permission.ACCOUNT_OWN)
def keep_typed(actor: Actor) -> Response:
    """Keep what is being written in a form, as its page sends it now and then; answers with the number that brings it back."""
    with unit_of_work():
        kept = keep_draft(actor)
        return jsonify(number=kept.id if kept else None)
