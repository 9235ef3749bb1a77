"""The checklists as policy: what a file may ask, and what stops the start."""

import copy
from decimal import Decimal
from types import SimpleNamespace

import pytest

from refurb.inventory.checklists.policy import CHECKLISTS, all_checklists
from refurb.inventory.checklists.questions import Answer, AnswerVerdict, Limits, NotAnAnswer, Presence, Question, Sort
from refurb.inventory.checklists.standing import asked_of, present, standing_of
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.policy import PolicyError
from tests.support.story import people

TEXTS = {"fr": "Va-t-il ?", "en": "Does it?", "short_fr": "marche", "short_en": "run"}
WARM = {**TEXTS, "type": "measure", "unit": "°C", "possible": [0, 120], "max": 90, "warn_above": 70.5}
LOOK = {
    **TEXTS,
    "type": "choice",
    "options": [{"value": "new", "fr": "N", "en": "N"}, {"value": "broken", "fr": "C", "en": "B", "passes": False}],
}


def read(**rows: dict[str, object]) -> tuple[Question, ...]:
    return CHECKLISTS.read({"other": rows})[DeviceKind.OTHER].questions


def test_the_shipped_policy_is_read_whole():
    assert set(all_checklists()) == set(DeviceKind)
    laptop = {each.key: each for each in all_checklists()[DeviceKind.LAPTOP].questions}
    assert laptop["battery_health"].sort is Sort.MEASURE
    assert laptop["look_photo"].asked_if is not None


def test_a_kind_without_a_list_shares_that_of_others():
    lists = CHECKLISTS.read({"other": {"works": TEXTS}})
    assert lists[DeviceKind.PRINTER].questions == lists[DeviceKind.OTHER].questions


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"fr": "Va-t-il ?"}, ".en: is missing"),
        ({**TEXTS, "fr": " "}, ".fr: must be a text"),
        ({**TEXTS, "colour": "red"}, ".colour: there is no such key"),
        ({**TEXTS, "max": 3}, ".max: is unknown for the type yes_no"),
        ({**TEXTS, "type": "song"}, ".type: must be one of: yes_no, measure, choice, photo"),
        ({**TEXTS, "required": "no"}, ".required: must be true or false"),
        ({**TEXTS, "signed_by": ["janitor"]}, ".signed_by[1]: must be one of"),
        ({**TEXTS, "reopened_by": ["wheel"]}, ".reopened_by[1]: must be one of"),
        ({**TEXTS, "ask_if": {"has": "wings"}}, ".ask_if.has: must be one of"),
        ({**TEXTS, "ask_if": {"answer": "works"}}, ".ask_if: must be"),
        ({**TEXTS, "ask_if": {"answer": "later", "is": ["yes"]}}, ".ask_if: 'later' is no earlier question"),
        ({**TEXTS, "ask_if": {"answer": "works", "is": ["perhaps"]}}, ".ask_if: works is never answered perhaps"),
        ({**WARM, "possible": [0]}, ".possible: must be [lowest, highest]"),
        ({**WARM, "max": 130}, ".max: must lie within possible"),
        ({**WARM, "min": 95}, ".min: is above max: nothing would pass"),
        ({**WARM, "max": "90"}, ".max: must be a number"),
        ({**LOOK, "options": LOOK["options"][:1]}, ".options: must hold 2 entries at least"),
        ({**LOOK, "options": [{**each, "passes": False} for each in LOOK["options"]]}, ".options: no option passes"),
        ({**LOOK, "options": [LOOK["options"][0], LOOK["options"][0]]}, ".options: a value is there twice"),
    ],
)
def test_a_wrong_line_stops_the_start_and_is_named(row, why):
    with pytest.raises(PolicyError) as caught:
        read(works=TEXTS, wrong=copy.deepcopy(row))
    assert str(caught.value).startswith("config/policy/checklists.toml: other.wrong")
    assert why in str(caught.value)


@pytest.mark.parametrize(("content", "named"), [({}, "other"), ({"other": {}}, "other"), ({"toaster": {}}, "toaster")])
def test_a_wrong_list_is_named(content, named):
    with pytest.raises(PolicyError, match=named):
        CHECKLISTS.read(content)


@pytest.mark.parametrize(
    ("said", "kept", "verdict"),
    [
        ("70,5", "70", AnswerVerdict.PASSED),
        ("71 °C", "71", AnswerVerdict.RESERVED),
        ("90", "90", AnswerVerdict.RESERVED),
        ("90.6", "91", AnswerVerdict.FAILED),
    ],
)
def test_a_measure_is_read_as_people_write_it_and_judged(said, kept, verdict):
    (question,) = read(warm=WARM)
    assert question.read(said) == kept
    assert question.verdict(kept) is verdict


