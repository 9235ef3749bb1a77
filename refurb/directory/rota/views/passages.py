"""The page of a passage, and the doors of its life cycle."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.rota.actions.passages import add_passage
from refurb.directory.rota.at_stops import things_at
from refurb.directory.rota.feeds import instant
from refurb.directory.rota.models import Passage
from refurb.directory.rota.queries import next_passage, passage_by_id, stop_by_id
from refurb.directory.rota.schemas import ExtraPassage
from refurb.directory.rota.states import passage_machine
from refurb.directory.rota.views.blueprint import blueprint
from refurb.directory.rota.views.rotas import TOLD
from refurb.directory.sites.queries import site_name
from refurb.directory.sites.words import typed_minute
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _, day, moment
from refurb.kernel.web.doors import Doors, add_pages, reachable
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page

P = Permission


def dump_passage(passage: Passage, _actor: Actor | None = None) -> dict[str, Any]:
    """A passage as the JSON door shows it, instants with their zone; why it is off is told to nobody."""
    site = passage.site
    return {
        "id": passage.id,
        "day": passage.day.isoformat(),
        "starts_at": instant(passage.day, passage.opens).isoformat(),
        "ends_at": instant(passage.day, passage.closes).isoformat(),
        "state": passage.state,
        "moved_to": passage.moved_to.isoformat() if passage.moved_to else None,
        "stop": {"id": site.id, "name": site.name, "commune": site.commune, "postcode": site.postcode, "place": site.address},
        "rota": passage.rota_id,
    }


def _title(passage: Passage) -> str:
    return _("%(stop)s, %(day)s", stop=site_name(passage.site_id), day=day(passage.day))


doors = Doors(
    machine=passage_machine,
    path="/itinerance/passages/<int:number>",
    find=passage_by_id,
    endpoint="rota.passage",
    url=lambda passage: {"number": passage.id},
    title=_title,
    dump=dump_passage,
)
add_pages(blueprint, doors)


@blueprint.get("/itinerance/passages/<int:number>")
@requires(P.DIRECTORY_READ)
def passage(actor: Actor, number: int) -> Response:
    """A passage: when, who is expected at it, what can be done with it."""
    found = passage_by_id(actor, number)
    moves = reachable(request.path, passage_machine.open_to(found, actor))
    things = things_at([found.site_id], found.day).get((found.site_id, found.day), [])
    return page(
        "rota/passage.html", passage=found, title=_title(found), look=passage_machine.looks[found.state], moves=moves, things=things,
        following=next_passage(found.site_id, found.day), history=_history(found), **TOLD,
    )  # fmt: skip


def _history(found: Passage) -> list[dict[str, Any]]:
    """What was done by hand with a passage, newest first."""
    events = events_of(found)
    notes = notes_of(events)
    rows = []
    for each in events:
        said = passage_machine.done_sentence(each.move) or (_("Passage ajouté") if each.move == "added" else _("Gardé malgré la règle"))
        why = notes[each.id].get("why")
        rows.append({
            "icon": "bus", "kind": "todo", "text": f"{said} : {why}" if why else str(said), "who": wired().name_of(each.actor_id),
            "when": moment(each.at),
        })  # fmt: skip
    return rows


@blueprint.route("/itinerance/arrets/<int:number>/passages/ajouter", methods=["GET", "POST"])
@requires(P.ROTA_WRITE)
def passage_new(actor: Actor, number: int) -> Response:
    """A passage besides the rule."""
    stop = stop_by_id(actor, number)
    form = Form(ExtraPassage, start={"opens": typed_minute(stop.opens), "closes": typed_minute(stop.closes)})
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                made = add_passage(actor, stop_by_id(actor, number), **facts)
                return go("rota.passage", done=_("Passage ajouté."), number=made.id)
        stop = stop_by_id(actor, number)
    return page("rota/passage_new.html", form=form, stop=stop)
