"""The pages of the second factor: typed at sign-in, added, shown once, taken away, asked again."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, Flask, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.browsers import browser_name, known_browser
from refurb.accounts.factors import actions, totp
from refurb.accounts.factors.actions import ProofNeeded, WrongCode
from refurb.accounts.factors.arrival import ask_proof, awaited, enter, freshly_proved, keep_trust, this_browser
from refurb.accounts.factors.passkeys.actions import asked_of_known, here, prove_with_key
from refurb.accounts.factors.passkeys.protocol import LONGEST_ANSWER
from refurb.accounts.factors.queries import factors_of, has_factor, trusted_browsers
from refurb.accounts.models import Account
from refurb.accounts.people.queries import account_numbered
from refurb.accounts.queries import actor_of
from refurb.accounts.sessions import current_session
from refurb.accounts.throttle import FREE_TRIES, FREE_TRIES_OF_ADDRESS, TooManyTries, clear_lane, count_tries, give_back, lane_of
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.keys import keys_for
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.fields import Text, Tick
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires, shown_again
from refurb.kernel.web.pages import go, inside, page

blueprint = Blueprint("factors", __name__)
OWN = Permission.ACCOUNT_OWN
SECOND_FACTOR, EVERYWHERE = "second factor", "everywhere"
OFFERED_FOR = 3600
"""Seconds in which an application is set up."""
_CODE: dict[str, Any] = {"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
CODE_HELP = _l("Les 6 chiffres de votre application, ou un code de votre carte.")


class OfferOver(Refusal):
    """The square that was scanned is older than an hour, or of somebody else: there is a new one."""

    code = "factor.offer_over"
    status = 422


class ProofGiven(Schema):
    """The second factor, asked again: a code, or what a key answered."""

    typed = Text(_lp("factor", "Votre code"), sometimes=True, max=40, help=CODE_HELP, attrs={**_CODE, "autofocus": True})
    answer = Text(max=LONGEST_ANSWER)


class SecondStep(ProofGiven):
    """The second factor, after the password."""

    trusted = Tick(_l("Ne plus demander dans ce navigateur pendant 30 jours"))


class NewApplication(Schema):
    """The first code that an application shows which was just set up."""

    typed = Text(
        _l("Recopiez les 6 chiffres qui s'affichent"),
        required=True,
        max=12,
        help=_l("Ils changent toutes les 30 secondes."),
        attrs={**_CODE, "inputmode": "numeric"},
    )


def _prove(account: Account, facts: dict[str, Any]) -> None:
    """Take the code, or what the key answered, within a unit of work."""
    if facts["answer"]:
        prove_with_key(account, answer=facts["answer"], browser=this_browser())
    elif facts["typed"]:
        actions.prove(account, facts["typed"])
    else:
        raise Invalid({"typed": [Fault("field.required")]})


def _lanes(account: Account) -> dict[str, int]:
    """In which lanes a try at an account's second factor counts, each with its free tries.

    As those of passwords: a stranger who guesses holds up nobody in a browser that the account signed in with before. Elsewhere there is a
    wider lane of the account beside that of each address: whoever has the password and many addresses has no more guesses than that.
    """
    place, browser = request.remote_addr or "?", known_browser(account.id)
    own = {lane_of(account.email, place, browser, deed=SECOND_FACTOR): FREE_TRIES}
    return own if browser else own | {lane_of(account.email, EVERYWHERE, deed=SECOND_FACTOR): FREE_TRIES_OF_ADDRESS}


@contextmanager
def _counted(account: Account) -> Iterator[None]:
    """Count a try; note a slowed or a wrong one in the security log, outside the unit of work that it ends."""
    try:
        with unit_of_work():
            count_tries(_lanes(account))
        yield
    except TooManyTries:
        note(SecurityKind.SIGN_IN_SLOWED, actor_of(account))
        raise
    except WrongCode:
        note(SecurityKind.FACTOR_REFUSED, actor_of(account))
        raise


def _clear(account: Account) -> None:
    """Forget the tries of whoever has proved herself here; what others tried stays counted."""
    own, *others = _lanes(account)
    clear_lane(own)
    for each in others:
        give_back(each)


def _asked(account: Account) -> dict[str, Any]:
    """What the page that asks for a second factor needs: which there are, what a key is asked, and where it would answer."""
    return {"factors": factors_of(account.id), "asked": asked_of_known(account, this_browser()), "origin": here().origin}


@blueprint.route("/connexion/second-facteur", methods=["GET", "POST"])
@public
@shown_again
def second_step() -> Response:
    """The second factor, after the password."""
    account, target = awaited(), request.args.get("suite")
    if account is None:
        return redirect(url_for("accounts.sign_in", suite=inside(target)), code=303)
    form = Form(SecondStep, field_of={WrongCode: "typed"})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with _counted(account), unit_of_work():
                _prove(account, facts)
                _clear(account)
                response = enter(account, target, proved=True, typed=True)
                if facts["trusted"]:
                    keep_trust(response, account, actions.trust_browser(account, browser_name()))
                return response
    return page("accounts/second_step.html", form=form, **_asked(account))


@blueprint.route("/compte/preuve", methods=["GET", "POST"])
@requires(OWN)
def proof(actor: Actor) -> Response:
    """The second factor asked again, before what must not be done in a browser that somebody left open."""
    account, target = _own(actor), inside(request.args.get("suite")) or url_for("factors.factor_list")
    form = Form(ProofGiven, field_of={WrongCode: "typed"})
    if not has_factor(account.id):
        return redirect(target, code=303)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with _counted(account), unit_of_work():
                _prove(account, facts)
                _clear(account)
                actions.prove_session(current_session())
                return redirect(target, code=303)
    return page("accounts/proof.html", form=form, **_asked(_own(actor)))


def _own(actor: Actor) -> Account:
    assert actor.id is not None
    return account_numbered(actor.id)


@blueprint.get("/compte/second-facteur")
@requires(OWN)
def factor_list(actor: Actor) -> Response:
    """One's second factors, and the browsers that do not ask for them."""
    account = _own(actor)
    return page("accounts/factors.html", factors=factors_of(account.id), browsers=trusted_browsers(account.id))