@pytest.mark.parametrize(
    ("said", "code"),
    [("chaud", "check.not_a_number"), ("900", "check.implausible"), ("nan", "check.implausible"), ("na", "check.every_machine_has_it")],
)
def test_what_is_no_measure_is_refused(said, code):
    (question,) = read(warm=WARM)
    with pytest.raises(NotAnAnswer) as caught:
        question.read(said)
    assert caught.value.fault.code == code


def test_a_choice_passes_or_fails_and_an_answer_of_an_older_policy_is_asked_again():
    (question,) = read(look=LOOK)
    assert question.verdict("new") is AnswerVerdict.PASSED
    assert question.verdict("broken") is AnswerVerdict.FAILED
    assert question.verdict("gone") is AnswerVerdict.FAILED
    with pytest.raises(NotAnAnswer):
        question.read("gone")


def test_the_limits_of_a_measure_are_inclusive():
    limits = Limits("%", 0, (Decimal(0), Decimal(100)), least=Decimal(50))
    assert [limits.verdict(Decimal(each)) for each in (49, 50)] == [AnswerVerdict.FAILED, AnswerVerdict.PASSED]


def test_a_question_is_asked_when_its_condition_holds_and_one_that_is_not_asked_opens_no_other():
    checklist = CHECKLISTS.read({
        "other": {
            "works": TEXTS,
            "why": {**LOOK, "ask_if": {"answer": "works", "is": ["no"]}},
            "proof": {**TEXTS, "type": "photo", "ask_if": {"answer": "why", "is": ["broken"]}},
            "panel": {**TEXTS, "ask_if": {"has": "screen"}},
        }
    })[DeviceKind.OTHER]  # fmt: skip

    def keys(has=frozenset(), **said):
        return [each.key for each in asked_of(checklist, said, has)]

    assert keys() == ["works"]
    assert keys(works="no", why="broken") == ["works", "why", "proof"]
    assert keys(works="yes", why="broken") == ["works"]
    assert keys(frozenset({Presence.SCREEN})) == ["works", "panel"]


def gate(**facts):
    return SimpleNamespace(**{"drives": 0, "answers": {}, "said": {}, "confirmed": frozenset(), "shown": frozenset(), **facts})


def test_a_good_answer_waits_for_its_second_person_and_a_bad_one_has_failed():
    checklist = CHECKLISTS.read({"other": {"works": {**TEXTS, "second_person": True}}})[DeviceKind.OTHER]
    waiting = standing_of(checklist, gate(answers={"works": True}, said={"works": "yes"}))
    assert (len(waiting.unconfirmed), len(waiting.passed)) == (1, 0)
    agreed = standing_of(checklist, gate(answers={"works": True}, said={"works": "yes"}, confirmed=frozenset({"works"})))
    assert (len(agreed.unconfirmed), len(agreed.passed)) == (0, 1)
    assert standing_of(checklist, gate(answers={"works": False}, said={"works": "no"})).failed


def test_an_all_in_one_has_a_screen_because_a_report_saw_it():
    assert Presence.SCREEN not in present(DeviceKind.DESKTOP, gate())
    assert Presence.SCREEN in present(DeviceKind.DESKTOP, gate(shown=frozenset({Presence.SCREEN})))
    assert present(DeviceKind.LAPTOP, gate(drives=1)) == set(Presence)


def test_a_part_that_no_question_names_concerns_them_all():
    checklist = CHECKLISTS.read({"other": {"works": {**TEXTS, "reopened_by": ["ram"]}, "clean": TEXTS}})[DeviceKind.OTHER]
    assert [each.key for each in checklist.concerned_by("ram")] == ["works"]
    assert [each.key for each in checklist.concerned_by("battery")] == ["works", "clean"]


def test_a_question_may_be_for_some_to_sign(context):
    question, approved = read(works={**TEXTS, "signed_by": ["coordinator"]}, more={**TEXTS, "signed_by": ["device:approve"]})
    people.settle()
    who = {role: people.actor(role) for role in (Role.COORDINATOR, Role.TECHNICIAN, Role.DESK)}
    assert [question.may_sign(each) for each in who.values()] == [True, False, False]
    assert [approved.may_sign(each) for each in who.values()] == [True, True, False]
    assert question.answers() == (Answer.YES, Answer.NO)
