"""The page of whoever is invited, by the link of the invitation: yes or no, with how many, in need of what. GET changes nothing."""

from flask import request
from werkzeug.wrappers import Response

from refurb.ceremonies.blueprint import blueprint
from refurb.ceremonies.guests.actions import answer_by_link
from refurb.ceremonies.guests.effects import FILE_NAME, INVITATION_LINK, calendar_entry, in_its_round, reached_at
from refurb.ceremonies.guests.models import CeremonyInvitation
from refurb.ceremonies.guests.queries import invitation_of_link, place_in_line, thanked_by_name
from refurb.ceremonies.guests.reached import is_awaited_by
from refurb.ceremonies.guests.rules import AnsweredTooLate, NothingToFetch, last_day, may_answer
from refurb.ceremonies.guests.schemas import MOST_BY_LINK, AnsweredByLink
from refurb.ceremonies.guests.shown import access_said, figure_said, programme_lines, when_said
from refurb.ceremonies.guests.words import NEEDS, Need
from refurb.directory.durations import durations
from refurb.directory.queries import home
from refurb.documents.links import LinkBroken, open_addressed_link
from refurb.documents.qr import svg
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.calendar import MIMETYPE, write_calendar
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import download, go, page


def _address_of(number: int) -> str | None:
    found = db.session.get(CeremonyInvitation, number)
    return reached_at(found) if found is not None else None


def _told_by_hand(number: int) -> str | None:
    """A family's link may have been told before an address was known: it stays hers."""
    found = db.session.get(CeremonyInvitation, number)
    return in_its_round(found, "") if found is not None and found.is_family else None


def _found(token: str) -> CeremonyInvitation:
    try:
        number = open_addressed_link(INVITATION_LINK, token, _address_of, days=180)
    except LinkBroken:
        number = open_addressed_link(INVITATION_LINK, token, _told_by_hand, days=180)
    return invitation_of_link(number)


def _unlisted(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _is_late(found: CeremonyInvitation) -> bool:
    try:
        may_answer(found)
    except (AnsweredTooLate, NothingToFetch):
        return True
    return False


def _is_awaited(found: CeremonyInvitation) -> bool:
    return found.allocation_id is None or is_awaited_by(found)


def _begun(found: CeremonyInvitation) -> dict[str, object]:
    """What stands now; whoever has not answered has not said yes to being photographed."""
    return {"companions": found.companions, "needs": found.needs, "no_photo": found.no_photo, "answer": None}


@blueprint.route("/invitation/<token>", methods=["GET", "POST"])
@public
@shown_again
def own_invitation(token: str) -> Response:
    """When, where and what for; then what was answered, or two cards of which none is chosen."""
    found = _found(token)
    form = Form(AnsweredByLink, start=_begun(found))
    if request.method == "POST":
        with form.catching(), unit_of_work():
            return go("ceremonies.own_invitation", done=_answer(found, **form.load()), token=token)
        found = _found(token)
    ceremony = found.ceremony
    return _unlisted(
        page(
            "ceremonies/guests/own.html", form=form, invitation=found, ceremony=ceremony, token=token, home=home(),
            when=when_said(ceremony), access=access_said(ceremony), programme=programme_lines(ceremony), is_late=_is_late(found),
            figure=figure_said(found.guest) if found.guest else "", thanked=thanked_by_name(ceremony) if found.guest else [],
            rank=place_in_line(found) if found.state.is_waiting else None, code=spell(found.code), qr=svg(found.code),
            most=max(MOST_BY_LINK if found.guest else 5, found.companions), needs=[str(NEEDS[Need(word)]) for word in found.needs],
            last=last_day(ceremony), is_awaited=_is_awaited(found), kept_for=durations().guests.days,
        )
    )  # fmt: skip


def _answer(found: CeremonyInvitation, *, answer: str, **told: object) -> str:
    if answer not in {"yes", "no"}:
        raise Invalid({"answer": [Fault("field.choice")]})
    answer_by_link(found, comes=answer == "yes", **told)
    if found.state.is_waiting:
        return _("La salle est pleine : vous êtes sur la liste d'attente.")
    return _("C'est noté.")


@blueprint.get("/invitation/<token>/agenda.ics")
@public
def own_ceremony_calendar(token: str) -> Response:
    """The ceremony, for the calendar of whoever comes."""
    found = _found(token)
    if not found.state.is_coming or not _is_awaited(found):
        raise NotFound
    return _unlisted(download(write_calendar(calendar_entry(found.ceremony)), FILE_NAME, MIMETYPE, inline=False))
