"""The counter's pages, pressed as a desk agent would: a whole loan without a script, and what is told when something is wrong."""

import base64
import io
import re
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import today
from refurb.lending.models import Borrower, Item, Loan, LoanLine
from refurb.lending.words import ItemState, LoanState
from tests.support.story import desk


def drawn(*, ink=True):
    picture = Image.new("RGBA", (300, 120), (0, 0, 0, 0))
    if ink:
        ImageDraw.Draw(picture).line([(20, 90), (120, 30), (260, 80)], fill="black", width=3)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()


@pytest.fixture
def agent(signed_in):
    return signed_in(Role.DESK)


@pytest.fixture
def story(app):
    with app.app_context():
        tablet, who = desk.tablet(), desk.borrower()
        kit = desk.kit()
        codes = {"tablet": tablet.code, "kit": kit.code, "who": who.code}
        codes["parts"] = [each.id for each in tablet.components]
        codes["kit_parts"] = [each.id for each in kit.components]
    return codes


def answers(parts, state="complete"):
    return {f"c{each}": state for each in parts}


def departing(story, **more):
    return {"emprunteur": story["who"], "article": [story["tablet"]], "do": "lend", "on_paper": "1"} | answers(story["parts"]) | more


def test_a_whole_loan_by_the_counter_and_back(agent, story, app):
    opened = agent.get(f"/comptoir?code={story['who']}")
    assert opened.headers["Location"].endswith(f"/prets/nouveau?emprunteur={story['who']}")
    assert "Aïcha N" in agent.get(opened.headers["Location"]).text
    scanned = agent.submit("/prets/nouveau", {"emprunteur": story["who"], "scan": story["tablet"].lower()})
    assert f'name="article" value="{story["tablet"]}"' in scanned.text
    assert not re.search(r'type="radio"[^>]* checked', scanned.text), "nothing is chosen in advance"
    all_there = agent.submit("/prets/nouveau", {"emprunteur": story["who"], "article": [story["tablet"]], "do": "all"})
    assert len(re.findall(r'value="complete" checked', all_there.text)) == 3
    done = agent.submit("/prets/nouveau", departing(story, due_on=""))
    assert done.status_code == 303, done.text
    shown = agent.get(done.headers["Location"]).text
    assert "Prêté, à signer" in shown
    assert agent.get(done.headers["Location"] + "/convention.pdf").status_code == 404
    back = agent.get(f"/comptoir?code={story['tablet']}")
    assert back.headers["Location"].endswith(f"/prets/retour/{story['tablet']}")
    page = agent.get(back.headers["Location"]).text
    assert "Parti : 1 sur 1, complet" in page.replace("\u00a0", " ")
    with app.app_context():
        counts = [each.id for each in db.session.query(LoanLine).one().counts]
    over = agent.submit(back.headers["Location"], answers(counts) | {f"c{counts[1]}": "missing", "do": "take_back", "note": "prise cassée"})
    assert over.headers["Location"] == "/comptoir"
    assert "rendu incomplet" in agent.get("/comptoir").text
    assert "Manque depuis" in agent.get(f"/materiel/{story['tablet']}").text
    with app.app_context():
        assert db.session.query(Loan).one().state is LoanState.CLOSED
        assert db.session.query(Item).filter_by(code=story["tablet"]).one().state is ItemState.INCOMPLETE


def test_a_drawn_signature_is_kept_and_printed(agent, story, app):
    shown = agent.submit("/prets/nouveau", departing(story, do="scan")).text
    bound = {name: re.search(rf'name="{name}" value="([^"]*)"', shown)[1] for name in ("shown", "due_shown")}
    told = departing(story, signature=drawn(), due_on=bound["due_shown"]) | bound | {"on_paper": []}
    done = agent.submit("/prets/nouveau", told)
    assert done.status_code == 303, done.text
    with app.app_context():
        assert len(db.session.query(Loan).one().signature_file) == 64


