"""News are asked a month and six months after the hand-over, by the way that was agreed; answered once, reminded once, or left."""

import datetime as dt

import pytest

from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Forbidden
from refurb.referrals.aftersales.words import TicketVia
from refurb.referrals.cases.actions import allocate, hand_over
from refurb.referrals.cases.lines import add_machine
from refurb.referrals.followup import actions
from refurb.referrals.followup.actions import ASK_NEWS, answer, choose_way, leave, note_asked, note_declined, note_missed, plan_followups
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.queries import followups_of, to_call
from refurb.referrals.followup.rules import NoLongerAsked, NoWayThere
from refurb.referrals.followup.shown import short_message
from refurb.referrals.followup.words import AnsweredBy, Asking, NewsUse, NewsWay, Works
from refurb.referrals.retention import erase_beneficiaries
from tests.support.chapters import chapter
from tests.support.story import evidence, families, people, troubles


@chapter
def served(way=NewsWay.PHONE, **changes):
    """A family that has its screen, and said how it may be asked."""
    referral = families.handed_over(**changes).allocation.referral
    if way is not None:
        with unit_of_work():
            choose_way(people.actor(Role.PRESCRIBER), referral, way=way)
    return referral


def hourly(days):
    with at(now() + dt.timedelta(days=days)), unit_of_work():
        return plan_followups()


def promised():
    return [each.facts for each in db.session.query(Effect).filter_by(kind=ASK_NEWS).order_by(Effect.id)]


def test_nothing_is_asked_before_its_day_and_each_stage_once(context):
    referral = served()
    assert hourly(29) == 0
    assert [hourly(30), hourly(30), hourly(31)] == [1, 0, 0]
    assert hourly(180) == 1
    first, second = followups_of(referral)
    assert (first.stage, first.standing, first.due_on) == (30, Asking.TO_ASK, today() + dt.timedelta(days=30))
    assert second.stage == 180
    assert promised() == [], "whoever is called gets no letter"
    assert to_call() is first


def test_what_was_handed_over_long_ago_is_not_asked_about(context):
    served()
    assert hourly(400) == 0


def test_whoever_agreed_to_nothing_is_not_written_to_their_partner_is(context):
    served(None)
    assert hourly(30) == 1
    (followup,) = db.session.query(Followup)
    assert (followup.way, followup.standing) == (NewsWay.PARTNER, Asking.ASKED)
    assert [each["reminder"] for each in promised()] == [False]


def test_whoever_wants_no_question_gets_none(context):
    referral = served(NewsWay.NEVER)
    hourly(30)
    (followup,) = followups_of(referral)
    assert (followup.standing, followup.asked_at) == (Asking.DECLINED, None)
    assert promised() == []


def test_one_reminder_then_it_stays_without_an_answer(context):
    referral = served(NewsWay.EMAIL, phone=None, email="zoe@famille.example")
    hourly(30)
    assert [hourly(36), hourly(37), hourly(38), hourly(43)] == [0, 1, 0, 0]
    assert [each["reminder"] for each in promised()] == [False, True]
    assert [hourly(45), hourly(50)] == [1, 0]
    (followup,) = followups_of(referral)
    assert (followup.standing, followup.answered_by, followup.works) == (Asking.UNANSWERED, None, None)
    assert len(promised()) == 2


def test_an_answer_is_written_down_once(context):
    referral = served()
    hourly(30)
    (followup,) = followups_of(referral)
    with unit_of_work():
        answer(people.actor(Role.DESK), followup, AnsweredBy.STAFF, works=Works.YES, uses=[NewsUse.SCHOOL])
    assert (followup.standing, followup.works, followup.uses, followup.ticket_id) == (Asking.ANSWERED, Works.YES, ["school"], None)
    with pytest.raises(NoLongerAsked), unit_of_work():
        answer(people.actor(Role.DESK), followup, AnsweredBy.STAFF, works=Works.NO)


def test_of_several_machines_the_ticket_says_that_nobody_told_which(app, signed_in):
    with app.app_context():
        allocation, more = families.allocated(), families.ready()
        office = people.actor(Role.COORDINATOR)
        with unit_of_work():
            add_machine(office, allocation, device=more.code, reason="Deux écrans.")
        with unit_of_work():
            hand_over(office, allocation, place="Atelier", signature_kind="drawn", signature=families.drawing())
        other = spell(more.code)
        hourly(30)
        (followup,) = followups_of(allocation.referral)
        with unit_of_work():
            answer(people.actor(Role.DESK), followup, AnsweredBy.STAFF, works=Works.NO)
        reference = followup.ticket.reference
    page = signed_in(Role.DESK).get(f"/pannes/{reference}").text

    assert other in page
    assert "La famille n’a pas dit lequel" in page


def test_what_does_not_work_opens_a_ticket_unless_one_is_open(context):
    referral = served()
    hourly(30)
    hourly(180)
    first, second = followups_of(referral)
    with unit_of_work():
        answer(people.actor(Role.PRESCRIBER), first, AnsweredBy.PARTNER, works=Works.NO)
    assert first.ticket.via is TicketVia.NEWS
    assert first.ticket.device.state is DeviceState.HANDED_OVER
    with unit_of_work():
        answer(SERVICE, second, AnsweredBy.FAMILY, works=Works.TROUBLE)
    assert second.ticket_id is None


