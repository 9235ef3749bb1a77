"""The letter that really leaves, the page that it opens, the telephone's, the partner's, and the figures."""

import datetime as dt
import re

import pytest

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import run_due
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import at, now, today
from refurb.referrals.followup.actions import choose_way, plan_followups
from refurb.referrals.followup.models import Followup
from refurb.referrals.followup.words import Asking, NewsWay
from tests.support.mailbox import open_mailbox
from tests.support.story import families, people


def asked(way, **changes):
    """The question that a family is asked a month later."""
    referral = families.handed_over(**changes).allocation.referral
    with unit_of_work():
        choose_way(people.actor(Role.PRESCRIBER), referral, way=way)
    with at(now() + dt.timedelta(days=30)), unit_of_work():
        plan_followups()
    return referral


def standing(app):
    with app.app_context():
        return [(each.standing, each.works, each.uses) for each in db.session.query(Followup)]


@pytest.mark.both_databases
def test_the_letter_leaves_by_a_mail_server_and_its_link_is_answered_once(make_app):
    with open_mailbox() as box:
        app = make_app(smtp_url=f"smtp://127.0.0.1:{box.port}")
        with app.app_context():
            people.settle()
            asked(NewsWay.EMAIL, phone=None, email="zoe@famille.example")
            with at(now() + dt.timedelta(days=30)):
                run_due()
        letter = box.next_for("zoe@famille.example")
    text = letter.get_content()
    assert "Zoë" not in text
    assert "OR-" not in text
    path = re.search(r"/nouvelles/\S+", text)[0]
    client = app.test_client()
    page = client.get(path)
    assert page.status_code == 200
    assert "Zoë" not in page.text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]
    assert client.post(path, data={"csrf_token": token}).status_code == 422
    told = {"csrf_token": token, "works": "yes", "uses": ["rights", "school"], "helps": "much"}
    assert client.post(path, data=told).status_code == 303
    assert standing(app) == [(Asking.ANSWERED, "yes", ["rights", "school"])]
    assert "Merci" in client.get(path).text
    assert client.post(path, data={**told, "works": "no"}).status_code == 409
    assert client.get(f"{path}x").status_code == 404


def test_whoever_calls_reads_the_number_and_the_questions(app, signed_in):
    with app.app_context():
        asked(NewsWay.PHONE)
        number = db.session.query(Followup).one().id
        db.session.remove()
    desk = signed_in(Role.DESK)
    assert f"/suivi/{number}" in desk.get("/suivi").text
    page = desk.get(f"/suivi/{number}").text
    assert "06 12 34 56 78" in page.replace("\u202f", " ").replace("\u00a0", " ")
    assert "/nouvelles/" in page
    assert "Zoë" not in page
    assert desk.submit(f"/suivi/{number}/pas-joint").status_code == 303
    assert desk.submit(f"/suivi/{number}", {}).status_code == 422
    assert desk.submit(f"/suivi/{number}", {"works": "yes", "next_need": "learning"}).status_code == 303
    assert standing(app) == [(Asking.ANSWERED, "yes", [])]
    assert desk.submit(f"/suivi/{number}", {"works": "no"}).status_code == 409
    assert "La famille" not in desk.get("/suivi.csv?etat=closes").text
    assert signed_in(Role.TECHNICIAN).get("/suivi").status_code == 403


@pytest.mark.both_databases
def test_a_prescriber_chooses_the_way_and_answers_for_her_family_only(app, signed_in):
    with app.app_context():
        reference = asked(NewsWay.PARTNER).reference
        number = db.session.query(Followup).one().id
        other = families.waiting(first_name="Yanis").reference
        db.session.remove()
    prescriber = signed_in(Role.PRESCRIBER)
    assert f"/orientations/{reference}/nouvelles/{number}" in prescriber.get(f"/orientations/{reference}").text
    assert prescriber.get(f"/orientations/{other}/nouvelles/{number}").status_code == 404
    assert prescriber.submit(f"/orientations/{reference}/nouvelles", {"way": "email"}).status_code == 409
    assert prescriber.submit(f"/orientations/{reference}/nouvelles", {"way": "phone"}).status_code == 303
    assert prescriber.submit(f"/orientations/{reference}/nouvelles/{number}", {"works": "trouble"}).status_code == 303
    assert standing(app) == [(Asking.ANSWERED, "trouble", [])]


@pytest.mark.both_databases
def test_the_json_door_tells_a_question_and_takes_its_answer_once(app, signed_in):
    with app.app_context():
        reference = asked(NewsWay.PHONE).reference
        number = db.session.query(Followup).one().id
        db.session.remove()
    desk, address = signed_in(Role.DESK), f"/api/v1/followups/{number}"
    told = desk.get(address).json
    assert (told["referral"], told["standing"], told["works"]) == (reference, "to_ask", None)
    headers = {"X-CSRFToken": desk.token()}
    assert desk.post(f"{address}/answer", json={"works": "maybe"}, headers=headers).status_code == 422
    answered = desk.post(f"{address}/answer", json={"works": "yes", "uses": ["school"]}, headers=headers).json
    assert (answered["standing"], answered["answered_by"], answered["uses"]) == ("answered", "staff", ["school"])
    assert desk.post(f"{address}/answer", json={"works": "no"}, headers=headers).status_code == 409
    assert signed_in(Role.TECHNICIAN).get(address).status_code == 403


def test_figures_tell_how_few_were_asked_and_nothing_more(app, signed_in):
    with app.app_context():
        asked(NewsWay.PARTNER)
        year, this_year = db.session.query(Followup).one().due_on.year, today().year
        db.session.remove()
    coordinator = signed_in(Role.COORDINATOR)
    page = coordinator.get(f"/suivi/chiffres?annee={year}").text
    assert coordinator.get("/suivi/chiffres?annee=99999").status_code == 200
    assert coordinator.get("/api/v1/followups/figures").status_code == 200
    assert coordinator.get("/api/v1/followups").status_code == 200
    assert coordinator.get("/suivi/chiffres.csv").status_code == 200
    if year == this_year:
        assert "moins de 5" in page
    assert signed_in(Role.DESK).get("/suivi/chiffres").status_code == 403
    # Outside, a year that goes on would be told anew each day.
    observer = signed_in(Role.OBSERVER)
    assert observer.get("/api/v1/followups/figures").json["year"] == this_year - 1
    assert f"année {this_year - 1}" in observer.get(f"/suivi/chiffres?annee={this_year}").text.replace("\u00a0", " ")
    assert observer.get("/suivi/chiffres.csv").status_code == 200
