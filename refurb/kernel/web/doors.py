"""The doors of a life cycle: for every row of its table one page and one JSON route, all to the same `Machine.fire`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, current_app, request, url_for
from flask_smorest import Blueprint as ApiBlueprint
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.machine import Choice, Machine, Move
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.web.api import RefusalSchema, answer, json_body
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.faults import tell_refusal
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import way_back


@dataclass(frozen=True)
class Doors:
    """How one life cycle is reached.

    `path` is the subject's address with one converter, such as `/appareils/<code>`; `find(actor, **url)` fetches the subject through the
    actor's scope or raises `NotFound`; `endpoint` and `url(subject)` lead back to its page; `dump(subject, actor)` is its JSON.
    """

    machine: Machine[Any]
    path: str
    find: Callable[..., Any]
    endpoint: str
    url: Callable[[Any], dict[str, Any]]
    title: Callable[[Any], str]
    dump: Callable[[Any, Actor], dict[str, Any]]
    custom: frozenset[str] = frozenset()
    offers: Callable[[Any], Mapping[str, list[tuple[str, Any]]]] = lambda _subject: {}
    """What the fields of its forms offer where that depends on the subject, by the name of the field."""
    begins: Callable[[Any], Mapping[str, Any]] = lambda _subject: {}
    """What is known already of what its forms ask, by the name of the field: what was told before is not asked again."""
    first: Mapping[str, Callable[[Actor, Any], Refusal | None]] = field(default_factory=dict)
    """What is done before a move, by its name; returns the refusal where it closes the move, and is kept then too."""
    then: Mapping[str, str] = field(default_factory=dict)
    """Where a deed leads other than to the subject's page, by the name of its move: an endpoint with the same arguments."""

    def do_first(self, row: Move[Any], subject: Any, actor: Actor) -> Refusal | None:
        """Do what comes before a move, within its unit of work; what closes the move, if anything does."""
        deed = self.first.get(row.name)
        return deed(actor, subject) if deed else None


def add_pages(blueprint: Blueprint, doors: Doors) -> None:
    """Add `GET` (the question) and `POST` (the deed) for every row with a door; the `custom` ones have a page of their own."""
    for row in doors.machine.moves:
        if row.name not in doors.custom and not row.inner:
            name = f"{doors.machine.kind}_{row.name}"
            blueprint.add_url_rule(
                move_url(doors.path, row),
                name,
                requires(row.permission)(_move_page(doors, row)),
                methods=["GET", "POST"],
            )


def _move_page(doors: Doors, row: Move[Any]) -> Callable[..., Response]:
    def view(actor: Actor, **where: Any) -> Response:
        subject = doors.find(actor, **where)
        form = Form(row.facts or NoFacts, start=doors.begins(subject), choices=doors.offers(subject))
        if request.method == "POST":
            with form.catching(), unit_of_work():
                form.refusal = doors.do_first(row, subject, actor)
                if form.refusal is not None:
                    return _asked(doors, row, subject, form)
                happened = doors.machine.fire(subject, row.name, actor, **form.sent())
                undo = way_back(doors.machine, request.path.rpartition("/")[0], subject, row.name, happened.facts["from"], actor)
                return go(doors.then.get(row.name, doors.endpoint), done=str(row.done), undo=undo, **doors.url(subject))
            subject = doors.find(actor, **where)
        else:
            form.refusal = doors.machine.refusal(subject, row.name)
        return _asked(doors, row, subject, form)

    return view


def _asked(doors: Doors, row: Move[Any], subject: Any, form: Form) -> Response:
    back = url_for(doors.endpoint, **doors.url(subject))
    return page("move.html", form=form, move=row, subject=subject, title=doors.title(subject), back=back)


def add_api(blueprint: ApiBlueprint, doors: Doors, path: str) -> None:
    """Add `POST path/MOVE` for every row with a door, documented in OpenAPI from the row itself; answers with the subject's JSON."""
    for row in doors.machine.moves:
        if row.inner:
            continue
        view = requires(row.permission)(_move_api(doors, row))
        view.__doc__ = (
            f"{row.name}: from {', '.join(sorted(row.sources))} to {row.target}.\n\nNeeds {row.permission}. "
            f"Rules: {', '.join(rule.__name__ for rule in row.rules) or 'none'}."
        )
        view = blueprint.response(200)(view)
        view = blueprint.alt_response(409, schema=RefusalSchema, description=_why_not(row))(view)
        if row.facts:
            view = blueprint.doc(requestBody={"content": {"application/json": {"schema": row.facts}}})(view)
        view.access = (row.permission,)
        blueprint.add_url_rule(f"{path}/{row.name}", f"{doors.machine.kind}_{row.name}", view, methods=["POST"])


def _why_not(row: Move[Any]) -> str:
    rules = ", ".join(rule.__name__ for rule in row.rules)
    asked = f" or a rule that does not hold ({rules})" if rules else ""
    return f"Refused, nothing was changed: the state is none of {', '.join(sorted(row.sources))} (`wrong_state`){asked}."


def _move_api(doors: Doors, row: Move[Any]) -> Callable[..., Any]:
    def view(actor: Actor, **where: Any) -> Any:
        facts = json_body()
        subject = doors.find(actor, **where)
        with unit_of_work():
            closed = doors.do_first(row, subject, actor)
            if closed is not None:
                return tell_refusal(closed)
            doors.machine.fire(subject, row.name, actor, **facts)
            return answer(doors.dump(subject, actor))

    return view


def moves_json(choices: list[Choice[Any]]) -> list[dict[str, Any]]:
    """The moves as the API shows them: open, or closed with the refusal that says why."""
    return [
        {
            "name": each.move.name,
            "label": str(each.move.label),
            "open": each.closed is None,
            "refusal": None if each.closed is None else {"code": each.closed.code, "message": sentence(each.closed)},
        }
        for each in choices
    ]


def move_url(base: str, row: Move[Any]) -> str:
    """The address of a move's page, from that of its subject."""
    return f"{base}/{row.address}"


def reachable(base: str, choices: list[Choice[Any]]) -> list[tuple[Choice[Any], str]]:
    """The moves that have a page in this service, each with its address."""
    adapter = current_app.url_map.bind_to_environ(request.environ)
    urls = [(each, move_url(base, each.move)) for each in choices]
    return [(each, url) for each, url in urls if adapter.test(url, method="GET")]
