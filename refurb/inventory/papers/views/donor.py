"""The donor's own page, behind a signed link: what became of the machines, in numbers only, and the papers."""

from typing import Any

from flask import url_for
from werkzeug.wrappers import Response

from refurb.documents.links import open_link
from refurb.documents.models import Paper
from refurb.documents.queries import find_paper_about, papers_about
from refurb.documents.shown import shown
from refurb.documents.views import paper_pdf
from refurb.documents.words import PAPER_ICONS, paper_look
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.counts import difference
from refurb.inventory.donations.donor import DONOR_LINK, has_email
from refurb.inventory.donations.effects.news import hours_told, refusal_told
from refurb.inventory.donations.invitations import FILE_NAME, invitation
from refurb.inventory.donations.queries.appointments import open_question, standing_appointment
from refurb.inventory.donations.schemas.intake import DonorAnswered
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.queries import IN_USE, DonationRecord, donation_record
from refurb.inventory.words.devices import DEVICE_KINDS, PAST_THE_GATE, DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.calendar import MIMETYPE, write_calendar
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, _lp, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import download, go, page

S = DeviceState

# Where machines are, in the order of their way. Counts only: which machine went to whom is said nowhere.
DESTINATIONS: tuple[tuple[Any, frozenset[DeviceState]], ...] = (
    (_l("Remises à des foyers ou à des structures"), frozenset({S.HANDED_OVER})),
    (_l("Mises au prêt"), frozenset({S.IN_POOL})),
    (_l("Attribuées, remise à venir ou à confirmer"), frozenset({S.RESERVED})),
    (_l("Prêtes, en attente d'attribution"), frozenset({S.READY})),
    (_lp("device", "À l'atelier"), frozenset({S.RECEIVED, S.TO_ERASE, S.ERASING, S.TO_REFURBISH, S.TESTING})),
    (_l("Gardées pour leurs pièces"), frozenset({S.PARTS})),
    (_l("Mises au rebut, pour être recyclées"), frozenset({S.WASTE})),
    (_l("Perdues"), frozenset({S.LOST})),
)


def destinations(known: DonationRecord) -> list[tuple[Any, int]]:
    """Where the machines are, each with its count; the counts add up to all that came."""
    rows = [(label, count) for label, states in DESTINATIONS if (count := known.standing_in(states))]
    rows += [(_l("Reçues, à enregistrer une par une"), left)] if (left := known.accepted - len(known.devices)) > 0 else []
    rows += [(_l("Refusées à l'arrivée"), known.refused)] if known.refused else []
    return rows


def _title(donation: Donation, known: DonationRecord) -> str:
    """What the donor reads first."""
    state, number, used = donation.state, known.accepted, known.standing_in(IN_USE)
    if donation.received_on is None:
        before = {
            DonationState.NEEDS_INFORMATION: _("Une question avant de vous répondre"),
            DonationState.ACCEPTED: _("Votre don est accepté"),
            DonationState.SCHEDULED: _("Votre rendez-vous est fixé"),
            DonationState.REFUSED: _("Nous ne pouvons pas accepter ce don"),
            DonationState.CANCELLED: _("Ce don est annulé"),
        }
        return before.get(state, _("Votre don est annoncé"))
    if not number:
        return _("Aucune machine de ce don n'a été gardée") if known.refused else _("Aucune machine n'est arrivée")
    if used == number:
        return _n("Votre machine est remise ou au prêt", "Vos %(num)s machines sont remises ou au prêt", number)
    if used:
        return _n(
            "Vos %(total)s machines : %(num)s remise ou au prêt", "Vos %(total)s machines : %(num)s remises ou au prêt", used, total=number
        )
    if known.standing_in({S.WASTE, S.LOST}):
        return _n("Ce que devient votre machine", "Ce que deviennent vos %(num)s machines", number)
    return _n("Votre machine est entre nos mains", "Vos %(num)s machines sont entre nos mains", number)


def _donation_of(token: str) -> Donation:
    donation = db.session.get(Donation, open_link(DONOR_LINK, token))
    if donation is None:
        raise NotFound
    return donation


def _paper_of(token: str, reference: str) -> Paper:
    return find_paper_about(Donation.KIND, open_link(DONOR_LINK, token), reference)


def _unlisted(response: Response) -> Response:
    """A link that is a key stays out of search engines, and out of the addresses that other sites are told."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/dons/suivi/<token>")
@public
def donor(token: str) -> Response:
    """The donor's page."""
    return _donor_page(_donation_of(token), token, Form(DonorAnswered))


def _donor_page(donation: Donation, token: str, form: Form) -> Response:
    known = donation_record(donation)
    held = standing_appointment(donation)
    return _unlisted(
        page(
            "inventory/papers/donor.html", donation=donation, known=known, token=token, papers=papers_about(donation),
            refurbished=known.standing_in(PAST_THE_GATE), in_use=known.standing_in(IN_USE), arrival=known.arrival,
            ended=known.standing_in({S.PARTS, S.WASTE}), destinations=destinations(known), icons=PAPER_ICONS, look_of=paper_look,
            form=form, question=open_question(donation), appointment=held, reason=refusal_told(donation), kinds=DEVICE_KINDS,
            hours=hours_told(held.starts_at, held.ends_at) if held else "", state=donation.state,
            difference=difference, title=_title(donation, known), has_email=has_email(donation),
        )
    )  # fmt: skip


@blueprint.post("/dons/suivi/<token>/reponse")
@public
@shown_again
def donor_answer(token: str) -> Response:
    """The donor answers what was asked."""
    donation = _donation_of(token)
    form = Form(DonorAnswered)
    with form.catching(), unit_of_work():
        donation_machine.fire(donation, "answer", SERVICE, **form.load())
        return go("inventory.donor", done=_("Merci : votre réponse est arrivée."), token=token)
    return _donor_page(_donation_of(token), token, form)


@blueprint.get("/dons/suivi/<token>/rendez-vous.ics")
@public
def donor_calendar(token: str) -> Response:
    """The appointment, for the donor's calendar."""
    donation = _donation_of(token)
    held = standing_appointment(donation)
    if held is None:
        raise NotFound
    return _unlisted(download(write_calendar(invitation(donation, held)), FILE_NAME, MIMETYPE, inline=False))


@blueprint.get("/dons/suivi/<token>/<reference>.pdf")
@public
def donor_pdf(token: str, reference: str) -> Response:
    """The PDF of one of the donation's papers."""
    return _unlisted(paper_pdf(_paper_of(token, reference)))


@blueprint.get("/dons/suivi/<token>/<reference>")
@public
def donor_paper(token: str, reference: str) -> Response:
    """One of the donation's papers as a page."""
    paper = _paper_of(token, reference)
    return _unlisted(
        page(
            "documents/paper.html", **shown(paper), public=True, pdf_url=url_for("inventory.donor_pdf", token=token, reference=reference),
            other_url=lambda other: url_for("inventory.donor_paper", token=token, reference=other.reference),
            back=url_for("inventory.donor", token=token),
        )
    )  # fmt: skip
