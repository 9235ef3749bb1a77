"""The pages of the policies: read by the office, tried and adopted by the administration."""

import io
import re

import pytest

from refurb.directory.policies.actions import keep_shipped_texts
from refurb.directory.policies.queries import draft_of, policy_named, versions_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.policy import text_in_file
from refurb.kernel.deeds.policy_versions import PolicyDraft
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.policies import POLICIES
from tests.directory.policies.trying import adopted, tried

TRIAL = "/regles/loans/essai"


@pytest.fixture
def admin(signed_in):
    return signed_in(Role.ADMIN)


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)).replace("’", "'")


def mark_on(page):
    return re.search(r'name="shown" value="(\w+)"', page.text)[1]


def test_every_policy_is_listed_and_opens(app, signed_in):
    client = signed_in(Role.COORDINATOR)
    listed = client.get("/regles")
    assert plain(listed).count("Jamais relue") == len(POLICIES)
    for file in POLICIES:
        shown = client.get(f"/regles/{file.name}")
        assert shown.status_code == 200
        assert str(file.title) in shown.text
        assert client.get(f"/regles/{file.name}/essai").status_code == 403
    assert client.get("/regles/nothing").status_code == 404
    assert client.submit(TRIAL, {"most_items": "4"}).status_code == 403


@pytest.mark.parametrize("name", ["loans", "letter_invitation", "paper_intake"])
@pytest.mark.parametrize("text", ["= nonsense", "[a", f"a = {'[' * 2000}", f"a = {'9' * 6000}"], ids=["no key", "open", "deep", "long"])
def test_a_text_that_is_no_toml_is_refused_and_one_that_was_kept_is_shown_as_what_it_is(app, admin, name, text):
    refused = admin.submit(f"/regles/{name}/texte", {"seen": "0", "base": "1", "text": text})
    assert refused.status_code == 422
    assert not re.search("set_int_max|recursion", refused.text), "what Python says of it is nothing for a page"
    with app.app_context(), unit_of_work() as writing:
        writing.add(PolicyDraft(name=name, base=1, revision=1, text=text, written_at=now()))
    for page in ("", "/essai", "/essai/adopter", "/texte"):
        assert admin.get(f"/regles/{name}{page}").status_code == 200, page
    for deed in ("/essai", "/essai/reprendre"):
        assert admin.submit(f"/regles/{name}{deed}", {"seen": "1", "base": "1"}).status_code == 422, deed
    assert admin.submit(f"/regles/{name}/essai/abandonner", {"seen": "1"}).status_code == 303


def test_every_policy_can_be_tried(admin):
    for file in POLICIES:
        assert admin.get(f"/regles/{file.name}/essai").status_code == 200
        assert admin.get(f"/regles/{file.name}/texte").status_code == 200


def test_from_a_wrong_value_to_a_version(app, admin):
    refused = admin.submit(TRIAL, {"seen": "0", "base": "1", **everything(admin), "categories.kit.days": "quatre"})
    assert refused.status_code == 422
    assert "Écrivez un nombre entier" in refused.text
    refused = admin.submit(TRIAL, {"seen": "0", "base": "1", **everything(admin), "categories.tablet.days": "60"})
    beside = re.search(r'id="f-categories.tablet.days-e">.*?</p>', refused.text, re.DOTALL)[0]
    assert "56" in beside
    assert 'value="60"' in refused.text
    assert admin.submit(TRIAL, {"seen": "0", "base": "1", **everything(admin), "categories.tablet.days": "35"}).status_code == 303
    tried_page = admin.get(TRIAL)
    assert "1 valeur changée" in plain(tried_page).replace("\u202f", " ").replace("\xa0", " ")
    page = admin.get(f"{TRIAL}/adopter")
    facts = {"seen": "1", "shown": mark_on(page), "in_force_from": re.search(r'value="(\d{4}-\d\d-\d\d)"', page.text)[1]}
    assert admin.submit(f"{TRIAL}/adopter", facts).status_code == 422
    assert admin.submit(f"{TRIAL}/adopter", facts | {"decided_by": "Le bureau", "reason": "Trop court"}).status_code == 303
    shown = plain(admin.get("/regles/loans"))
    assert "Trop court" in shown
    assert "Version 2" in shown
    with app.app_context():
        newest, first = versions_of("loans")
        assert newest.text == text_in_file("loans").replace("days = 28           # proposés", "days = 35           # proposés")
        assert first.is_shipped
    assert admin.get(f"/regles/loans/versions/{first.digest}/fichier").data.decode() == first.text
    assert admin.get("/regles/loans/versions/0123/fichier").status_code == 404


