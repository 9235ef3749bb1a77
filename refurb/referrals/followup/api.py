"""The JSON door of follow-up: the questions, writing an answer down, what was answered in numbers."""

from typing import Any

from flask import request

from refurb.directory.organisations.shown import last_year_told
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.web.api import answer as told
from refurb.kernel.web.api import api_blueprint, json_body, listed_rows
from refurb.kernel.web.routes import reads, writes
from refurb.kernel.web.search import page_number
from refurb.referrals.cases.queries.referrals import referral_for
from refurb.referrals.followup.actions import answer, choose_way
from refurb.referrals.followup.figures import stages_in
from refurb.referrals.followup.queries import WhichNews, dump, followup_numbered, news_listing
from refurb.referrals.followup.schemas import NewsTold, WayChosen
from refurb.referrals.followup.words import AnsweredBy

P = Permission

api = api_blueprint("followups", "What becomes of the devices that families were given: asked, answered or not, counted.")


@reads(api, "/followups", P.TICKET_WRITE)
def list_followups(_actor: Actor) -> Any:
    """Questions without what was answered: `state` is open (by default) or settled."""
    which = WhichNews.SETTLED if request.args.get("state") == "settled" else WhichNews.OPEN
    return listed_rows(news_listing(which).page(page_number()))


@reads(api, "/followups/<int:number>", P.TICKET_WRITE)
def show_followup(actor: Actor, number: int) -> Any:
    """One question."""
    return dump(followup_numbered(actor, number), actor)


@writes(api, "/followups/<int:number>/answer", P.TICKET_WRITE, takes=NewsTold, refused=(409, 422))
def write_answer(actor: Actor, number: int) -> Any:
    """Write down what a family answers on the telephone; what does not work opens a ticket."""
    facts = load(NewsTold, json_body())
    found = followup_numbered(actor, number)
    with unit_of_work():
        answer(actor, found, AnsweredBy.STAFF, **facts)
        return told(dump(found, actor))


@writes(api, "/referrals/<reference>/news-way", P.REFERRAL_WRITE, method="PUT", takes=WayChosen, refused=(409, 422))
def write_way(actor: Actor, reference: str) -> Any:
    """How the family of a file agrees to be asked for news."""
    found = referral_for(actor, reference)
    facts = load(WayChosen, json_body())
    with unit_of_work():
        choose_way(actor, found, **facts)
        return told({"reference": found.reference, "way": facts["way"].value})


@reads(api, "/followups/figures", P.REPORT_READ)
def show_figures(actor: Actor) -> Any:
    """What was answered this year, outside the last that is over, by stage; small numbers are united with others, or not told."""
    year = last_year_told(actor)
    return {
        "year": year,
        "stages": [
            {
                "stage": each.stage, "asked": each.told_asked, "answered": each.told_answered,
                "works": dict(each.works), "helps": dict(each.helps), "needs": dict(each.needs), "uses": dict(each.uses),
            }
            for each in stages_in(year, as_it_ended=not actor.may(P.REPORT_EXACT))
        ],
    }  # fmt: skip
