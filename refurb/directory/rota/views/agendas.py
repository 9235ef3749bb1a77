"""The page where somebody makes, and takes back, the addresses of calendars; and the calendars behind them."""

from flask import Response as File
from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.rota.agendas import calendar_of, feeds_of, make_feed, names_of_feeds, open_token, revoke_feed, subjects, token_of
from refurb.directory.rota.schemas import FeedAsked
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.rota.words import FEED_KINDS, FeedKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.calendar import MIMETYPE
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, requires
from refurb.kernel.web.pages import disposition, go, page, told


@blueprint.route("/agendas", methods=["GET", "POST"])
@requires(Permission.DIRECTORY_READ)
def agendas(actor: Actor) -> Response:
    """The addresses of one's calendars: make one, take one back. A page that has an agenda leads here with it chosen (`quel`)."""
    choices = [(f"{kind.value}-{number}", name) for kind, found in subjects().items() for number, name in found]
    offered = [(FeedKind.PERSON.value, str(FEED_KINDS[FeedKind.PERSON])), *choices]
    form = Form(FeedAsked, start={"of": request.args.get("quel", "")}, choices={"of": offered})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            kind, _dash, number = form.load()["of"].partition("-")
            make_feed(actor, kind=FeedKind(kind), number=int(number) if number else None)
            return go("rota.agendas", done=_("L'adresse est faite : copiez-la dans votre agenda."))
    found = feeds_of(actor)
    names = names_of_feeds(found)
    feeds = [(each, names[each.id], url_for("rota.agenda", token=token_of(each), _external=True)) for each in found]
    return page("rota/agendas.html", form=form, feeds=feeds)


@blueprint.post("/agendas/<int:number>/retirer")
@requires(Permission.DIRECTORY_READ)
def agenda_revoke(actor: Actor, number: int) -> Response:
    """Take an address back."""
    with unit_of_work():
        revoke_feed(actor, number)
        return go("rota.agendas", done=_("Cette adresse n'ouvre plus rien."))


@blueprint.get("/agendas/<token>.ics")
@public
def agenda(token: str) -> Response:
    """The calendar of an address that only its owner has."""
    answer = File(calendar_of(open_token(token)), content_type=f"{MIMETYPE}; charset=utf-8")
    answer.headers["Content-Disposition"] = disposition("agenda.ics", inline=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return told(answer)
