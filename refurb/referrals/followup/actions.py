"""Ask families for news, remind them once, write down what they answer; silence stays silence."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from refurb.directory.texting.policy import SmsKind
from refurb.directory.texting.sending import plan_text
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.aftersales.actions import open_from_news
from refurb.referrals.aftersales.queries import device_with
from refurb.referrals.followup.models import Followup, NewsChoice
from refurb.referrals.followup.queries import followups_of, handovers_to_ask_about, reach_of, to_leave, to_remind, way_of
from refurb.referrals.followup.rules import NoLongerAsked, NoWayThere
from refurb.referrals.followup.words import AnsweredBy, Asking, Helps, NewsUse, NewsWay, NextNeed, Works
from refurb.referrals.models import Referral

ASK_NEWS = "ask_news"


def choose_way(actor: Actor, referral: Referral, *, way: NewsWay) -> None:
    """Write down how the family agreed to be asked; what is planned already follows. Raises `NoWayThere`."""
    check(actor, Permission.REFERRAL_WRITE)
    lock(referral)
    person = referral.beneficiary
    if (way is NewsWay.EMAIL and not person.email) or (way is NewsWay.PHONE and not person.phone):
        raise NoWayThere
    choice = db.session.query(NewsChoice).filter_by(referral_id=referral.id).one_or_none()
    if choice is None:
        choice = NewsChoice(referral_id=referral.id, way=way, told_at=now())
        db.session.add(choice)
        db.session.flush()
    choice.way, choice.told_at = way, now()
    record(choice, "way_chosen", actor, way=way)
    for followup in followups_of(referral):
        lock(followup)
        if followup.is_open and followup.way is not way:
            followup.way = way
            _ask(followup)


def plan_followups() -> int:
    """Plan the questions whose day has come, send those that go in writing, remind once, leave what stays without an answer.

    How many changed. Runs within a unit of work, every hour.
    """
    begun = [_begin(each, stage, due_on) for each, stage, due_on in handovers_to_ask_about(today())]
    reminded = [each for each in to_remind(today()) if _still_open(each)]
    for followup in reminded:
        followup.reminded_at = now()
        record(followup, "reminded", SERVICE)
        plan(ASK_NEWS, followup_id=followup.id, reminder=True)
        _text(followup, reminder=True)
    left = [each for each in to_leave(today()) if _still_open(each)]
    for followup in left:
        _settle(followup, Asking.UNANSWERED, "left")
    return len(begun) + len(reminded) + len(left)


def _still_open(followup: Followup) -> bool:
    """Whether a question is, once it is held: somebody may have answered since it was looked up."""
    lock(followup)
    return followup.is_open


def _begin(handover: Any, stage: int, due_on: Any) -> Followup:
    referral = handover.allocation.referral
    way = way_of(referral) or NewsWay.PARTNER
    followup = Followup(referral=referral, handover=handover, stage=stage, due_on=due_on, way=way, uses=[])
    db.session.add(followup)
    record(followup, "created", SERVICE, stage=stage, way=way)
    _ask(followup)
    return followup


def _ask(followup: Followup) -> None:
    """By the way of a question: in writing at once, by telephone when somebody calls, never where the family does not want it."""
    if followup.way is NewsWay.NEVER:
        _settle(followup, Asking.DECLINED, "declined")
    elif followup.way is not NewsWay.PHONE:
        followup.standing, followup.asked_at, followup.reminded_at = Asking.ASKED, now(), None
        plan(ASK_NEWS, followup_id=followup.id, reminder=False)
    _text(followup, reminder=False)


def _text(followup: Followup, *, reminder: bool) -> None:
    """Besides, to the mobile telephone of who chose the telephone: whoever answers by the link need not be called."""
    if followup.way is NewsWay.PHONE:
        plan_text(ASK_NEWS, SmsKind.NEWS, followup_id=followup.id, reminder=reminder)


def _settle(followup: Followup, standing: Asking, told: str, actor: Actor = SERVICE, **facts: Any) -> None:
    followup.standing, followup.settled_at = standing, now()
    record(followup, told, actor, **facts)


def leave_all_of(referrals: Sequence[int]) -> None:
    """Nothing is asked any more of families that are forgotten: what is open stays without an answer."""
    open_ones = select(Followup).where(Followup.referral_id.in_(referrals), Followup.settled_at.is_(None)).order_by(Followup.id)
    for each in db.session.scalars(open_ones).all():
        _settle(each, Asking.UNANSWERED, "left")


def _hold(followup: Followup) -> None:
    lock(followup)
    if not followup.is_open:
        raise NoLongerAsked


def note_asked(actor: Actor, followup: Followup) -> None:
    """Somebody has sent the text by telephone."""
    check(actor, Permission.TICKET_WRITE)
    _hold(followup)
    if reach_of(followup) is None:
        raise NoWayThere
    followup.standing, followup.asked_at = Asking.ASKED, followup.asked_at or now()
    record(followup, "asked", actor)


def note_missed(actor: Actor, followup: Followup) -> None:
    """Somebody called, and nobody answered the telephone."""
    check(actor, Permission.TICKET_WRITE)
    _hold(followup)
    followup.standing, followup.asked_at, followup.tries = Asking.ASKED, followup.asked_at or now(), followup.tries + 1
    record(followup, "missed", actor, tries=followup.tries)


def note_declined(actor: Actor, followup: Followup) -> None:
    """The family does not want to answer."""
    check(actor, Permission.TICKET_WRITE)
    _hold(followup)
    _settle(followup, Asking.DECLINED, "declined", actor)


def leave(actor: Actor, followup: Followup) -> None:
    """Nobody is called any more: it stays without an answer."""
    check(actor, Permission.TICKET_WRITE)
    _hold(followup)
    _settle(followup, Asking.UNANSWERED, "left", actor)


def answer(
    actor: Actor,
    followup: Followup,
    by: AnsweredBy,
    *,
    works: Works | None = None,
    uses: list[NewsUse] | None = None,
    helps: Helps | None = None,
    next_need: NextNeed | None = None,
) -> None:
    """Write down what a family answers, by its link, on the telephone or through its partner. What does not work opens a ticket.

    Raises `NoLongerAsked`: an answer to a question that is closed.
    """
    if by is AnsweredBy.PARTNER:
        check(actor, Permission.REFERRAL_WRITE)
    elif by is AnsweredBy.STAFF:
        check(actor, Permission.TICKET_WRITE)
    elif actor is not SERVICE:
        raise Forbidden(permission=Permission.TICKET_WRITE.value)
    _hold(followup)
    if works is not None and works.calls_for_help:
        followup.ticket = open_from_news(actor, followup.referral, device_with(followup.referral))
    followup.asked_at = followup.asked_at or now()
    followup.answered_by, followup.works, followup.helps, followup.next_need = by, works, helps, next_need
    followup.uses = [each.value for each in uses or ()]
    _settle(followup, Asking.ANSWERED, "answered", actor, by=by)
