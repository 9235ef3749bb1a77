"""What was typed in a form whose session is no more: kept on the server, given back filled in, to the same account only.

Never in the browser: desks are shared. What is given back is a form to be read and sent, with a guard of its own.
"""

import re
from contextlib import suppress
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Flask, Response, current_app, redirect, render_template, request, url_for
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from refurb.accounts.models import KeptForm
from refurb.accounts.sessions import Forged, claim_of_form, why_lost
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _l
from refurb.kernel.web.faults import tell_refusal
from refurb.kernel.web.guards import SignInNeeded, find_actor
from refurb.kernel.web.pages import inside, wants_json
from refurb.kernel.web.refill import refill
from refurb.kernel.web.undo import say

LASTS = timedelta(days=1)
"""What was typed may name people: whoever does not come back for it within a day types it again."""
MOST = 60_000
"""Characters of one form."""
MOST_ADDRESS = 400
MOST_FORMS = 20
"""Forms of one account; the oldest goes first."""
MOST_OFFERED = 3
"""Above one form; whoever began it in more tabs finds the newest."""
ASKED = "reprise"
"""The word of an address that asks for a kept form, and the hidden field by which the form says that it was one."""

_NEVER = re.compile(r"^_|^csrf_token$|^current$|password|signature", re.IGNORECASE)
_SECRET_PAGE = re.compile(r"^/(?:compte|connexion|mot-de-passe[^/]*|adresse|i)(?:/|$)")
"""Where somebody types what proves who she is: passwords, codes, links that are secrets themselves; nothing of them is kept."""
_MAIN = re.compile(r"<main\b[^>]*>")


def typed_now() -> list[tuple[str, str]]:
    """What was sent, without what a page gives anew: tokens, passwords, drawings of signatures."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if not _NEVER.search(name) and not value.startswith("data:")]
    return sent if sum(len(name) + len(value) for name, value in sent) <= MOST else []


def _opens(path: str) -> bool:
    """Whether a page stands at a path."""
    try:
        current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return False
    return True


def page_of_form() -> str:
    """The page on which the form stood: the browser says so of our own pages."""
    came = urlsplit(request.referrer or "")
    before = inside(came.path) if came.netloc == request.host else None
    if before is None or not _opens(before):
        return request.path if _opens(request.path) else url_for("reporting.home")
    return _unasked(before, came.query)


def _unasked(path: str, query: str) -> str:
    asked = urlencode([pair for pair in parse_qsl(query) if pair[0] != ASKED])
    return f"{path}?{asked}" if asked else path


def _opened_form() -> str:
    """Which opened form was sent: the key that its page was drawn with, so that the same form in two tabs is two."""
    return (request.form.get("_form") or request.form.get("_key") or "")[:64]


def keep_form(account_id: int, action: str, page: str, typed: list[tuple[str, str]]) -> KeptForm:
    """Keep what was typed, in the place of what was kept of this opened form before."""
    own, form = select(KeptForm).where(KeptForm.account_id == account_id), _opened_form()
    # One that was taken up again says which it was; it was drawn anew, with another key.
    kept = kept_form(account_id, request.form.get(f"_{ASKED}"))
    if kept is None or kept.action != action:
        kept = db.session.scalar(own.where(KeptForm.action == action, KeptForm.form == form))
    if kept is None:
        older = db.session.scalars(own.order_by(KeptForm.at.desc()).offset(MOST_FORMS - 1)).all()
        for each in older:
            db.session.delete(each)
        kept = KeptForm(account_id=account_id, action=action, form=form)
        db.session.add(kept)
    kept.page, kept.typed, kept.at = page, [list(pair) for pair in typed], now()
    db.session.flush()
    return kept


def kept_form(account_id: int | None, number: str | None) -> KeptForm | None:
    """A kept form, if it is this account's and no day has passed."""
    wanted = number_in(number)
    if account_id is None or wanted is None:
        return None
    mine = KeptForm.account_id == account_id
    return db.session.scalar(select(KeptForm).where(KeptForm.id == wanted, mine, KeptForm.at > now() - LASTS))


def keep_draft(actor: Actor) -> KeptForm | None:
    """Keep what a page sends of its own form while it is written; None where that is no page of ours, or too much."""
    page, typed = urlsplit(inside(request.form.get("_page")) or ""), typed_now()
    if (
        actor.id is None
        or not page.path
        or not _opens(page.path)
        or _SECRET_PAGE.match(page.path)
        or not typed
        or len(request.form["_page"]) > MOST_ADDRESS
    ):
        return None
    return keep_form(actor.id, page.path, _unasked(page.path, page.query), typed)


forget_forms = Term(
    key="accounts.kept_forms",
    who=_l("Personne qui a un compte"),
    what=_l("un formulaire rempli quand la connexion a pris fin, pour le lui rendre ; effacé plus tôt s'il est envoyé"),
    lasts=LASTS,
    model=KeptForm,
    past=lambda: KeptForm.at <= now() - LASTS,
    hourly=True,
)


def _address(kept: KeptForm) -> str:
    return f"{kept.page}{'&' if '?' in kept.page else '?'}{ASKED}={kept.id}"