def everything(client):
    """What the form of the trial holds."""
    page = client.get(TRIAL).text
    inputs = dict(re.findall(r'name="((?:most_items|closed|categories)[\w.]*)"[^>]* value="([^"]*)"', page))
    selects = re.findall(r'<select id="f-[\w.]+" name="([\w.]+)">(.*?)</select>', page, re.DOTALL)
    return inputs | {name: re.search(r'value="(\w*)" selected', options)[1] for name, options in selects}


def test_a_file_of_another_territory_is_taken_in_as_a_trial(app, admin):
    text = text_in_file("loans").replace("most_items = 10", "most_items = 3")
    sent = {"seen": "0", "base": "1", "file": (io.BytesIO(text.encode()), "loans.toml")}
    assert admin.submit("/regles/loans/texte", sent, content_type="multipart/form-data").status_code == 303
    with app.app_context():
        assert draft_of("loans").text == text
    for wrong, said in (("most_items = [", "ne peut pas être lu"), ("most_items = 3\nwings = 2\n", "wings"), ("", "categories")):
        refused = admin.submit("/regles/loans/texte", {"seen": "1", "base": "1", "text": wrong})
        assert refused.status_code == 422
        assert said in refused.text
    latin = {"seen": "1", "base": "1", "file": (io.BytesIO("é".encode("latin-1")), "loans.toml")}
    assert "UTF-8" in admin.submit("/regles/loans/texte", latin, content_type="multipart/form-data").text


def test_who_wrote_while_another_adopted_sees_both_and_takes_it_up(app, admin):
    with app.app_context():
        adopted("loans", ("most_items = 10", "most_items = 8"))
    sent = {"seen": "0", "base": "1", **everything(admin), "most_items": "10", "categories.tablet.days": "35"}
    assert admin.submit(TRIAL, sent).status_code == 303
    assert "L'essai attend" in plain(admin.get("/regles"))
    conflict = plain(admin.get(TRIAL))
    assert "a adopté la version 2" in conflict
    assert "10 → 8" in conflict
    assert admin.submit(f"{TRIAL}/reprendre", {"seen": "1"}).status_code == 303
    assert "a adopté la version 2" not in plain(admin.get(TRIAL))
    with app.app_context():
        assert "most_items = 8" in draft_of("loans").text
        assert "days = 35" in draft_of("loans").text


def test_a_trial_is_given_up_and_a_former_version_tried(app, admin):
    with app.app_context():
        adopted("loans", ("most_items = 10", "most_items = 8"))
        tried("loans", ("most_items = 8", "most_items = 7"))
    assert admin.submit(f"{TRIAL}/abandonner", {"seen": "1"}).status_code == 303
    assert admin.submit("/regles/loans/versions/1/reprendre").status_code == 303
    with app.app_context():
        assert draft_of("loans").text == text_in_file("loans")


def test_what_the_law_fixes_is_shown_and_not_asked(app, admin):
    with app.app_context(), unit_of_work():
        keep_shipped_texts()
    page = admin.get("/regles/solidarity_prices/essai")
    assert 'name="caps.laptop"' not in page.text
    assert "décret n° 2022-1413" in page.text.replace("\xa0", " ").replace("\u202f", " ")
    assert (
        admin.submit(
            "/regles/solidarity_prices/essai", {"seen": "0", "base": "1", "caps.laptop": "999", "read_on": "2026-11-01"}
        ).status_code
        == 303
    )
    with app.app_context():
        assert "laptop = 180" in draft_of("solidarity_prices").text


def test_a_value_that_the_text_does_not_say_is_added_from_the_form(app, admin):
    page = admin.get(TRIAL)
    assert 'name="categories.tablet.buffer"' in page.text
    assert "Sans réponse : 1." in plain(page).replace("\xa0", " ")
    assert admin.submit(TRIAL, {"seen": "0", "base": "1", **everything(admin), "categories.tablet.buffer": "99"}).status_code == 422
    added = {**everything(admin), "categories.tablet.buffer": "2", "categories.tablet.approval": "yes", "categories.kit.buffer": ""}
    assert admin.submit(TRIAL, {"seen": "0", "base": "1", **added}).status_code == 303
    with app.app_context():
        tried = policy_named("loans").read_text(draft_of("loans").text)
        assert (tried.terms("tablet").buffer, tried.terms("tablet").approval) == (2, True)
        assert "buffer = 2" not in draft_of("loans").text.partition("[categories.computer]")[2]
