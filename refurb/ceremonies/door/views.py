"""The pages of the evening: the door, its list on paper, bags one after the other, the screen of numbers."""

from collections.abc import Callable
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.door import actions, queries
from refurb.ceremonies.door.rules import NotOnTheList
from refurb.ceremonies.door.schemas import DoorScan, LetIn, Stranger
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.queries import invitation_at, room_of
from refurb.ceremonies.guests.rules import AlreadyArrived
from refurb.ceremonies.guests.words import NEEDS, Need
from refurb.ceremonies.models import Ceremony
from refurb.ceremonies.queries import ceremony_for
from refurb.directory.queries import home
from refurb.directory.sites.words import said_hour
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import names_closed, need_names
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import looks_like_code
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.undo import Undo

P = Permission


@blueprint.route("/ceremonies/<int:number>/porte", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def door(actor: Actor, number: int) -> Response:
    """The door: a scanned code lets everybody in whom it stands for; a name is looked for, and let in by a press."""
    ceremony = ceremony_for(actor, number)
    typed = request.values.get("code", "").strip()[:200]
    form = Form(DoorScan)
    if request.method == "POST":
        known = queries.invitation_by_code(ceremony, typed)
        if known is None and typed and not looks_like_code(typed):
            return go("ceremonies.door", number=number, code=typed)
        with form.catching(), unit_of_work():
            found = actions.let_in_by_code(actor, ceremony, form.load()["code"])
            return _let_in(found, found.places)
        return _door(ceremony_for(actor, number), form, "", known)
    return _door(ceremony, form, typed)


def _let_in(found: CeremonyInvitation, people: int) -> Response:
    said = _n("%(num)s personne est entrée.", "%(num)s personnes sont entrées.", people)
    back = Undo(url_for("ceremonies.door_take_back", number=found.ceremony_id, invited=found.id), facts={"people": str(people)})
    return go("ceremonies.door", done=said, undo=back, number=found.ceremony_id)


def _door(ceremony: Ceremony, form: Form, typed: str, refused: CeremonyInvitation | None = None) -> Response:
    lines = queries.door_list(ceremony)
    one = queries.invitation_by_code(ceremony, typed) if typed else None
    found = [line for line in lines if one is not None and line.invitation_id == one.id] or queries.found_at_door(lines, typed)
    is_full = isinstance(form.refusal, AlreadyArrived)
    return page(
        "ceremonies/door/door.html", form=form, ceremony=ceremony, typed=typed, found=found, last=queries.last_arrived(lines),
        room=room_of(ceremony), hour=_hour, needs=_needs, refused=refused if is_full else None, closed_names=names_closed(),
        unknown=isinstance(form.refusal, NotOnTheList),
    )  # fmt: skip


def _hour(line: queries.AtDoor) -> str:
    if line.arrived_at is None:
        return ""
    at = local(line.arrived_at)
    return said_hour(at.hour * 60 + at.minute)


def _needs(line: queries.AtDoor) -> str:
    return ", ".join(str(NEEDS[Need(word)]) for word in line.needs)


def _deed(actor: Actor, number: int, invited: int, form: Form, do: Callable[[CeremonyInvitation], Any]) -> Response:
    """One press at the door; whoever was slower than another door reads what happened, on the same page."""
    found = invitation_at(actor, number, invited)
    with form.catching(), unit_of_work():
        answer: Response = do(found)
        return answer
    return _door(ceremony_for(actor, number), form, "", invitation_at(actor, number, invited))


@blueprint.post("/ceremonies/<int:number>/porte/<int:invited>/entrer")
@requires(P.CEREMONY_WRITE)
def door_let_in(actor: Actor, number: int, invited: int) -> Response:
    """Let people in by an invitation."""
    form = Form(LetIn)

    def do(found: CeremonyInvitation) -> Response:
        return _let_in(found, actions.let_in(actor, found, form.load()["people"]))

    return _deed(actor, number, invited, form, do)


@blueprint.post("/ceremonies/<int:number>/porte/<int:invited>/une-place")
@requires(P.CEREMONY_WRITE)
def door_add_place(actor: Actor, number: int, invited: int) -> Response:
    """Let one more in than the invitation says."""

    def do(found: CeremonyInvitation) -> Response:
        actions.add_place(actor, found)
        return go("ceremonies.door", done=_("Une place de plus : 1 personne est entrée."), number=number)

    return _deed(actor, number, invited, Form(NoFacts), do)


@blueprint.post("/ceremonies/<int:number>/porte/<int:invited>/reprendre")
@requires(P.CEREMONY_WRITE)
def door_take_back(actor: Actor, number: int, invited: int) -> Response:
    """Those who were let in by one press did not come in, after all; everybody where no number is said."""
    form = Form(LetIn)

    def do(found: CeremonyInvitation) -> Response:
        actions.take_back(actor, found, form.load()["people"])
        said = _n("Repris : %(num)s personne reste comptée.", "Repris : %(num)s personnes restent comptées.", found.arrived)
        return go(
            "ceremonies.door", done=said if found.arrived else _("Repris : personne n'est compté pour cette invitation."), number=number
        )

    return _deed(actor, number, invited, form, do)


@blueprint.route("/ceremonies/<int:number>/porte/inconnu", methods=["GET", "POST"])
@requires(P.CEREMONY_WRITE)
def door_stranger(actor: Actor, number: int) -> Response:
    """Somebody is on no list."""
    ceremony = ceremony_for(actor, number)
    form = Form(Stranger, start={"no_photo": True})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = actions.let_stranger_in(actor, ceremony, **form.load())
            return _let_in(made, made.places)
        ceremony = ceremony_for(actor, number)
    return page("ceremonies/door/stranger.html", form=form, ceremony=ceremony, room=room_of(ceremony))


@blueprint.get("/ceremonies/<int:number>/porte/liste")
@requires(P.CEREMONY_READ)
def door_list(actor: Actor, number: int) -> Response:
    """The door's list from A to Z, to be printed, with whoever has not answered and may come all the same.

    Photographers get it too, and read on it who is in no picture.
    """
    need_names()
    ceremony = ceremony_for(actor, number)
    lines = [line for line in queries.door_list(ceremony) if line.may_come]
    return page("ceremonies/door/list.html", ceremony=ceremony, lines=lines, needs=_needs)


@blueprint.route("/ceremonies/<int:number>/a-la-suite", methods=["GET", "POST"])
@requires(P.HANDOVER_WRITE)
def in_a_row(actor: Actor, number: int) -> Response:
    """Hand over one bag after the other, by the labels; each slip is signed on paper."""
    ceremony = ceremony_for(actor, number)
    form = Form(DoorScan)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            turn = actions.hand_over_scanned(actor, ceremony, form.load()["code"])
            done = _("Passage %(number)s : remis, à signer.", number=turn.position)
            return go("ceremonies.in_a_row", done=done, number=number)
        ceremony = ceremony_for(actor, number)
    return page("ceremonies/door/in_a_row.html", form=form, ceremony=ceremony, screen=queries.screen_of(ceremony))


@blueprint.get("/ceremonies/<int:number>/grand-ecran")
@requires(P.CEREMONY_READ)
def big_screen(actor: Actor, number: int) -> Response:
    """The screen of the hall: numbers, and nobody's name."""
    ceremony = ceremony_for(actor, number)
    return page(
        "ceremonies/door/screen.html", ceremony=ceremony, screen=queries.screen_of(ceremony), home=home(),
        year=local(ceremony.starts_at).year,
    )  # fmt: skip
