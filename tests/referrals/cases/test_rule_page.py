"""The order of the waiting list on its page: sentences moved by buttons, values changed, the effect seen again before it is adopted."""

import re

import pytest

from refurb.directory.policies.queries import draft_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.policy import parsed, text_in_file
from refurb.kernel.speech.clock import today
from refurb.referrals.cases.priority import ELIGIBILITY, Rise, order
from refurb.referrals.cases.rewriting import moved, with_waited
from refurb.referrals.words import Situation
from tests.support.story import families, people

PAGE = "/regles/eligibility/essai"


def test_a_sentence_moves_and_nothing_else_does(app):
    text = text_in_file("eligibility")
    before, after = ELIGIBILITY.read_text(text), ELIGIBILITY.read_text(moved(text, 1, 2))
    assert [each.key for each in after.priorities] == ["job_seekers", "schoolchildren", "students", "others"]
    assert {each.key: (each.texts, each.situations) for each in after.priorities} == {
        each.key: (each.texts, each.situations) for each in before.priorities
    }
    assert after.waited == before.waited
    older = text[: text.index("[waited]")]
    assert ELIGIBILITY.read_text(older).waited.rises is Rise.NONE, "a version from before says nothing, and nothing rises"
    assert parsed("eligibility", with_waited(older)).content["waited"] == {"days": 60, "rises": "none"}
    assert with_waited(text) == text


@pytest.mark.both_databases
def test_the_rule_is_moved_recalculated_shown_once_more_and_adopted(app, signed_in):
    with app.app_context():
        people.settle()
        family, student = families.waiting(school_children=1), families.waiting(situation=Situation.STUDYING)
        families.ready()
        family, student, here = family.reference, student.reference, today()
    admin = signed_in(Role.ADMIN)

    def hidden(page, *names):
        return {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in names}

    def press(**sent):
        values = {"priority[1].schoolchildren": "1", "waited.days": "60", "waited.rises": "step"}
        start = hidden(admin.get(PAGE).text, "seen", "base")
        return admin.submit(PAGE, values | start | sent, follow_redirects=True)

    assert "autofocus" in press(bas="1").text
    assert [each.key for each in order_tried(app).priorities][:2] == ["job_seekers", "schoolchildren"]
    press(haut="3")
    tried = press(haut="2").text.replace("\u202f", " ").replace("\u00a0", " ")
    assert order_tried(app).priorities[0].key == "students"
    assert "2 orientations changent de rang, sur 2 qui attendent : 1 monte, 1 descend." in tried
    assert "1 personne aurait un appareil maintenant au lieu d’une autre." in tried
    assert tried.index(student) < tried.index(family), "who gains stands first"
    press(haut="1"), press(bas="3"), press(haut="4"), press(haut="x")
    assert order_tried(app).priorities[0].key == "students", "the first goes no higher, the last stays"
    wrong = press(**{"waited.days": "3"})
    assert wrong.status_code == 422
    assert 'value="3"' in wrong.text

    for value in ("90", "91"):
        late = press(**{"seen": "1", "waited.days": value})
        assert late.status_code == 409
        phrases = late.text[late.text.index('id="phrases"') :]
        assert hidden(phrases, "seen") == {"seen": "1"}, "the next press says the same, and does not pass"
        assert "valeurs changées" in late.text

    page = press().text
    adoption = {"in_force_from": str(here), "decided_by": "Le comité", "reason": "La rentrée."}
    with app.app_context():
        families.waiting(school_children=2)
    again = admin.submit(f"{PAGE}/adopter", adoption | hidden(page[page.index('id="adoption"') :], "seen", "shown"))
    assert again.status_code == 409, "the list is another one: the effect is shown once more"
    assert "3 qui attendent" in again.text.replace("\u00a0", " ")
    done = admin.submit(f"{PAGE}/adopter", adoption | hidden(again.text[again.text.index('id="adoption"') :], "seen", "shown"))
    assert done.status_code == 303
    with app.app_context():
        assert order().priorities[0].key == "students"


def order_tried(app):
    with app.app_context():
        return ELIGIBILITY.read_text(draft_of("eligibility").text)
