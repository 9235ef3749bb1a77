"""The donor's own page, behind a signed link: what became of the machines, in numbers only, and the papers."""

from collections.abc import Callable
from datetime import date

from flask import url_for
from werkzeug.wrappers import Response

from refurb.documents.links import LASTS_DAYS, LinkExpired
from refurb.documents.models import Paper
from refurb.documents.queries import find_paper_about, papers_about
from refurb.documents.shown import shown
from refurb.documents.views import paper_pdf
from refurb.documents.words import PAPER_ICONS, paper_look
from refurb.inventory.blueprint import blueprint
from refurb.inventory.donations.counts import difference
from refurb.inventory.donations.donor import has_email, opened_by
from refurb.inventory.donations.effects.news import hours_told, refusal_told
from refurb.inventory.donations.invitations import FILE_NAME, invitation
from refurb.inventory.donations.queries.appointments import open_question, standing_appointment
from refurb.inventory.donations.schemas.intake import DonorAnswered
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.models.donations import Donation
from refurb.inventory.papers.actions import send_link_again
from refurb.inventory.papers.carbon import CARBON
from refurb.inventory.papers.fates import Fates, fates_of
from refurb.inventory.papers.gifts import gifts_of
from refurb.inventory.papers.queries import DonationRecord, donation_record
from refurb.inventory.papers.receipts.actions import may_have_receipt
from refurb.inventory.papers.years.models import DonorYear
from refurb.inventory.papers.years.queries import year_papers_within
from refurb.inventory.releases.queries import releases_of
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import DATA_IMPACTS, DonationState
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import HungPanel, wired
from refurb.kernel.speech.calendar import MIMETYPE, write_calendar
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import download, go, page

RENEWED_WITHIN = 730
"""Days after which a link that is over no longer leads to another one."""

TILES = {
    "given": ("hand-heart", _l("au moins, remises à des foyers ou à des structures")),
    "ready": ("package-check", _l("au moins, prêtes ou attribuées")),
    "lent": ("repeat", _l("au moins, mises au prêt")),
    "parts": ("wrench", _l("au moins, gardées pour leurs pièces")),
    "waste": ("recycle", _l("au moins, mises au rebut, pour être recyclées")),
}
"""Each number that a donor may be told, with its drawing. Which machine went to whom is said nowhere."""


def tiles(fates: Fates) -> list[tuple[str, int, str]]:
    """What the page draws of the numbers that may be told."""
    return [(TILES[name][0], count, str(TILES[name][1])) for name, count in fates.told]


