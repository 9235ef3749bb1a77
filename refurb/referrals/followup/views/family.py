"""The page by which a family answers, opened by its link, without an account; it says neither who answers nor what was given."""

from flask import request
from werkzeug.wrappers import Response

from refurb.documents.links import open_addressed_link
from refurb.kernel.deeds.access import SERVICE
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import language
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import public, shown_again
from refurb.kernel.web.pages import go
from refurb.referrals.aftersales.family import FAMILY_PAGE
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.aftersales.views.family import family_page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.followup.actions import answer
from refurb.referrals.followup.effects import PURPOSE
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.queries import address_of, followup_asked
from refurb.referrals.followup.schemas import NewsTold
from refurb.referrals.followup.words import AnsweredBy, Works

DRAWN = {Works.YES: "portable", Works.TROUBLE: "panne-lent", Works.NO: "panne-allume"}


def _opened(token: str) -> Followup:
    return followup_asked(open_addressed_link(PURPOSE, token, address_of, days=AFTER.in_force().link_days))


@blueprint.route("/nouvelles/<token>", methods=["GET", "POST"])
@public
@shown_again
def news(token: str) -> Response:
    """Four questions, each of which may be skipped; what was answered is thanked for, and not shown again."""
    followup = _opened(token)
    words = FAMILY_PAGE.in_force().words(request.args.get("langue") or language())
    form = Form(NewsTold)
    if request.method == "POST":
        with form.catching():
            told = form.load()
            with unit_of_work():
                answer(SERVICE, followup, AnsweredBy.FAMILY, **told)
                return go("referrals.news", token=token, langue=words.tongue)
        followup = _opened(token)
    return family_page(
        "referrals/followup/news.html", words, form=form, drawn=DRAWN, is_open=followup.is_open, token=token,
        calls=followup.works is not None and followup.works.calls_for_help,
    )  # fmt: skip