def test_calls_are_counted_and_silence_is_no_answer(context):
    referral = served()
    hourly(30)
    (followup,) = followups_of(referral)
    desk = people.actor(Role.DESK)
    with unit_of_work():
        note_missed(desk, followup)
        note_missed(desk, followup)
    assert (followup.tries, followup.standing) == (2, Asking.ASKED)
    with unit_of_work():
        leave(desk, followup)
    assert followup.standing is Asking.UNANSWERED
    with pytest.raises(NoLongerAsked), unit_of_work():
        note_declined(desk, followup)


def test_whoever_declines_is_asked_no_more(context):
    referral = served()
    hourly(30)
    (followup,) = followups_of(referral)
    with unit_of_work():
        note_declined(people.actor(Role.DESK), followup)
    assert followup.standing is Asking.DECLINED
    assert to_call() is None


def test_a_short_message_is_of_plain_signs(context):
    referral = served()
    hourly(30)
    (followup,) = followups_of(referral)
    message = short_message(followup)
    assert "/nouvelles/" in message
    assert not set(message) & set("\u202f\u00a0’…")
    with unit_of_work():
        note_asked(people.actor(Role.DESK), followup)
    assert followup.standing is Asking.ASKED


def test_a_way_that_is_not_there_is_refused_and_the_workshop_calls_nobody(context):
    referral = served()
    with pytest.raises(NoWayThere), unit_of_work():
        choose_way(people.actor(Role.PRESCRIBER), referral, way=NewsWay.EMAIL)
    hourly(30)
    (followup,) = followups_of(referral)
    for deed in (note_missed, note_declined, leave, note_asked):
        with pytest.raises(Forbidden), unit_of_work():
            deed(people.actor(Role.TECHNICIAN), followup)
    with pytest.raises(Forbidden), unit_of_work():
        answer(people.actor(Role.TECHNICIAN), followup, AnsweredBy.FAMILY, works=Works.YES)


def test_a_swap_is_not_asked_about_anew(context):
    ticket = troubles.swapping()
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="drawn", signature=families.drawing())
    assert hourly(30) == 1


def test_whoever_is_forgotten_is_asked_no_more_and_the_answer_stays_counted(context):
    referral = served()
    hourly(30)
    with unit_of_work():
        erase_beneficiaries([referral.beneficiary_id])
    assert hourly(180) == 0
    assert short_message(followups_of(referral)[0]) is None
    assert to_call() is None


def test_a_way_that_is_chosen_later_holds_for_what_is_open(context):
    asked, unwilling, silent = served(NewsWay.PHONE), served(NewsWay.PHONE, first_name="Ana"), served(None, first_name="Bao")
    hourly(30)
    prescriber = people.actor(Role.PRESCRIBER)
    with unit_of_work():
        choose_way(prescriber, unwilling, way=NewsWay.NEVER)
    assert followups_of(unwilling)[0].standing is Asking.DECLINED, "whoever wants no question is not called"
    with unit_of_work():
        choose_way(prescriber, silent, way=NewsWay.PHONE)
    assert followups_of(silent)[0].way is NewsWay.PHONE
    before = len(promised())
    with unit_of_work():
        choose_way(prescriber, asked, way=NewsWay.PARTNER)
    (followup,) = followups_of(asked)
    assert (followup.way, followup.standing) == (NewsWay.PARTNER, Asking.ASKED)
    assert [each["followup_id"] for each in promised()[before:]] == [followup.id]
    assert to_call() is followups_of(silent)[0]


def test_trouble_after_a_swap_is_of_the_device_that_the_family_has_now(context):
    ticket = troubles.swapping()
    referral, former = ticket.referral, ticket.device
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), ticket.swap, place="Accueil", signature_kind="drawn", signature=families.drawing())
    another = families.waiting(first_name="Ana")
    evidence.fire(former, "accept", "finish_erasure", "start_tests")
    evidence.pass_checks(former)
    evidence.fire(former, "pass_tests")
    with unit_of_work():
        theirs = allocate(people.actor(Role.COORDINATOR), another, former)
    with unit_of_work():
        hand_over(people.actor(Role.COORDINATOR), theirs, place="Accueil", signature_kind="drawn", signature=families.drawing())
    hourly(30)
    (followup,) = followups_of(referral)
    with unit_of_work():
        answer(SERVICE, followup, AnsweredBy.FAMILY, works=Works.NO)
    assert followup.ticket.device == ticket.swap.device, "not of the one that another family has"


def test_an_answer_that_comes_while_the_hour_is_looked_after_stays(context, monkeypatch):
    referral = served(NewsWay.EMAIL, phone=None, email="zoe@famille.example")
    hourly(30)
    (followup,) = followups_of(referral)
    with unit_of_work():
        answer(SERVICE, followup, AnsweredBy.FAMILY, works=Works.YES)
    for name in ("to_remind", "to_leave"):
        monkeypatch.setattr(actions, name, lambda _day: [followup])
    assert hourly(30) == 0
    assert (followup.standing, followup.reminded_at) == (Asking.ANSWERED, None)
