"""The pages of whoever asks for news: whom to call, what to read, what was said; and the prescriber's, for the family of her file."""

from collections.abc import Callable

from flask import g, request
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.directory.texting.policy import SmsKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.short_messages import messages_needed
from refurb.kernel.speech.words import _, _l, _lp
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.queries.referrals import referral_for
from refurb.referrals.cases.texting import texts_family
from refurb.referrals.followup.actions import answer, choose_way, leave, note_asked, note_declined, note_missed
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.queries import (
    WhichNews,
    count_to_call,
    followup_numbered,
    followup_of,
    news_listing,
    reach_of,
    to_call,
    way_of,
)
from refurb.referrals.followup.schemas import NewsTold, WayChosen
from refurb.referrals.followup.shown import LOOKS, short_message
from refurb.referrals.followup.words import ANSWERED_BY, NEWS_WAYS, AnsweredBy
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
_TABS = {WhichNews.OPEN: _lp("news", "En cours"), WhichNews.SETTLED: _lp("news", "Closes")}


def _wanted() -> WhichNews:
    asked = request.args.get("etat", "")
    return WhichNews(asked) if asked in set(WhichNews) else WhichNews.OPEN


@blueprint.get("/suivi")
@requires(P.TICKET_WRITE)
def followups(actor: Actor) -> Response:
    """Whom to call first, then every question and where it stands."""
    which = _wanted()
    return page(
        "referrals/followup/followups.html",
        found=news_listing(which).page(page_number(), order_asked()),
        which=which,
        tabs=_TABS,
        looks=LOOKS,
        ways=NEWS_WAYS,
        next=to_call(),
        waiting=count_to_call(actor),
    )


_COLUMNS = (
    SheetColumn(_l("Orientation"), lambda row: row.reference, 14),
    SheetColumn(_l("Structure"), lambda row: row.partner, 28),
    SheetColumn(_lp("news", "Étape, en jours"), lambda row: row.stage, 14),
    SheetColumn(_l("Prévue le"), lambda row: row.due_on, 12),
    SheetColumn(_lp("news", "Par"), lambda row: NEWS_WAYS[row.way], 20),
    SheetColumn(_l("État"), lambda row: LOOKS[row.standing].word, 22),
    SheetColumn(_l("Demandé le"), lambda row: local(row.asked_at).date() if row.asked_at else None, 12),
    SheetColumn(_lp("news", "Essais"), lambda row: row.tries, 8),
    SheetColumn(_l("Répondu par"), lambda row: ANSWERED_BY[row.answered_by] if row.answered_by else None, 24),
)


@exported(blueprint, "/suivi", P.TICKET_WRITE)
@freshly_proved
def followups_file(_actor: Actor) -> SheetFile:
    """The same questions as a spreadsheet, without what any family answered."""
    return SheetFile.listed("nouvelles", _COLUMNS, news_listing(_wanted()))


@blueprint.route("/suivi/<int:number>", methods=["GET", "POST"])
@requires(P.TICKET_WRITE)
def followup(actor: Actor, number: int) -> Response:
    """Call, read the questions, write down what is said; or send the text."""
    found, form = followup_numbered(actor, number), Form(NewsTold)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            answer(actor, found, AnsweredBy.STAFF, **form.load())
            return go("referrals.followups", done=_("La réponse est notée."))
        found = followup_numbered(actor, number)
    g.section = "referrals.followups"
    if found.is_open:
        note(SecurityKind.FILE_OPENED, actor, found.referral.reference)
    message = short_message(found) if found.is_open else None
    return page(
        "referrals/followup/followup.html",
        followup=found,
        form=form,
        look=LOOKS[found.standing],
        ways=NEWS_WAYS,
        reach=reach_of(found) if found.is_open else None,
        message=message,
        messages=messages_needed(message or ""),
        leaves=message is not None and texts_family(SmsKind.NEWS, found.referral),
        most=AFTER.in_force().tries,
    )


def _pressed(actor: Actor, number: int, deed: Callable[[Actor, Followup], None], done: str) -> Response:
    found = followup_numbered(actor, number)
    with unit_of_work():
        deed(actor, found)
        return go("referrals.followups", done=done)


@blueprint.post("/suivi/<int:number>/demande")
@requires(P.TICKET_WRITE)
def followup_asked_page(actor: Actor, number: int) -> Response:
    """The text was sent."""
    return _pressed(actor, number, note_asked, _("C'est noté : la question est posée."))


@blueprint.post("/suivi/<int:number>/pas-joint")
@requires(P.TICKET_WRITE)
def followup_missed(actor: Actor, number: int) -> Response:
    """Nobody answered the telephone."""
    return _pressed(actor, number, note_missed, _("L'essai est noté."))


@blueprint.post("/suivi/<int:number>/ne-souhaite-pas")
@requires(P.TICKET_WRITE)
def followup_declined(actor: Actor, number: int) -> Response:
    """The family does not want to answer."""
    return _pressed(actor, number, note_declined, _("C'est noté : la famille ne souhaite pas répondre."))


@blueprint.post("/suivi/<int:number>/sans-reponse")
@requires(P.TICKET_WRITE)
def followup_left(actor: Actor, number: int) -> Response:
    """Nobody is called any more."""
    return _pressed(actor, number, leave, _("La question reste sans réponse."))


@blueprint.route("/orientations/<reference>/nouvelles", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def news_way(actor: Actor, reference: str) -> Response:
    """How the family agrees to be asked."""
    need_names()
    found = referral_for(actor, reference)
    g.section = "referrals.referrals"
    form = Form(WayChosen, start={"way": way_of(found)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            choose_way(actor, found, **form.load())
            return go("referrals.referral", done=_("C'est noté pour les nouvelles."), reference=reference)
        found = referral_for(actor, reference)
    return page("referrals/followup/way.html", form=form, referral=found)


@blueprint.route("/orientations/<reference>/nouvelles/<int:number>", methods=["GET", "POST"])
@requires(P.REFERRAL_WRITE)
def news_of_family(actor: Actor, reference: str, number: int) -> Response:
    """A prescriber writes down what the family of her file answers."""
    found = referral_for(actor, reference)
    question, form = followup_of(found, number), Form(NewsTold)
    g.section = "referrals.referrals"
    if request.method == "POST":
        with form.catching(), unit_of_work():
            answer(actor, question, AnsweredBy.PARTNER, **form.load())
            return go("referrals.referral", done=_("Merci, la réponse est notée."), reference=reference)
        found = referral_for(actor, reference)
        question = followup_of(found, number)
    return page("referrals/followup/news_of_family.html", form=form, referral=found, followup=question)