@blueprint.get("/compte/second-facteur/choix")
@requires(OWN)
def factor_choice(actor: Actor) -> Response:
    """With what somebody who comes for the first time proves herself a second time."""
    return page("accounts/factor_choice.html", factors=factors_of(_own(actor).id))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(keys_for("offered applications"), salt="refurb", signer_kwargs={"digest_method": hashlib.sha256})


def _offer(account: Account) -> str:
    return str(_signer().dumps([account.id, totp.new_secret()]))


def _offered(account: Account, offer: str | None) -> str:
    """The secret of an offer that we made to this account within the hour. Raises `OfferOver`."""
    try:
        owner, secret = _signer().loads(offer or "", max_age=OFFERED_FOR)
    except BadSignature as wrong:
        raise OfferOver from wrong
    if owner != account.id:
        raise OfferOver
    return str(secret)


@blueprint.route("/compte/second-facteur/application", methods=["GET", "POST"])
@requires(OWN)
@freshly_proved
def factor_application(actor: Actor) -> Response:
    """Set up an application: the square to scan, then the first code that it shows."""
    account = _own(actor)
    form = Form(NewApplication, field_of={WrongCode: "typed", OfferOver: "typed"})
    offer = request.form.get("offer")
    if request.method == "POST":
        with form.catching():
            typed = form.load()["typed"]
            secret = _offered(account, offer)
            with _counted(account), unit_of_work():
                actions.add_authenticator(actor, account, secret=secret, typed=typed)
                _clear(account)
                actions.prove_session(current_session())
                return _after_application(account)
    return _application_page(_own(actor), form, offer)


def _after_application(account: Account) -> Response:
    """On to the card, which one who lost her telephone comes in with, unless she has one."""
    done = _("Votre application est en place.")
    return go("factors.factor_card" if factors_of(account.id).wants_card else "factors.factor_list", done=done)


def _application_page(account: Account, form: Form, offer: str | None) -> Response:
    """The same square again after a wrong code, another one when it is too old."""
    try:
        secret = _offered(account, offer)
    except OfferOver:
        offer = _offer(account)
        secret = _offered(account, offer)
    address = totp.address(secret, account=account.email, issuer=wired().home().name)
    return page(
        "accounts/application.html",
        form=form, offer=offer, secret=totp.spaced(secret), qr=wired().draw_code(address), address=address,
    )  # fmt: skip


@blueprint.post("/compte/second-facteur/application/retirer")
@requires(OWN)
@freshly_proved
def factor_application_remove(actor: Actor) -> Response:
    """Take the application away."""
    with unit_of_work():
        actions.remove_authenticator(actor, _own(actor))
        return go("factors.factor_list", done=_("Application retirée."))


@blueprint.route("/compte/second-facteur/carte", methods=["GET", "POST"])
@requires(OWN)
@freshly_proved
def factor_card(actor: Actor) -> Response:
    """Make a card of codes."""
    account = _own(actor)
    if request.method == "POST":
        with unit_of_work():
            actions.make_card(actor, account)
            actions.prove_session(current_session())
            return go("factors.factor_codes")
    return page("accounts/card_new.html", factors=factors_of(account.id))


@blueprint.get("/compte/second-facteur/carte/codes")
@requires(OWN)
@freshly_proved
def factor_codes(actor: Actor) -> Response:
    """The codes of the card that was just made: shown now, to be printed or copied."""
    account = _own(actor)
    return page("accounts/card.html", codes=actions.codes_to_show(account.id), account=account)


@blueprint.post("/compte/second-facteur/carte/retirer")
@requires(OWN)
@freshly_proved
def factor_card_remove(actor: Actor) -> Response:
    """Take the card away."""
    with unit_of_work():
        actions.remove_card(actor, _own(actor))
        return go("factors.factor_list", done=_("Carte retirée : ses codes n'ouvrent plus rien."))


@blueprint.post("/compte/second-facteur/navigateurs/<int:number>/retirer")
@requires(OWN)
def factor_browser_remove(actor: Actor, number: int) -> Response:
    """Ask again in a browser."""
    with unit_of_work():
        actions.end_trust(actor, number)
        return go("factors.factor_list", done=_("Le code sera demandé de nouveau dans ce navigateur."))


@blueprint.post("/comptes/<int:number>/second-facteur/reinitialiser")
@requires(Permission.ACCOUNT_ADMIN)
@freshly_proved
def factor_reset(actor: Actor, number: int) -> Response:
    """Take away somebody's second factors, who has lost them."""
    with unit_of_work():
        actions.reset_factors(actor, account_numbered(number))
        return go("people.person", done=_("Second facteur réinitialisé. Cette personne en posera un autre."), number=number)


def setup(app: Flask) -> None:
    """Lead whoever needs a fresh proof to the page that asks it."""
    app.register_error_handler(ProofNeeded, ask_proof)
