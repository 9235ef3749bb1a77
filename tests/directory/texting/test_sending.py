"""Short messages from a deed to the provider: who is sent one, when, once, and what is said where nobody knows."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from refurb.ceremonies.guests.actions import send_all
from refurb.directory.texting import hook as hooks
from refurb.directory.texting.models import SmsFate, SmsSending
from refurb.directory.texting.policy import SMS
from refurb.directory.texting.queries import sms_counts
from refurb.directory.texting.sending import reference_of
from refurb.documents.outbox import retry
from refurb.documents.stops import stop_address
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import Effect
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, from_wall
from refurb.kernel.speech.errors import Invalid
from refurb.lending.borrowers.sms import choose_sms
from refurb.lending.models import Borrower
from refurb.lending.reminders.text_messages import text_recall
from refurb.referrals.cases.sms import choose_sms as choose_sms_of_family
from refurb.referrals.cases.sms import refuse_sms as refuse_sms_of_family
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.text_messages import text_news
from refurb.referrals.followup.words import Asking, NewsWay
from refurb.referrals.handovers.words import InvitedBy
from tests.directory.texting.sending import LANDLINE, MOBILE, listening, noon, sends, worked
from tests.lending.recalls.test_recall import recalled
from tests.lending.reminders.test_reminders import lent_to, remind
from tests.referrals.followup.test_news_pages import asked
from tests.support.story import appointments, desk, families, gala, people

REMIND = "sms_remind_borrower"
pytestmark = pytest.mark.usefixtures("client")  # On one database; what could differ between them is marked.


def promised(kind=REMIND):
    return db.session.scalars(select(Effect).where(Effect.kind == kind).order_by(Effect.id)).all()


def late_loan(phone=MOBILE, email=None):
    """A borrower who is late, was promised a reminder today, and is reached so."""
    loan = lent_to(late=1, email=email)
    with unit_of_work():
        loan.borrower.phone = phone
    remind()
    return loan.borrower


def faults(kind=REMIND):
    return [each.fault for each in promised(kind)]


def fates():
    return [(each.fate, each.tries) for each in db.session.scalars(select(SmsSending).order_by(SmsSending.key))]


def test_who_has_a_mobile_and_no_address_is_texted_once(context, caplog):
    sends("loans")
    with listening() as provider:
        borrower = late_loan()
        worked(noon())
        worked(noon(1))
        (sent,) = provider.messages
    assert sent.startswith("Bonjour, du matériel emprunté est à rendre : 1. Voir, prolonger : http")
    assert provider.asked[0]["fields"]["to"] == "0033639981234"
    assert borrower.name not in sent
    assert (faults(), fates()) == ([None], [(SmsFate.TAKEN, 1)])
    assert MOBILE[3:] not in caplog.text
    assert "matériel" not in caplog.text
    (count,) = sms_counts()
    assert (count.messages, count.parts, count.unknown) == (1, 2, 0)
    assert count.cost == pytest.approx(0.14)


@pytest.mark.parametrize(
    ("way", "phone", "email", "why"),
    [
        ("no_email", MOBILE, "a@chez.example", "sms.has_email"),
        ("also", MOBILE, "a@chez.example", None),
        ("also", LANDLINE, None, "sms.not_mobile"),
        ("also", None, "a@chez.example", "letter.nobody"),
    ],
)
def test_the_policy_says_who_is_sent_one_and_a_landline_never_is(context, way, phone, email, why):
    sends("loans", way=way)
    with listening() as provider:
        late_loan(phone, email)
        worked(noon())
        assert len(provider.messages) == (why is None)
    assert faults() == [why]


def test_a_territory_that_sends_none_promises_none(context):
    late_loan()
    assert promised() == []


def test_who_said_stop_is_sent_none_until_she_wants_some_again(context):
    sends("loans")
    with listening() as provider:
        borrower = late_loan()
        with unit_of_work():
            choose_sms(people.actor(Role.DESK), borrower, wanted=False)
        worked(noon())
        assert (provider.messages, faults()) == ([], ["sms.opted_out"])


def test_the_link_says_stop_for_who_holds_it_and_writes_by_a_press_alone(context, app, client):
    borrower = late_loan()
    path = stop_address(Borrower.KIND, borrower.id).partition("://")[2].partition("/")[2]
    assert "Ne plus m’envoyer de SMS" in client.get(f"/{path}").text
    assert db.session.get(Borrower, borrower.id).sms_refused_at is None
    client.submit(f"/{path}", {})
    assert "C’est noté" in client.get(f"/{path}").text
    db.session.expire_all()
    assert db.session.get(Borrower, borrower.id).sms_refused_at is not None
    assert client.get(f"/{path[:-3]}abc").status_code == 404
    assert client.get(f"/{path.replace('borrower', 'referral')}").status_code == 404


@pytest.mark.both_databases
def test_what_nobody_answered_is_unknown_and_goes_again_by_a_person_alone(context, monkeypatch):
    monkeypatch.setattr(hooks, "PATIENCE", 0.2)
    sends("loans")
    with listening(manner="never") as provider:
        late_loan()
        worked(noon())
        worked(noon(1))
        assert len(provider.asked) == 1, "nobody tried again"
        assert (faults(), fates()) == (["sms.unknown"], [(SmsFate.UNKNOWN, 1)])
        (planned,) = promised()
        assert planned.given_up_at is not None
        assert sms_counts()[0].unknown == 1
        provider.manner = "answer"
        with at(noon(1)), unit_of_work():
            retry(people.actor(Role.ADMIN), planned)
        worked(noon(1))
        assert (faults(), fates()) == ([None], [(SmsFate.TAKEN, 2)])
        first, second = (each["fields"]["tag"] for each in provider.asked)
        assert first == second == reference_of(db.session.scalars(select(SmsSending.key)).one())
        (count,), sent = sms_counts(), db.session.scalars(select(SmsSending)).one()
        assert (count.messages, count.parts) == (1, 2 * sent.parts), "it may have been taken both times, and be billed twice"
        assert count.cost == pytest.approx(2 * sent.parts * sent.price / 10_000)


@pytest.mark.both_databases
def test_what_was_on_the_line_when_the_worker_died_is_unknown(context):
    sends("loans")
    with listening() as provider:
        late_loan()
        worked(noon())
        (planned,) = promised()
        with unit_of_work():
            db.session.scalars(select(SmsSending)).one().fate = SmsFate.SENDING
            planned.done_at, planned.due_at = None, noon()
        worked(noon())
        assert (len(provider.asked), faults(), fates()) == (1, ["sms.unknown"], [(SmsFate.UNKNOWN, 1)])


def test_what_was_surely_not_taken_is_tried_again_and_costs_nothing(context):
    sends("loans")
    with listening(status=429, text="slower") as provider:
        late_loan()
        worked(noon())
        assert faults() == ["sms.try_later 429"]
        assert sms_counts() == []
        provider.status, provider.text = 200, '{"status": 100}'
        worked(noon() + timedelta(minutes=11))
        assert (faults(), fates()) == ([None], [(SmsFate.TAKEN, 2)])


@pytest.mark.parametrize("status", [401, 402, 404])
def test_what_the_administrator_alone_can_mend_waits_for_it(context, status):
    sends("loans")
    with listening(status=status, text="no"):
        late_loan()
        for days in range(5):
            for minutes in range(0, 60, 11):
                worked(noon(days) + timedelta(minutes=minutes))
    assert (faults(), promised()[0].given_up_at) == ([f"sms.refuses_us {status}"], None)
    with at(noon(4) + timedelta(minutes=56)), listening() as mended:
        worked(noon(4) + timedelta(minutes=57))
        assert len(mended.messages) == 1, "what took a message wakes what waited, before its next turn"


def test_a_provider_that_hangs_holds_up_one_message_alone(context, monkeypatch):
    monkeypatch.setattr(hooks, "PATIENCE", 0.2)
    sends("loans")
    with listening(manner="never") as provider:
        late_loan(), late_loan()
        worked(noon())
        assert len(provider.asked) == 1
        assert sorted(faults()) == ["sms.provider_silent", "sms.unknown"]
        provider.manner = "answer"
        worked(noon() + timedelta(minutes=11))
        assert sorted(map(str, faults())) == ["None", "sms.unknown"]


def test_without_a_provider_it_waits_and_nothing_is_lost(context):
    sends("loans")
    late_loan()
    worked(noon())
    assert faults() == ["sms.no_provider"]
    with at(noon() + timedelta(minutes=2)), listening() as provider:
        worked(noon() + timedelta(minutes=3))
        assert len(provider.messages) == 1


def test_a_demonstration_writes_it_and_sends_none(context, app):
    sends("loans")
    with listening() as provider:
        late_loan()
        app.config["DEMO"] = True
        worked(noon())
        assert provider.messages == []
    (planned,) = promised()
    assert "matériel emprunté" in planned.written["text"]
    assert planned.written["subject"] == "2 SMS"


@pytest.mark.parametrize(
    ("asked", "leaves"),
    [
        ("2027-03-02T10:00", "2027-03-02T10:00"),
        ("2027-03-02T06:30", "2027-03-02T08:00"),
        ("2027-03-02T20:00", "2027-03-03T08:00"),
        ("2027-03-06T21:00", "2027-03-08T08:00"),  # A Saturday evening: not on Sunday.
        ("2027-03-07T12:00", "2027-03-08T08:00"),
        ("2027-03-28T12:00", "2027-03-30T08:00"),  # Easter Sunday, the day the clocks change; Monday is a holiday.
        ("2027-12-24T20:30", "2027-12-27T08:00"),
    ],
)
def test_no_telephone_rings_at_night_nor_on_a_sunday(context, asked, leaves):
    found = SMS.in_force().next_moment(from_wall(datetime.fromisoformat(asked)))
    assert found == from_wall(datetime.fromisoformat(leaves))
    assert found.tzinfo is UTC


def test_a_family_that_was_invited_by_sms_is_texted_and_reminded_on_the_eve(context):
    sends("handovers")
    slot = appointments.opened()[0]
    allocation = families.allocated(phone=MOBILE, email=None)
    with listening() as provider:
        with at(noon()):
            invitation = appointments.invite_to(allocation, InvitedBy.SMS)
            worked(noon())
            appointments.chosen(invitation, slot)
        worked(noon())
        worked(slot.starts_at - timedelta(hours=4))
        worked(slot.starts_at + timedelta(hours=4))
        invited, chosen, eve = provider.messages
    assert "votre appareil vous attend" in invited
    assert chosen.partition("http")[0] == eve.partition("http")[0]
    assert chosen.startswith("Rendez-vous ")
    for each in provider.messages:
        assert families.FACTS["last_name"] not in each


def test_a_reminder_that_comes_too_late_is_not_sent(context):
    sends("handovers")
    slot = appointments.opened()[0]
    allocation = families.allocated(phone=MOBILE, email=None)
    with listening() as provider:
        with at(noon()):
            appointments.chosen(appointments.invite_to(allocation, InvitedBy.SMS), slot)
        worked(slot.starts_at + timedelta(hours=1))
        assert provider.messages == []


def test_stop_is_of_the_person_whichever_of_her_files(context):
    sends("handovers")
    allocation = families.allocated(phone=MOBILE, email=None)
    with at(noon()), listening() as provider:
        appointments.invite_to(allocation, InvitedBy.SMS)
        with unit_of_work():
            choose_sms_of_family(people.actor(Role.COORDINATOR), allocation.referral, wanted=False)
        worked(noon())
        assert (provider.messages, faults("sms_mail_handover_invitation")) == ([], ["sms.opted_out"])


def test_stop_holds_for_every_file_of_the_number(context):
    sends("loans")
    family = families.allocated(phone=MOBILE, email=None).referral
    with listening() as provider:
        late_loan()
        with unit_of_work():
            refuse_sms_of_family(family.id)
        worked(noon())
        assert (provider.messages, faults()) == ([], ["sms.opted_out"])


@pytest.mark.parametrize(("phone", "stopped", "code"), [(LANDLINE, False, "sms.not_mobile"), (MOBILE, True, "sms.opted_out")])
def test_no_message_is_promised_that_would_not_leave(context, phone, stopped, code):
    sends("handovers")
    allocation = families.allocated(phone=phone, email=None)
    if stopped:
        with unit_of_work():
            refuse_sms_of_family(allocation.referral.id)
    with at(noon()), pytest.raises(Invalid) as refused:
        appointments.invite_to(allocation, InvitedBy.SMS)
    assert [each.code for each in refused.value.fields["invited_by"]] == [code]


@pytest.mark.both_databases
@pytest.mark.parametrize("change", ["parts = 0", "price = -1", "fate = 'lost'", "kind = 'adverts'"])
def test_the_database_refuses_what_is_no_message(context, change):
    with unit_of_work():
        db.session.add(SmsSending(key="k", kind="loans", month="2026-11", fate="taken", parts=1, price=700, at=noon()))
    with pytest.raises(IntegrityError), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE sms_sendings SET {change}"))


def test_a_family_without_an_address_is_invited_to_a_ceremony_by_sms(context):
    sends("ceremonies")
    allocation = families.allocated(phone=MOBILE, email=None)
    with listening() as provider:
        with at(noon()):
            ceremony = gala.planned(allocation)
            with unit_of_work():
                assert send_all(people.actor(Role.COORDINATOR), ceremony) == 1
        worked(noon() + timedelta(hours=1))
        (invited,) = provider.messages
        worked(ceremony.starts_at + timedelta(hours=1))
    assert invited.startswith("Bonjour, votre ordinateur vous attend")
    for hidden in (families.FACTS["last_name"], allocation.device.code):
        assert hidden not in " ".join(provider.messages)


def test_who_chose_the_telephone_is_asked_for_news_by_sms_beside_the_call(context):
    sends("news")
    asked(NewsWay.PHONE)
    (planned,) = promised("sms_ask_news")
    told = text_news(**planned.facts)
    assert told.to == "+33612345678"
    assert "votre ordinateur marche-t-il toujours" in told.text
    assert (told.has_email, db.session.query(Followup).one().standing) == (False, Asking.TO_ASK)


def test_a_recall_is_texted_without_saying_of_what(context):
    sends("recalls")
    borrower = late_loan()
    loan = desk.lent(desk.tablet(), borrower)
    recalled(loan)
    (planned,) = promised("sms_mail_recall")
    told = text_recall(**planned.facts)
    assert told.text.startswith("Bonjour, nous avons besoin")
    assert loan.lines[0].item.name not in told.text
