"""The thread of a referral: what is asked, answered and said, and by whom; nothing of it in the history."""

import pytest
from sqlalchemy.exc import IntegrityError

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import last_event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Forbidden, WrongState
from refurb.referrals.cases.actions import write_word
from refurb.referrals.cases.rules import ThreadClosed
from refurb.referrals.cases.thread import open_question, thread_of
from refurb.referrals.models import Message, Referral
from refurb.referrals.words import MessageKind, ReferralState
from tests.support.story import families, people

K = MessageKind


def said(referral):
    return [(each.kind, each.by_partner, each.text) for each in thread_of(referral)]


def write(referral, actor, word):
    with unit_of_work():
        return write_word(actor, referral, word=word)


def test_two_questions_and_their_answers_stay_newest_first_and_out_of_the_history(context):
    prescriber, coordinator = people.actor(Role.PRESCRIBER), people.actor(Role.COORDINATOR)
    referral = families.submitted()
    sent = referral.submitted_at
    for number in (1, 2):
        families.fire(referral, "ask", question=f"Question {number} ?")
        assert open_question(referral).text == f"Question {number} ?"
        families.fire(referral, "answer", prescriber, answer=f"Réponse {number}.")
    assert open_question(referral) is None
    with pytest.raises(WrongState):
        families.fire(referral, "answer", prescriber, answer="Encore.")
    write(referral, prescriber, "Elle vient en bus.")
    assert last_event(referral).facts == {"by_partner": True}
    write(referral, coordinator, "C'est noté.")

    assert said(referral) == [
        (K.WORD, False, "C'est noté."),
        (K.WORD, True, "Elle vient en bus."),
        (K.ANSWER, True, "Réponse 2."),
        (K.QUESTION, False, "Question 2 ?"),
        (K.ANSWER, True, "Réponse 1."),
        (K.QUESTION, False, "Question 1 ?"),
    ]
    assert (referral.state, referral.submitted_at) == (ReferralState.SUBMITTED, sent), "the rank is kept"

    with pytest.raises(Forbidden):
        write(referral, people.actor(Role.TECHNICIAN), "Bonjour.")
    families.fire(referral, "withdraw", prescriber)
    with pytest.raises(ThreadClosed):
        write(referral, prescriber, "Trop tard.")
    with pytest.raises(Conflict) as refused, unit_of_work() as session:
        session.add(Message(referral_id=referral.id, kind=K.QUESTION, by_partner=True, at=now(), text="?"))
    assert isinstance(refused.value.__cause__, IntegrityError)


def test_the_open_question_is_answered_on_the_page_of_the_file(app, signed_in):
    with app.app_context():
        referral = families.submitted()
        families.fire(referral, "ask", question="Depuis quand ?")
        address = f"/orientations/{referral.reference}"
    client = signed_in(Role.PRESCRIBER)
    shown = client.get(address).text
    assert shown.index("Depuis quand") < shown.index("La personne")
    empty = client.submit(address, {"answer": ""})
    assert (empty.status_code, "f-answer-e" in empty.text) == (422, True)

    # What is typed is kept, and comes back on this page.
    kept = client.submit("/saisie", {"answer": "Depuis mars", "_page": address})
    assert kept.status_code in (200, 204)
    assert "Vous aviez commencé ce formulaire" in client.get(address).text

    assert client.submit(address, {"answer": "Depuis mars."}, follow_redirects=True).status_code == 200
    late = client.submit(address, {"answer": "Depuis avril."})
    assert (late.status_code, "Depuis avril." in late.text) == (409, True)
    assert client.submit(address, {"word": "Elle vient en bus."}).status_code == 303
    thread = client.get(f"/api/v1{address.replace('orientations', 'referrals')}").json["thread"]
    assert [each["text"] for each in thread] == ["Elle vient en bus.", "Depuis mars.", "Depuis quand ?"]
    with app.app_context():
        assert db.session.scalar(db.select(Referral.state)) is ReferralState.SUBMITTED


def test_a_prescriber_looks_through_her_own_people_alone(app, signed_in):
    with app.app_context():
        mine, theirs = families.submitted().reference, families.submitted(people.other_prescriber(), first_name="Ana").reference
    client = signed_in(Role.PRESCRIBER)
    for typed, found in (("zoe", True), ("o'neil", True), ("06 12 34 56 78", True), (mine, True), ("silva", False)):
        page = client.get("/orientations", query_string={"q": typed}).text
        assert (mine in page, theirs in page) == (found, False), typed
    # The office looks through no names here.
    assert mine not in signed_in(Role.COORDINATOR).get("/orientations?q=zoe").text