def keep_what_was_sent() -> str | None:
    """Keep it for whoever opened the page, and say where it will be found; None where nothing was typed, by nobody we know, or not now."""
    claim, typed, page = claim_of_form(), typed_now(), page_of_form()
    if (
        claim is None
        or claim.account_id is None
        or not typed
        or _SECRET_PAGE.match(request.path)
        or max(len(request.path), len(page)) > MOST_ADDRESS
    ):
        return None
    try:
        with unit_of_work():
            return _address(keep_form(claim.account_id, request.path, page, typed))
    except (Refusal, SQLAlchemyError) as error:
        _pass_over("form_not_kept", error)
        return None


def _pass_over(event: str, error: Exception) -> None:
    """The database did not take what is only a help: it is noted, and the person reads what there was to say without it."""
    with suppress(SQLAlchemyError):
        db.session.rollback()
    log.error(event, endpoint=request.endpoint, fault=type(error).__name__)


def _by_script() -> bool:
    """Whether no person reads the answer: it is not led elsewhere then, and nothing of it is kept."""
    return wants_json() or "X-Batch" in request.headers or request.endpoint == "accounts.keep_typed"


def _tell_lost(refusal: Refusal) -> BaseResponse:
    """A form came without its session: what was typed is kept, why is told, and whoever typed it is led back to it."""
    if _by_script() or request.method in {"GET", "HEAD"}:
        return _tell_stranger(refusal) if isinstance(refusal, SignInNeeded) else tell_refusal(refusal)
    db.session.rollback()
    code = refusal.code if isinstance(refusal, Forged) else why_lost()
    told = Forged(code)
    actor = find_actor()
    if code == "csrf" or (actor is None and code in {"csrf.insecure", "csrf.no_cookie", "csrf.old"}):
        return tell_refusal(told) if isinstance(refusal, Forged) else _tell_stranger(refusal)
    address = keep_what_was_sent()
    if actor is None:
        say(sentence(Forged(f"{code}_kept" if address else code)), kind="wait")
        return redirect(url_for("accounts.sign_in", suite=address), code=303)
    if address is None or code == "csrf.another":
        return tell_refusal(told)
    return redirect(address, code=303)


def _tell_stranger(refusal: Refusal) -> BaseResponse:
    if _by_script():
        return tell_refusal(refusal)
    target = request.full_path.rstrip("?") if request.method == "GET" else "/"
    return redirect(url_for("accounts.sign_in", suite=target if target != "/" else None), code=303)


def _fill_in(response: Response) -> Response:
    """Show the form of a page as it was typed, to whoever typed it."""
    if request.method != "GET" or response.status_code != 200 or response.mimetype != "text/html" or response.is_streamed:
        return response
    if ASKED not in request.args:
        return _offer(response) if b" data-keep=" in response.get_data() else response
    actor = find_actor()
    kept = kept_form(actor.id, request.args[ASKED]) if actor else None
    if kept is None:
        return response
    typed = [(name, value) for name, value in kept.typed]
    filled = refill(response.get_data(as_text=True), request.path, kept.action, typed, (f"_{ASKED}", str(kept.id)))
    # Of a form that the page has no more, what was written in words is shown: the rest were its boxes and numbers.
    left = filled.left if filled.found else [value for value in filled.left if len(value.split()) > 1]
    note = render_template("accounts/_refilled.html", found=filled.found, left=left)
    response.set_data(_MAIN.sub(lambda main: main[0] + note, filled.html, count=1))
    return response


def _offer(response: Response) -> Response:
    """Say above a form that it was begun, in one tab or in several, and where to take each up."""
    actor = find_actor()
    if actor is not None:
        mine = select(KeptForm).where(KeptForm.account_id == actor.id, KeptForm.action == request.path, KeptForm.at > now() - LASTS)
        begun = db.session.scalars(mine.order_by(KeptForm.at.desc()).limit(MOST_OFFERED)).all()
        if begun:
            note = render_template("accounts/_begun.html", begun=[(each.at, _address(each)) for each in begun])
            response.set_data(_MAIN.sub(lambda main: main[0] + note, response.get_data(as_text=True), count=1))
    return response


def _forget_what_was_done(response: Response) -> Response:
    """A form that was given back and has now been done is kept no more; the deed is done, whether this succeeds or not."""
    if request.method == "POST" and response.status_code == 303 and f"_{ASKED}" in request.form:
        try:
            _forget_done(response)
        except (Refusal, SQLAlchemyError) as error:
            _pass_over("form_not_forgotten", error)
    return response


def _forget_done(response: Response) -> None:
    actor = find_actor()
    kept = kept_form(actor.id, request.form[f"_{ASKED}"]) if actor else None
    if kept is not None and kept.action == request.path and f"{ASKED}=" not in response.headers.get("Location", ""):
        with unit_of_work() as session:
            session.delete(kept)


def setup(app: Flask) -> None:
    """Keep what is sent without its session, and fill it in again."""
    app.register_error_handler(SignInNeeded, _tell_lost)
    app.register_error_handler(Forged, _tell_lost)
    app.after_request(_fill_in)
    app.after_request(_forget_what_was_done)