@pytest.mark.parametrize("signature", ["", drawn(ink=False), "data:image/png;base64,AAAA", "rien"])
def test_without_a_signature_nothing_leaves_and_what_was_counted_is_kept(agent, story, app, signature):
    refused = agent.submit("/prets/nouveau", departing(story, signature=signature) | {"on_paper": []})
    assert refused.status_code == 422
    assert len(re.findall(r'value="complete" checked', refused.text)) == 3
    assert 'href="#f-signature"' in refused.text
    with app.app_context():
        assert db.session.query(Loan).count() == 0


def test_something_not_counted_is_named(agent, story):
    told = departing(story)
    del told[f"c{story['parts'][2]}"]
    refused = agent.submit("/prets/nouveau", told)
    assert refused.status_code == 422
    assert "Il reste à compter" in refused.text
    assert "Housse" in refused.text


@pytest.mark.parametrize(("days", "field"), [(400, True), (-1, True), (0, True)])
def test_a_wrong_day_is_told_beside_the_date_and_kept(agent, story, days, field):
    day = today_plus(agent, days)
    refused = agent.submit("/prets/nouveau", departing(story, due_on=day))
    assert refused.status_code == 422
    assert f'value="{day}"' in refused.text
    assert 'id="f-due_on-e"' in refused.text


def today_plus(agent, days):
    with agent.application.app_context():
        return (today() + timedelta(days=days)).isoformat()


def test_nonsense_in_the_form_is_refused_without_a_trace(agent, story, app):
    for nonsense in (
        {f"c{story['parts'][0]}": "exploded"},
        {"due_on": "1900-01-01"},
        {f"c{story['parts'][0]}": "missing", f"n{story['parts'][0]}": "9"},
    ):
        assert agent.submit("/prets/nouveau", departing(story) | nonsense).status_code in {422, 409}, nonsense
    with app.app_context():
        assert db.session.query(Loan).count() == 0


def test_a_scan_of_what_is_out_says_when_it_is_due_but_not_who_has_it(agent, story, app):
    with app.app_context():
        desk.lent(db.session.query(Item).filter_by(code=story["tablet"]).one(), desk.borrower("Berthe Première"))
    refused = agent.submit("/prets/nouveau", {"emprunteur": story["who"], "scan": story["tablet"]})
    assert refused.status_code == 409
    assert "en prêt depuis le" in refused.text
    assert "Berthe" not in refused.text


def test_a_scan_of_nonsense_keeps_what_was_scanned_before(agent, story):
    refused = agent.submit("/prets/nouveau", {"emprunteur": story["who"], "article": [story["tablet"]], "scan": "zzzzzzz"})
    assert refused.status_code == 422
    assert f'name="article" value="{story["tablet"]}"' in refused.text


def test_an_item_can_be_put_back(agent, story):
    page = agent.submit(
        "/prets/nouveau", {"emprunteur": story["who"], "article": [story["tablet"], story["kit"]], "do": f"remove:{story['kit']}"}
    )
    assert story["kit"] not in page.text
    assert f'value="{story["tablet"]}"' in page.text


def test_a_name_at_the_counter_looks_for_people(agent, story):
    assert agent.get("/comptoir?code=aicha").headers["Location"] == "/emprunteurs?q=aicha"
    assert "borrower:" in agent.submit("/prets/nouveau", {"scan": "aicha"}).text


def test_a_borrower_is_registered_with_a_card(agent, app):
    done = agent.submit("/emprunteurs/nouveau", {"name": "Zoé O'Brien 🎒", "email": "zoe@exemple.fr", "is_adult": "1"})
    assert done.status_code == 303
    assert "Zoé O" in agent.get(done.headers["Location"]).text
    assert agent.get(done.headers["Location"] + "/carte.pdf").data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("told", "beside"),
    [({"is_adult": "1"}, "phone"), ({"phone": "05 49 00 00 00"}, "is_adult"), ({"is_adult": "1", "phone": "x"}, "phone")],
)
def test_a_borrower_must_be_of_age_and_reachable(agent, app, told, beside):
    refused = agent.submit("/emprunteurs/nouveau", {"name": "Léo Petit"} | told)
    assert refused.status_code == 422
    assert f'id="f-{beside}-e"' in refused.text
    assert 'value="Léo Petit"' in refused.text
    with app.app_context():
        assert db.session.query(Borrower).count() == 0


