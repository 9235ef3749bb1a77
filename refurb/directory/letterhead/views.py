"""The pages of the letterhead, and what everybody gets of it: the style sheet of the colour and the logo."""

from typing import Any

from flask import Blueprint, Response, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from refurb.directory.letterhead.actions import (
    FIELDS,
    LetterheadChanged,
    name_signatory,
    restore_letterhead,
    save_letterhead,
)
from refurb.directory.letterhead.colours import DEFAULT, LEAST, style_sheet, weakest
from refurb.directory.letterhead.forms import GriffeForm, PictureForm
from refurb.directory.letterhead.models import Signatory
from refurb.directory.letterhead.preview import preview_of
from refurb.directory.letterhead.queries import is_griffe, is_logo, letterhead, letterhead_versions
from refurb.directory.letterhead.schemas import LetterheadFacts, SignatoryFacts, spelt_ratio
from refurb.directory.letterhead.shown import former_address, lines_of_history, spelt
from refurb.directory.models import Organisation
from refurb.directory.queries import home
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import fetch
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _
from refurb.kernel.web.guards import public, requires
from refurb.kernel.web.headers import YEAR_SECONDS
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("letterhead", __name__)
P = Permission


@blueprint.route("/coordonnees", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def details(actor: Actor) -> BaseResponse:
    """Names, addresses, logo and colour; looking at the preview changes nothing."""
    form = PictureForm(LetterheadFacts, start=_start(), choices=_choices())
    if request.method == "POST":
        with form.catching():
            return _previewed(form) if "preview" in request.form else _saved(actor, form)
    return _page_of(form)


def _previewed(form: PictureForm) -> BaseResponse:
    form.load()
    return _page_of(form)


def _saved(actor: Actor, form: PictureForm) -> BaseResponse:
    with unit_of_work():
        number = save_letterhead(actor, seen=_seen(), **form.load()).number
        done = _("C'est enregistré : les papiers, courriels et pages portent déjà la version %(number)s.", number=number)
        return go("letterhead.details", done=done)


def _page_of(form: PictureForm) -> BaseResponse:
    current = letterhead()
    return page(
        "directory/letterhead/details.html",
        form=form,
        current=current,
        seen=_seen_by(form),
        preview=preview_of(form, current),
        is_preview="preview" in request.form,
        readable=_readable(form),
        signatories=current.signatories if current else [],
        today=today(),
        versions=lines_of_history(letterhead_versions()),
    )


def _choices() -> dict[str, list[tuple[str, Any]]]:
    """The forms in law, with none chosen for who has not said."""
    offered = LetterheadFacts().fields["legal_form"].metadata["choices"]()
    return {"legal_form": [("", _("Choisissez…")), *offered]}


def _readable(form: PictureForm) -> str:
    """How well the colour in the form reads, where it does."""
    if "accent" in form.faults:
        return ""
    colour = form.field("accent").value.upper() or DEFAULT
    ratio = weakest(colour if colour.startswith("#") else f"#{colour}").ratio
    return _("Lisible : %(ratio)s pour %(least)s demandés", ratio=spelt_ratio(ratio), least=spelt_ratio(LEAST))


def _start() -> dict[str, Any]:
    """What the form begins with: the version in force, else what the directory knows."""
    current = letterhead()
    if current is not None:
        return {name: getattr(current, name) for name in FIELDS} | spelt(current.siret, current.phone)
    known = db.session.scalar(select(Organisation).where(Organisation.is_home))
    return former_address(known) | spelt(known.siret, known.phone) if known else {}


def _seen() -> int:
    return number_of(request.form.get("seen", "0"))


def _seen_by(form: PictureForm) -> int:
    """The version before the eyes of who reads this form; who was told of another one has seen it, and may now save over it."""
    if request.method == "POST" and not isinstance(form.refusal, LetterheadChanged):
        return _seen()
    current = letterhead()
    return current.number if current else 0


def number_of(typed: str) -> int:
    """The number of a version that a hidden field says; 0 for anything else."""
    return number_in(typed) or 0


@blueprint.post("/coordonnees/versions/<int:number>/reprendre")
@requires(P.SETTINGS_WRITE)
def restore(actor: Actor, number: int) -> BaseResponse:
    """Bring a former version back."""
    with unit_of_work():
        saved = restore_letterhead(actor, number, seen=_seen())
        done = _("La version %(former)s est reprise : elle devient la version %(number)s.", former=number, number=saved.number)
        return go("letterhead.details", done=done)


@blueprint.route("/coordonnees/signataires/ajouter", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def signatory_new(actor: Actor) -> BaseResponse:
    """Name somebody who signs."""
    return _signatory(actor, None)


@blueprint.route("/coordonnees/signataires/<int:key>", methods=["GET", "POST"])
@requires(P.SETTINGS_WRITE)
def signatory(actor: Actor, key: int) -> BaseResponse:
    """Say otherwise of somebody who signs: another function, a last day."""
    current = letterhead()
    found = next((each for each in current.signatories if each.key == key), None) if current else None
    if found is None:
        raise NotFound
    return _signatory(actor, found)


def _signatory(actor: Actor, found: Signatory | None) -> BaseResponse:
    start = {name: getattr(found, name) for name in SignatoryFacts().fields if hasattr(found, name)} if found else {"since": today()}
    form = GriffeForm(SignatoryFacts, start=start)
    key = found.key if found else None
    if request.method == "POST":
        with form.catching(), unit_of_work():
            name_signatory(actor, seen=_seen(), key=key, **form.load())
            return go("letterhead.details", done=_("C'est enregistré."))
    return page("directory/letterhead/signatory.html", form=form, signatory=found, seen=_seen_by(form))


@blueprint.get("/theme.css")
@public
def theme() -> Response:
    """The colour of the organisation, as the values of our style sheets; nothing where none was chosen."""
    accent = home().accent
    response = Response(style_sheet(accent) if accent else "", content_type="text/css; charset=utf-8")
    asked = request.args.get("v", "")
    is_this = accent is not None and asked == accent[1:]
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, immutable" if is_this else "no-cache"
    return response


@blueprint.get("/logo/<digest>.png")
@public
def logo(digest: str) -> Response:
    """The logo, today's or one of before, by the sum of its picture."""
    if not is_logo(digest):
        raise NotFound
    return _png(digest, f"public, max-age={YEAR_SECONDS}, immutable")


@blueprint.get("/coordonnees/griffes/<digest>.png")
@requires(P.SETTINGS_WRITE)
def griffe(_actor: Actor, digest: str) -> Response:
    """A signature as it is printed, for whoever enters it."""
    if not is_griffe(digest):
        raise NotFound
    return _png(digest, "private, no-store")


def _png(digest: str, cache: str) -> Response:
    response = Response(fetch(digest), content_type="image/png")
    response.headers["Cache-Control"] = cache
    return response
