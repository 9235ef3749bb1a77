"""What pages show of follow-up: where a question stands, the text for a telephone, the panel on the page of a family's file."""

from typing import Any

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.machine import Look
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.short_messages import for_telephone
from refurb.kernel.speech.words import _lp
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.cases.queries.allocations import allocation_of_referral
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.queries import followups_of, reach_of, way_of
from refurb.referrals.followup.text_messages import news_text
from refurb.referrals.followup.words import HELPS, NEWS_USES, NEWS_WAYS, NEXT_NEEDS, WORKS, Asking, NewsUse, NewsWay
from refurb.referrals.models import Referral

LOOKS: dict[Asking, Look] = {
    Asking.TO_ASK: Look(_lp("news", "À demander"), "clock", "wait"),
    Asking.ASKED: Look(_lp("news", "Demandé"), "send", "work"),
    Asking.ANSWERED: Look(_lp("news", "Répondu"), "circle-check", "ok"),
    Asking.UNANSWERED: Look(_lp("news", "Sans réponse"), "minus", "todo"),
    Asking.DECLINED: Look(_lp("news", "Ne souhaite pas répondre"), "ban", "todo"),
}


def short_message(followup: Followup) -> str | None:
    """The text to send by telephone, in plain signs; None where the family has no number, or it is not read here."""
    number = reach_of(followup) if followup.way is NewsWay.PHONE else None
    if not number:
        return None
    return for_telephone(news_text(followup, number))


def panel_of_followups(actor: Actor, referral: Referral) -> HungPanel | None:
    """How the family is asked for news, and where each question stands; for whoever keeps the file of one that has its device."""
    held = allocation_of_referral(referral)
    if held is None or held.handover is None or not actor.may(Permission.REFERRAL_WRITE):
        return None
    way = way_of(referral)
    facts: dict[str, Any] = {
        "reference": referral.reference,
        "way": NEWS_WAYS[way] if way else None,
        "followups": followups_of(referral),
        "looks": LOOKS,
        "stages": AFTER.in_force().stages,
    }
    return HungPanel("referrals/followup/_panel.html", facts)


def said_of(followup: Followup) -> str:
    """What a family answered, in words, for that family."""
    told = [
        WORKS[followup.works] if followup.works else None,
        *(NEWS_USES[NewsUse(each)] for each in followup.uses),
        HELPS[followup.helps] if followup.helps else None,
        NEXT_NEEDS[followup.next_need] if followup.next_need else None,
    ]
    return " ; ".join(str(each) for each in told if each is not None)