def test_a_kit_is_entered_with_its_components(agent, app):
    agent.submit("/materiel/produits/nouveau", {"name": "Malle robots", "category": "kit"})
    with app.app_context():
        product = db.session.query(desk.Product).one().id
    columns = {
        "c_name": ["Robot", "", "Câble"],
        "c_quantity": ["4", "1", "4"],
        "c_value": ["129,90", "", ""],
        "c_picture": ["robot", "", "../x"],
    }
    done = agent.submit("/materiel/nouveau", {"product_id": product, "name": "Malle n° 1"} | columns)
    assert done.status_code == 303, done.text
    page = agent.get(done.headers["Location"]).text
    assert "129,90" in page
    assert agent.get(done.headers["Location"] + "/etiquette.pdf").data.startswith(b"%PDF")


def test_a_wrong_value_keeps_the_rows(agent, app):
    agent.submit("/materiel/produits/nouveau", {"name": "Malle robots", "category": "kit"})
    told = {"product_id": "1", "name": "Malle", "c_name": ["Robot"], "c_quantity": ["4"], "c_value": ["cher"], "c_picture": [""]}
    refused = agent.submit("/materiel/nouveau", told)
    assert refused.status_code == 422
    assert 'value="cher"' in refused.text


def test_the_lists_say_what_is_late(agent, story, app):
    with app.app_context():
        loan = desk.lent(db.session.query(Item).filter_by(code=story["tablet"]).one())
        desk.made_due(loan, today() - timedelta(days=3))
    for path in ("/prets", "/prets?quoi=en-retard", f"/materiel/{story['tablet']}", "/prets/retour/" + story["tablet"]):
        assert "en retard de 3" in agent.get(path).text, path
    assert "Aucun prêt ici" in agent.get("/prets?quoi=rendus").text
    assert "Aïcha" in agent.get("/prets?q=aicha").text


@pytest.mark.parametrize(
    "path",
    [
        "/comptoir",
        "/prets",
        "/materiel",
        "/emprunteurs",
        "/emprunteurs/nouveau",
        "/materiel/nouveau",
        "/materiel/produits/nouveau",
        "/prets/nouveau",
    ],
)
def test_an_empty_house_teaches(agent, path):
    assert agent.get(path).status_code == 200


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.PRESCRIBER, Role.OBSERVER])
def test_borrowers_are_not_shown_to_who_may_not_see_them(signed_in, story, app, role):
    with app.app_context():
        desk.lent(db.session.query(Item).filter_by(code=story["tablet"]).one(), desk.borrower("Berthe Première"))
    stranger = signed_in(role)
    for path in ("/comptoir", "/prets", "/emprunteurs", f"/emprunteurs/{story['who']}", f"/prets/retour/{story['tablet']}"):
        assert stranger.get(path).status_code == 403, path
    item = stranger.get(f"/materiel/{story['tablet']}")
    assert "Berthe" not in item.text
    assert item.status_code == (200 if role is Role.TECHNICIAN else 403)


def test_a_scan_leads_desk_and_bench_each_to_their_page(signed_in, story):
    assert signed_in(Role.DESK).get(f"/S/{story['who']}").headers["Location"].startswith("/prets/nouveau")
    assert signed_in(Role.TECHNICIAN).get(f"/S/{story['who']}").status_code == 404
    assert signed_in(Role.TECHNICIAN).get(f"/S/{story['tablet']}").headers["Location"] == f"/materiel/{story['tablet']}"


def test_a_code_of_nothing_that_is_lent_is_said(agent, app):
    with app.app_context():
        code = desk.ready_tablet().code
    assert agent.get(f"/comptoir?code={code}").status_code == 404
    assert agent.get("/materiel/11111111").status_code == 404
    assert agent.get("/prets/PR-1999-0001").status_code == 404


def test_a_pressed_twice_loan_is_one_loan(agent, story, app):
    told = departing(story, _key="the same press")
    first, second = agent.submit("/prets/nouveau", told), agent.submit("/prets/nouveau", told)
    assert first.headers["Location"] == second.headers["Location"]
    with app.app_context():
        assert db.session.query(Loan).count() == 1
