"""The counter's page without a script: a whole loan and back, and what is told when something is wrong."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.terms import loan_policy
from refurb.lending.words import ItemState, LoanState
from tests.lending.counter.pressing import answered, lying, pressed, scanned, signed
from tests.lending.reserving import reserved
from tests.support.story import desk


@pytest.fixture
def agent(signed_in):
    return signed_in(Role.DESK)


@pytest.fixture
def story(app):
    with app.app_context():
        return {"kit": desk.kit().code, "who": desk.borrower().code, "other": desk.borrower("Berthe Seconde").code}


def count(app, model=Loan):
    with app.app_context():
        return db.session.query(model).count()


def test_what_somebody_has_at_home_is_told_until_it_lies_here(agent, story, app):
    with app.app_context():
        desk.lent(db.session.query(Item).one(), db.session.query(Borrower).filter_by(code=story["who"]).one())
    assert "A 1 autre matériel, à l’heure" in scanned(agent, story["who"]).text
    assert "autre matériel" not in scanned(agent, story["kit"]).text


def test_a_whole_loan_by_the_counter_and_back(agent, story, app):
    page = scanned(agent, story["who"], story["kit"].lower())
    assert "Aïcha N" in page.text
    assert not re.search(r'type="radio"[^>]* checked', page.text), "nothing is chosen in advance"
    assert "Convention de prêt" in agent.get("/comptoir/convention").text
    number = re.search(r'value="all:(\d+)"', page.text)[1]
    pressed(agent, f"all:{number}")
    page = agent.get("/comptoir")
    assert len(re.findall(r'value="complete" checked', page.text)) == 3
    done = agent.submit("/comptoir", lying(page) | signed(page) | {"do": "record"})
    assert done.status_code == 303, done.text
    assert "signée" in agent.get("/comptoir").text
    with app.app_context():
        loan = db.session.query(Loan).one()
        assert loan.is_signed
        cable = loan.lines[0].counts[1].id
    page = scanned(agent, story["kit"])
    line = re.search(r'value="remove:(\d+)"', page.text)[1]
    told = answered(page) | {f"c{line}-{cable}": "missing", f"n{line}-{cable}": "3", f"m{line}": "prise cassée"}
    assert pressed(agent, "record", **told).status_code == 303
    assert "Incomplet" in agent.get("/comptoir").text
    assert "Manque depuis" in agent.get(f"/materiel/{story['kit']}").text
    with app.app_context():
        assert db.session.query(Loan).one().state is LoanState.CLOSED
        assert db.session.query(LoanLine).one().note == "prise cassée"


def test_what_is_not_counted_is_named_and_what_was_drawn_is_kept(agent, story, app):
    page = scanned(agent, story["who"], story["kit"])
    refused = agent.submit("/comptoir", lying(page) | signed(page) | {"do": "record"})
    assert refused.status_code == 422
    assert "Il reste à compter" in refused.text
    assert "Tapis" in refused.text
    assert "Signé à" in refused.text
    assert count(app) == 0


@pytest.mark.parametrize("change", ["person", "item", "date", "count"])
def test_a_change_after_the_drawing_voids_it_before_the_eyes(agent, story, app, change):
    page = scanned(agent, story["who"], story["kit"])
    pressed(agent, "save", **answered(page))
    page = agent.get("/comptoir")
    assert agent.submit("/comptoir", lying(page) | signed(page) | {"do": "save"}).status_code == 303
    assert "Signé à" in agent.get("/comptoir").text
    line = re.search(r'value="remove:(\d+)"', page.text)[1]
    with app.app_context():
        other, day = desk.kit("Robots mBot n° 7").code, (today() + timedelta(days=2)).isoformat()
    if change == "person":
        scanned(agent, story["other"])
        pressed(agent, "hand-over")
    elif change == "item":
        scanned(agent, other)
    elif change == "date":
        pressed(agent, "save", **{f"d{line}": day})
    else:
        pressed(agent, "save", **{next(iter(answered(page))): "damaged"})
    shown = agent.get("/comptoir").text
    assert "annulée" in shown
    assert "<ins>" in shown or change in {"person", "item", "count"}
    assert pressed(agent, "record").status_code == 422
    assert count(app) == 0


def test_a_drawing_under_another_text_is_refused(agent, story, app):
    page = scanned(agent, story["who"], story["kit"])
    drawn = lying(page) | answered(page) | signed(page)
    refused = agent.submit("/comptoir", drawn | {"do": "record"})
    assert refused.status_code == 409, "it was counted after the drawing"
    assert count(app) == 0


@pytest.mark.parametrize("drawing", ["rien", "data:image/png;base64,AAAA"])
def test_an_unreadable_drawing_is_said_and_nothing_is_lost(agent, story, drawing):
    page = scanned(agent, story["who"], story["kit"])
    refused = agent.submit("/comptoir", lying(page) | answered(page) | {"signature": drawing, "do": "record"})
    assert refused.status_code == 409
    assert len(re.findall(r'value="complete" checked', refused.text)) == 3


def test_a_name_looks_for_people_who_are_one_press_away(agent, story):
    found = agent.submit("/comptoir", {"scan": "aicha"})
    assert f'value="person:{story["who"]}"' in found.text
    pressed(agent, f"person:{story['who']}")
    assert "trouvé par son nom" in agent.get("/comptoir").text
    nobody = agent.submit("/comptoir", {"scan": "Personne Du Tout"})
    assert "Personne Du Tout" in nobody.text


def test_another_window_that_recorded_meanwhile_is_told(agent, story):
    page = scanned(agent, story["who"], story["kit"])
    pressed(agent, "paper", **answered(page))
    old = lying(agent.get("/comptoir"))
    assert pressed(agent, "record").status_code == 303
    late = agent.submit("/comptoir", old | {"do": "record"})
    assert late.status_code == 409
    assert "entre-temps" in late.text


def test_a_press_that_is_sent_twice_is_one_loan(agent, story, app):
    page = scanned(agent, story["who"], story["kit"])
    pressed(agent, "paper", **answered(page))
    told = lying(agent.get("/comptoir")) | {"do": "record", "_key": "the same press"}
    assert [agent.submit("/comptoir", told).status_code for _twice in range(2)] == [303, 303]
    assert count(app) == 1


def test_a_code_of_something_that_is_not_lent_is_said(agent, app):
    with app.app_context():
        code = desk.ready_tablet().code
    assert 'class="heard is-stop" role="status"' in scanned(agent, code).text


def test_a_count_that_is_none_is_told_beside_its_line(agent, story, app):
    page = scanned(agent, story["who"], story["kit"])
    line = re.search(r'value="remove:(\d+)"', page.text)[1]
    told = dict.fromkeys(answered(page), "missing") | {name.replace("c", "n", 1): "beaucoup" for name in answered(page)}
    pressed(agent, "paper", **told)
    assert pressed(agent, "record").status_code == 422
    page = agent.get("/comptoir")
    assert f'id="ligne-{line}"' in page.text
    assert "field-error" in page.text
    assert count(app) == 0
    assert pressed(agent, "record", **answered(page)).status_code == 303, "corrected where it stands"
    assert count(app) == 1


def test_a_day_is_corrected_where_it_stands(agent, story, app):
    page = scanned(agent, story["who"], story["kit"])
    line = re.search(r'value="remove:(\d+)"', page.text)[1]
    pressed(agent, "paper", **answered(page))
    for typed in ("le 40 mai", "2099-12-31"):
        refused = pressed(agent, "record", **{f"d{line}": typed})
        assert refused.status_code == 422
        assert f'value="remove:{line}"' in refused.text
        fault = re.search(rf'<p class="field-error" id="d{line}-e".*?</p>', refused.text, re.DOTALL)[0]
        assert not re.search(r"\d{4}-\d\d-\d\d", fault), "a day is said in words"
    assert "field-error" in agent.get("/comptoir").text
    assert pressed(agent, "record", **{f"d{line}": ""}).status_code == 303
    assert count(app) == 1


def test_who_brings_something_without_a_card_signs_where_a_signature_is_asked_for(agent, app, monkeypatch):
    with app.app_context():
        code = desk.lent(desk.tablet()).lines[0].item.code
        policy = loan_policy()
        terms = replace(policy.terms("tablet"), return_signed=True)
    monkeypatch.setattr(type(policy), "terms", lambda _self, _category: terms)
    page = scanned(agent, code)
    assert "data-sign" in page.text
    page = agent.submit("/comptoir", lying(page) | {"do": "paper"}, follow_redirects=True)
    assert "La convention" not in page.text
    assert pressed(agent, "record", **answered(page)).status_code == 303


def test_names_stay_closed_to_whoever_has_no_second_factor_whatever_is_pressed(agent, story, app, monkeypatch):
    with app.app_context():
        desk.lent(desk.tablet(), desk.borrower("Aïcha Retard"))
    scanned(agent, story["who"], story["kit"])
    monkeypatch.setattr("refurb.accounts.queries.sees_names", lambda *_roles, **_proved: False)
    for answer in (agent.submit("/comptoir", lying(agent.get("/comptoir")) | {"scan": "aicha"}), pressed(agent, "record")):
        assert "Aïcha" not in answer.text
    found = agent.submit("/comptoir", {"scan": story["other"].lower() + " nobody"})
    assert "Seconde" not in found.text


def test_what_is_signed_under_closed_names_stands(agent, story, app, monkeypatch):
    monkeypatch.setattr("refurb.accounts.queries.sees_names", lambda *_roles, **_proved: False)
    page = scanned(agent, story["who"], story["kit"])
    pressed(agent, "save", **answered(page))
    page = agent.get("/comptoir")
    assert agent.submit("/comptoir", lying(page) | signed(page) | {"do": "record"}).status_code == 303
    assert count(app) == 1


def test_at_rest_it_says_what_to_do(agent, story, app):
    with app.app_context():
        desk.back(desk.lent(db.session.query(Item).one()))
    page = agent.get("/comptoir").text
    assert "À remettre au prêt" in page
    assert "Rangé" in page
    done = agent.submit(f"/materiel/{story['kit']}/remettre-au-pret", {})
    assert done.status_code == 303
    with app.app_context():
        assert db.session.query(Item).one().state is ItemState.AVAILABLE


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_it_is_the_desks_alone(signed_in, story, role):
    stranger = signed_in(role)
    assert stranger.get("/comptoir").status_code == 403
    assert stranger.submit("/comptoir/scan", {"code": story["kit"]}).status_code == 403
    assert stranger.submit("/comptoir", {"do": "record"}).status_code == 403


def test_what_is_reserved_goes_into_its_bag_by_one_press_and_the_reference_opens_it(agent, story, app):
    with app.app_context():
        kit = db.session.query(Item).filter_by(code=story["kit"]).one()
        who = db.session.query(Borrower).filter_by(code=story["who"]).one()
        reference = reserved(kit, who=who).reference
        db.session.remove()
    page = scanned(agent, story["who"], story["kit"])
    assert f'value="pack:{reference}"' in page.text
    assert pressed(agent, f"pack:{reference}").status_code == 303
    page = agent.get("/comptoir")
    assert "1 sur 1, et qui attend" in page.text
    assert agent.submit("/comptoir", lying(agent.get("/comptoir")) | {"do": "scan", "scan": reference.lower()}).status_code == 303
    page = agent.get("/comptoir")
    assert "1 sur 1 dans le sac" in page.text
    assert "Réservé à son nom" in page.text


def test_a_number_that_is_none_of_the_counter_names_nothing(agent, story, app):
    lying_there = scanned(agent, story["kit"])
    for number in ("9" * 5000, "9" * 25, "²", "-1"):
        for told in ({"pile": number, "do": "save"}, {"do": f"take-up:{number}"}, lying(lying_there) | {"do": f"remove:{number}"}):
            assert agent.submit("/comptoir", told).status_code < 500, (number[:30], told["do"][:20])
    assert "Robots mBot n° 3" in agent.get("/comptoir").text
