"""Whether it helped: one question, one answer, a telephone out of hand; nothing that leads from an answer to a visit."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import inspect, select

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.idempotency import AnsweredKey
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at
from refurb.visits.models import OpinionAsk, OpinionCount
from refurb.visits.opinions import WAITS, ask_opinion, give_opinion
from refurb.visits.queries import shown_opinions
from refurb.visits.rules import AnsweredAlready
from refurb.visits.words import Opinion
from tests.support.story import people
from tests.support.story.rota import NOVEMBER
from tests.support.together import at_once

DECEMBER = NOVEMBER + timedelta(days=10)


def asked():
    with unit_of_work():
        return ask_opinion(people.actor(Role.DESK), 1)


def answered(answer, times=1):
    for _ in range(times):
        token = asked()
        with unit_of_work():
            give_opinion(token, answer)


def shown():
    return shown_opinions(1, "2026-01", "2026-12")


def test_a_question_has_one_answer(autumn):
    token = asked()
    with unit_of_work():
        give_opinion(token, Opinion.MUCH)
    for answer in (Opinion.NOT, Opinion.MUCH):
        with pytest.raises(AnsweredAlready), unit_of_work():
            give_opinion(token, answer)
    assert {each.answer: each.n for each in db.session.scalars(select(OpinionCount))} == {Opinion.ASKED: 1, Opinion.MUCH: 1}
    assert db.session.scalar(select(OpinionAsk.id)) is None


def test_a_question_waits_half_an_hour(autumn):
    token = asked()
    with at(NOVEMBER + WAITS + timedelta(seconds=1)), pytest.raises(AnsweredAlready), unit_of_work():
        give_opinion(token, Opinion.MUCH)


def test_that_it_was_asked_is_no_answer(autumn):
    token = asked()
    with pytest.raises(AnsweredAlready), unit_of_work():
        give_opinion(token, Opinion.ASKED)


def test_no_row_of_an_opinion_knows_an_hour_or_a_visit(autumn):
    known = {each.name for each in inspect(OpinionCount).columns} | {each.name for each in inspect(OpinionAsk).columns}
    assert known == {"site_id", "month", "answer", "n", "id", "until"}
    answered(Opinion.SOME, 3)
    assert len(db.session.scalars(select(OpinionCount)).all()) == 2, "asked, and one answer: numbers, not rows"


def test_a_month_is_shown_once_it_is_over_and_has_five_answers(autumn):
    answered(Opinion.MUCH, 4)
    answered(Opinion.DECLINED)
    assert shown()[0] == 0, "who is on the spot would read the last answer"
    with at(DECEMBER):
        assert (shown()[0], shown()[2]) == (0, 1), "four answers are too few, and one that would rather not is none"
    answered(Opinion.NOT)
    with at(DECEMBER):
        number, opinions, left_out = shown()
        assert (number, opinions[Opinion.MUCH], opinions[Opinion.NOT], left_out) == (6, 4, 1, 0)


def test_of_two_presses_at_once_one_answers(app):
    with app.app_context(), at(NOVEMBER):
        token = asked()
        db.session.remove()
    told = at_once(app, NOVEMBER, [("press", lambda: give_opinion(token, Opinion.MUCH))] * 2)
    assert sorted(str(type(refused).__name__) for _kind, refused in told) == ["AnsweredAlready", "NoneType"]
    with app.app_context():
        assert db.session.get(OpinionCount, (1, "2026-11", Opinion.MUCH)).n == 1


def test_a_telephone_out_of_hand_opens_nothing_else(desk, app):
    lent = desk.submit("/visites/avis", {"site": "1"})
    question = lent.headers["Location"]
    page = desk.get(question)
    assert page.headers["Cache-Control"] == "no-store"
    assert "ça vous a aidé" in page.text
    assert "Yann Le Goff" not in page.text
    assert 'name="_key"' not in page.text
    for path in ("/visites", "/", "/comptoir", "/compte", "/api/v1/visits"):
        answer = desk.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, question)
    assert desk.submit(question, {}).status_code == 422
    assert desk.submit(question, {"answer": "fantastique"}).status_code == 422
    answer = desk.submit(question, {"answer": "much"})
    assert answer.status_code == 303
    assert "Merci" in desk.get(answer.headers["Location"]).text
    assert desk.submit(question, {"answer": "not"}).status_code == 410
    assert desk.get("/visites").status_code == 303, "not before it is given back"
    assert desk.submit("/avis/rendre").headers["Location"] == "/visites"
    assert desk.get("/visites").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(AnsweredKey.key)) is None, "a key would keep when, and what was answered"


def test_the_same_press_again_keeps_the_telephone_on_the_question_too(desk):
    form = re.search(r'<form[^>]* action="/visites/avis".*?</form>', desk.get("/visites").text, re.DOTALL)[0]
    told = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert set(told) == {"csrf_token", "site"}, "a first answer that is given again would keep nothing in the session"
    for _press in range(2):
        question = desk.post("/visites/avis", data=told).headers["Location"]
        assert desk.get("/visites").headers["Location"] == question
        with desk.session_transaction() as kept:
            del kept["lent"]


def test_whoever_would_rather_not_answer_says_so_in_one_press(desk, app):
    question = desk.submit("/visites/avis", {"site": "1"}).headers["Location"]
    assert desk.submit(question, {"rien": "1"}).status_code == 303
    with app.app_context():
        assert {each.answer for each in db.session.scalars(select(OpinionCount))} == {Opinion.ASKED, Opinion.DECLINED}


@pytest.mark.parametrize("site", ["", "9999", "abc", "9" * 40])
def test_a_place_that_is_none_is_not_asked_about(desk, site):
    assert desk.submit("/visites/avis", {"site": site}).status_code == 422


def test_a_link_that_is_none_of_ours_lets_go(desk):
    with desk.session_transaction() as kept:
        kept["lent"] = "broken"
    assert desk.get("/avis/broken").status_code == 404
    assert desk.get("/visites").status_code == 200
