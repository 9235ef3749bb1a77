"""To the other service and back: what is kept of somebody meanwhile stands in her session, and serves once.

Who comes back comes by a GET, which writes nothing: it verifies what the provider says, and the page that it shows sends the deed.
"""

import hmac
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, redirect, request, session, url_for
from werkzeug.wrappers import Response

from config.settings import Settings
from refurb.accounts.factors.arrival import enter, freshly_proved, lead_in
from refurb.accounts.factors.policy import is_asked
from refurb.accounts.invitations.queries import invitation_by_code
from refurb.accounts.invitations.views import opened
from refurb.accounts.outside import provider as outside
from refurb.accounts.outside.actions import UnknownOutsider, accept_as, come_in, link_account, unlink
from refurb.accounts.outside.provider import Attempt, OutsideAway, OutsideFault, Outsider, Provider
from refurb.accounts.people.queries import account_numbered
from refurb.accounts.sessions import end_this
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _, language
from refurb.kernel.web.brake import Brake
from refurb.kernel.web.guards import find_actor, public, requires
from refurb.kernel.web.pages import go, inside, page

blueprint = Blueprint("outside", __name__)
OWN = Permission.ACCOUNT_OWN
_KEPT = "outside"
WAITS = 600
"""Seconds for whoever is at the provider."""
arrivals = Brake(20, 60.0)
"""Arrivals from one address that are no arrivals, in a minute: each would ask the provider."""


class OutsideFailed(Refusal):
    """What came back from the provider is not to be believed, or it does not answer; why is in the log of the service."""

    code = "outside.failed"
    status = 502


class ArrivalOver(Refusal):
    """Nobody was sent away from this browser, or too long ago, or it came back once already."""

    code = "outside.over"
    status = 422


def provider() -> Provider:
    """The service of the settings; `NotFound` where there is none."""
    found: Provider | None = current_app.config["OIDC"]
    if found is None:
        raise NotFound
    return found


def _back() -> str:
    return f"{current_app.config['BASE_URL']}{url_for('outside.came_back')}"


def _send_away(purpose: str, **kept: Any) -> Response:
    place = request.remote_addr or "?"
    arrivals.check(place)
    attempt = outside.new_attempt()
    try:
        address = outside.address_to_ask(provider(), attempt, _back())
    except OutsideFault as fault:
        raise _told(fault, place) from fault
    session[_KEPT] = {"purpose": purpose, "since": int(now().timestamp()), "attempt": asdict(attempt), **kept}
    return redirect(address, code=303)


def _told(fault: OutsideFault, place: str) -> OutsideFailed:
    if not isinstance(fault, OutsideAway):
        arrivals.miss(place)
        log.warning("outside_sign_in_failed", reason=str(fault))
        note(SecurityKind.SIGN_IN_FAILED, None, f"outside: {fault}")
    return OutsideFailed(name=provider().name)


@blueprint.get("/connexion/externe")
@public
def go_outside() -> Response:
    """Sign in by the other service."""
    return _send_away("enter", suite=inside(request.args.get("suite")))


@blueprint.get("/compte/connexion-externe")
@requires(OWN)
@freshly_proved
def link_outside(actor: Actor) -> Response:
    """Link one's account to who one is at the other service."""
    return _send_away("link", account=actor.id)


@blueprint.get("/i/<code>/externe")
@public
def accept_outside(code: str) -> Response:
    """Accept an invitation by the other service."""
    opened(code)
    return _send_away("invitation", code=code)


@blueprint.get("/connexion/externe/retour")
@public
def came_back() -> Response:
    """Verify who came back, once; the page goes on by itself, or by its button."""
    place = request.remote_addr or "?"
    arrivals.check(place)
    kept = session.pop(_KEPT, None)
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not kept or "attempt" not in kept or _is_old(kept) or not _same(kept["attempt"]["state"], state):
        arrivals.miss(place)
        raise ArrivalOver
    if not code:
        raise OutsideFailed(name=provider().name)
    try:
        outsider = outside.outsider_of(provider(), Attempt(**kept["attempt"]), code, _back())
    except OutsideFault as fault:
        raise _told(fault, place) from fault
    session[_KEPT] = {name: each for name, each in kept.items() if name != "attempt"} | {"outsider": asdict(outsider)}
    return page("accounts/outside_back.html", name=provider().name)


def _same(one: str, other: str) -> bool:
    """Whether two words are one, told in the same time either way; what strangers send may be of any letters."""
    return hmac.compare_digest(one.encode(), other.encode())


def _is_old(kept: dict[str, Any]) -> bool:
    return bool(now().timestamp() - kept["since"] > WAITS)


@blueprint.post("/connexion/externe/entrer")
@public
def enter_outside() -> Response:
    """Do what somebody was sent to the provider for, once."""
    kept = session.pop(_KEPT, None)
    if not kept or "outsider" not in kept or _is_old(kept):
        raise ArrivalOver
    outsider = Outsider(**kept["outsider"])
    return {"enter": _enter, "link": _link, "invitation": _accept}[kept["purpose"]](kept, outsider)


def _enter(kept: dict[str, Any], outsider: Outsider) -> Response:
    try:
        with unit_of_work():
            account = come_in(outsider)
            end_this()
            return lead_in(account, kept["suite"], vouched=outsider.proved)
    except UnknownOutsider:
        note(SecurityKind.SIGN_IN_FAILED, None, "outside: unknown")
        raise


def _link(kept: dict[str, Any], outsider: Outsider) -> Response:
    actor = find_actor()
    if actor is None or actor.id is None or actor.id != kept["account"]:
        raise ArrivalOver
    with unit_of_work():
        link_account(actor, account_numbered(actor.id), outsider)
        return go("accounts.session_list", done=_("Votre compte est relié à %(name)s.", name=provider().name))


def _accept(kept: dict[str, Any], outsider: Outsider) -> Response:
    found = invitation_by_code(kept["code"])
    if found is None:
        raise NotFound
    with unit_of_work():
        account = accept_as(found, outsider, language=language())
        to = url_for("factors.factor_choice") if is_asked({each.role for each in found.grants}) and not outsider.proved else None
        return enter(account, to, proved=outsider.proved, done=_("Bienvenue. Votre compte est ouvert."))


@blueprint.post("/compte/connexion-externe/<int:number>/retirer")
@requires(OWN)
@freshly_proved
def unlink_outside(actor: Actor, number: int) -> Response:
    """Take the link away."""
    assert actor.id is not None
    with unit_of_work():
        unlink(actor, account_numbered(actor.id), number)
        return go("accounts.session_list", done=_("Lien retiré : on n'entre plus par là dans votre compte."))


@blueprint.post("/comptes/<int:number>/connexion-externe/<int:link_id>/retirer")
@requires(Permission.ACCOUNT_ADMIN)
@freshly_proved
def unlink_person(actor: Actor, number: int, link_id: int) -> Response:
    """Take the link of somebody else's account away."""
    with unit_of_work():
        unlink(actor, account_numbered(number), link_id)
        return go("people.person", done=_("Lien retiré : on n'entre plus par là dans ce compte."), number=number)


def setup(app: Flask) -> None:
    """The provider of the settings, if there is one."""
    said: Settings = app.config["SETTINGS"]
    app.config["OIDC"] = said.oidc_issuer and Provider(
        said.oidc_issuer, said.oidc_client_id, said.oidc_client_secret, said.oidc_name or urlsplit(said.oidc_issuer).netloc,
        said.oidc_scopes, said.oidc_vouches, said.oidc_proving,
    )  # fmt: skip