def next_count() -> date:
    """The day on which numbers are counted anew: the first of the next month."""
    here = today()
    return date(here.year + here.month // 12, here.month % 12 + 1, 1)


def _title(donation: Donation, known: DonationRecord, fates: Fates) -> str:
    """What the donor reads first."""
    state, number = donation.state, known.accepted
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
    if fates.settled:
        return _n("Votre machine a une destination", "Vos %(num)s machines ont une destination", number)
    if fates.given and not fates.are_few:
        return _("Vos %(total)s machines : au moins %(num)s remises", total=number, num=fates.given)
    # The same from the day they came until a number may be told: a title that moved with one machine would tell of it.
    return _n("Ce que devient votre machine", "Ce que deviennent vos %(num)s machines", number)


def donation_of(token: str) -> Donation:
    return opened_by(token).donation


def _paper_of(token: str, reference: str) -> Paper:
    """A paper of the donation, of another one of the donor that is reached at the same address, or of a year that they make up."""
    alike = opened_by(token).alike
    try:
        return find_paper_about(Donation.KIND, [each.id for each in alike], reference)
    except NotFound:
        years = [each.subject_id for each in year_papers_within(alike) if each.reference == reference]
        return find_paper_about(DonorYear.KIND, years, reference)


def _addresses(token: str) -> Callable[[Paper], str]:
    """Where the link opens a paper that another one names; nowhere, where that one speaks of somebody else too."""
    shown_here = {each.reference for each in _papers_open_to(opened_by(token)[1])}

    def address(other: Paper) -> str:
        return url_for("inventory.donor_paper", token=token, reference=other.reference) if other.reference in shown_here else ""

    return address


def _papers_open_to(alike: list[Donation]) -> list[Paper]:
    """The papers of these donations, and of the years of which they are all that came."""
    return [*year_papers_within(alike), *papers_about(*alike)]


def unlisted(response: Response) -> Response:
    """A link that is a key stays out of search engines, and out of the addresses that other sites are told."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/dons/suivi/<token>")
@public
def donor(token: str) -> Response:
    """The donor's page; once the time of the link is over, how to get another one."""
    try:
        return _donor_page(token, Form(DonorAnswered))
    except LinkExpired:
        offered = has_email(_formerly_of(token))
        return unlisted(page("inventory/papers/link_over.html", status=410, token=token, offered=offered, days=LASTS_DAYS))


def _formerly_of(token: str) -> Donation:
    """The donation that a link opened, its time being over or not; raises `LinkExpired` where that is too long ago."""
    return opened_by(token, days=RENEWED_WITHIN).donation


@blueprint.post("/dons/suivi/<token>/nouveau-lien")
@public
@shown_again
def donor_link_again(token: str) -> Response:
    """A fresh link, to the address that we know; nobody types one."""
    with unit_of_work():
        leaves = send_link_again(_formerly_of(token))
        done = (
            _("Un nouveau lien part à l'adresse que vous nous avez donnée.")
            if leaves
            else _("Un lien vous a déjà été envoyé il y a moins d'un jour : cherchez-le dans vos courriels. Rien de plus ne part.")
        )
        return go("inventory.donor", done=done, token=token)


def _donor_page(token: str, form: Form) -> Response:
    donation, alike, is_addressed = opened_by(token)
    known = donation_record(donation)
    held, fates = standing_appointment(donation), fates_of(donation, known.accepted)
    return unlisted(
        page(
            "inventory/papers/donor.html", donation=donation, known=known, token=token, papers=_papers_open_to(alike),
            arrival=known.arrival, fates=fates, tiles=[] if fates.are_few else tiles(fates), next_count=next_count(),
            carbon=CARBON.in_force(), gifts=gifts_of(alike), icons=PAPER_ICONS, look_of=paper_look,
            form=form, question=open_question(donation), appointment=held, reason=refusal_told(donation), kinds=DEVICE_KINDS,
            hours=hours_told(held.starts_at, held.ends_at) if held else "", state=donation.state,
            to_release=releases_of(donation), data_impacts=DATA_IMPACTS, difference=difference, title=_title(donation, known, fates),
            has_email=has_email(donation), has_receipts=may_have_receipt(donation),
            panels=_panels(donation) if is_addressed else [],
        )
    )  # fmt: skip


def _panels(donation: Donation) -> list[HungPanel]:
    """What other rooms tell whoever has the donor's address: a link of before proves none, and hands nobody another key."""
    return [each for ask in wired().panels.get(Donation.KIND, ()) if (each := ask(SERVICE, donation)) is not None]


@blueprint.post("/dons/suivi/<token>/reponse")
@public
@shown_again
def donor_answer(token: str) -> Response:
    """The donor answers what was asked."""
    donation = donation_of(token)
    form = Form(DonorAnswered)
    with form.catching(), unit_of_work():
        donation_machine.fire(donation, "answer", SERVICE, **form.load())
        return go("inventory.donor", done=_("Merci : votre réponse est arrivée."), token=token)
    return _donor_page(token, form)


@blueprint.get("/dons/suivi/<token>/rendez-vous.ics")
@public
def donor_calendar(token: str) -> Response:
    """The appointment, for the donor's calendar."""
    donation = donation_of(token)
    held = standing_appointment(donation)
    if held is None:
        raise NotFound
    return unlisted(download(write_calendar(invitation(donation, held)), FILE_NAME, MIMETYPE, inline=False))


@blueprint.get("/dons/suivi/<token>/<reference>.pdf")
@public
def donor_pdf(token: str, reference: str) -> Response:
    """The PDF of one of the donation's papers."""
    return unlisted(paper_pdf(_paper_of(token, reference)))


@blueprint.get("/dons/suivi/<token>/<reference>")
@public
def donor_paper(token: str, reference: str) -> Response:
    """One of the donation's papers as a page."""
    paper = _paper_of(token, reference)
    return unlisted(
        page(
            "documents/paper.html", **shown(paper), public=True, pdf_url=url_for("inventory.donor_pdf", token=token, reference=reference),
            other_url=_addresses(token), back=url_for("inventory.donor", token=token),
        )
    )  # fmt: skip
