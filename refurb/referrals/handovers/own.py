"""A family's own page, by the link of its invitation: choose an hour, move it, say that nobody comes. It shows no name."""

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.queries import home
from refurb.directory.sites.words import said_hour
from refurb.documents.links import open_link
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.handovers.actions import choose_by_link, decline
from refurb.referrals.handovers.effects import APPOINTMENT_LINK
from refurb.referrals.handovers.models import HandoverInvitation
from refurb.referrals.handovers.queries import invitation_of_link, offered_slots
from refurb.referrals.handovers.rules import HandoverSlotFull, HandoverSlotGone
from refurb.referrals.handovers.schemas import AnswerByLink
from refurb.referrals.handovers.shown import by_day, when_said, where_said
from refurb.referrals.handovers.views import calendar_page
from refurb.referrals.handovers.words import DECLINED_BECAUSE, DeclinedBecause


def _found(token: str) -> HandoverInvitation:
    return invitation_of_link(open_link(APPOINTMENT_LINK, token))


def _unlisted(answer: Response) -> Response:
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@blueprint.route("/mon-rendez-vous/<token>", methods=["GET", "POST"])
@public
@shown_again
def own_appointment(token: str) -> Response:
    """The hours that are left, or the one that was chosen."""
    found = _found(token)
    form = Form(AnswerByLink, start={"lift": found.lift, "lift_words": found.lift_words})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            done = _answer(found, **form.load())
            return go("referrals.own_appointment", done=done, token=token)
        found = _found(token)
    is_late = found.slot is not None and found.slot.day <= today()
    return _unlisted(
        page(
            "referrals/handovers/own.html", form=form, invitation=found, token=token, home=home(), hour=said_hour,
            days=by_day(offered_slots(by_link=True)) if found.state.is_open and not is_late else [], reasons=DECLINED_BECAUSE,
            is_late=is_late,
            when=when_said(found.slot) if found.slot else None, where=where_said(found.slot, to_family=True) if found.slot else None,
            is_taken=isinstance(form.refusal, HandoverSlotFull | HandoverSlotGone), minutes=_minutes(found),
        )
    )  # fmt: skip


def _minutes(found: HandoverInvitation) -> int | None:
    return found.slot.until_minute - found.slot.from_minute if found.slot else None


def _answer(found: HandoverInvitation, *, answer: str, lift: bool, lift_words: str | None) -> str:
    because = next((each for each in DeclinedBecause if each == answer), None)
    if because is not None:
        decline(SERVICE, found, because)
        return _("C'est noté. Nous vous appelons, ou votre structure.")
    slot = number_in(answer)
    if slot is None:
        raise Invalid({"answer": [Fault("field.choice")]})
    choose_by_link(found, slot=slot, lift=lift, lift_words=lift_words)
    return _("C'est noté : à bientôt.")


@blueprint.get("/mon-rendez-vous/<token>/agenda.ics")
@public
def own_calendar(token: str) -> Response:
    """The appointment, for one's own calendar."""
    return _unlisted(calendar_page(_found(token), to_family=True))
