"""The JSON door of checks: what is asked of a device, its answers, the second look; and the checklists themselves."""

from typing import Any

from flask import Response
from marshmallow import Schema

from refurb.inventory.blueprint import api
from refurb.inventory.checklists.policy import all_checklists, checklist_of
from refurb.inventory.checklists.questions import Limits, Question
from refurb.inventory.checklists.standing import asked_of, present
from refurb.inventory.checks.actions.checks import Told, answer_checks, confirm_checks, take_answers_back
from refurb.inventory.checks.schemas import ToConfirm, ToTakeBack
from refurb.inventory.devices.doors import device_json
from refurb.inventory.devices.queries.devices import answers_of, device_by_code, standing
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.api import answer, json_body
from refurb.kernel.web.fields import Picture, Text
from refurb.kernel.web.guards import requires

P = Permission


class OneAnswer(Schema):
    """An answer with what was seen; the picture in base64."""

    answer = Text(required=True, max=40)
    note = Text(max=300)
    photo = Picture()


@api.route("/checklists", methods=["GET"])
@requires(P.DEVICE_READ)
def checklists_json(actor: Actor) -> Response:
    """The checklist of each kind, and the version of the policy."""
    del actor
    lists = all_checklists()
    version = next(iter(lists.values())).version
    return answer({"version": version, "checklists": {kind: [_question(each) for each in one.questions] for kind, one in lists.items()}})


@api.route("/devices/<code>/checks", methods=["GET"])
@requires(P.DEVICE_READ)
def checks_asked_json(actor: Actor, code: str) -> Response:
    """The questions that are asked of a device, each with the answer that counts."""
    found = standing(actor, code)
    checklist, known = checklist_of(found.kind), answers_of(found)
    asked = asked_of(checklist, found.gate.said, present(found.kind, found.gate))
    shown = []
    for question in asked:
        given = known.get(question.key)
        facts: dict[str, Any] = {"answer": None}
        if given is not None:
            confirmed = given.confirmed_at is not None or not question.second_person
            facts = {
                "answer": given.answer,
                "verdict": question.verdict(given.answer),
                "passed": given.passed and confirmed,
                "confirmed": confirmed,
                "note": given.note,
                "photo": given.photo,
                "at": given.at.isoformat(),
                "version": given.policy_version,
            }
        shown.append(_question(question) | facts)
    return answer({"version": checklist.version, "questions": shown})


@api.route("/devices/<code>/checks", methods=["POST"])
@requires(P.DEVICE_CHECK)
def checks_json(actor: Actor, code: str) -> Response:
    """Answer questions: {"screen": "yes", "battery_health": 82.5, "webcam": {"answer": "na", "note": "…", "photo": "…base64…"}}."""
    device = device_by_code(actor, code)
    sent = {key: _answer(key, value) for key, value in json_body().items()}
    with unit_of_work():
        answer_checks(actor, device, sent)
        return answer(device_json(device, actor))


@api.route("/devices/<code>/checks/confirm", methods=["POST"])
@requires(P.DEVICE_CHECK)
def checks_confirm_json(actor: Actor, code: str) -> Response:
    """Confirm somebody else's answer as the second person: {"question": "memory"}."""
    device = device_by_code(actor, code)
    with unit_of_work():
        confirm_checks(actor, device, [load(ToConfirm, json_body())["question"]])
        return answer(device_json(device, actor))


@api.route("/devices/<code>/checks/take-back", methods=["POST"])
@requires(P.DEVICE_CHECK)
def checks_take_back_json(actor: Actor, code: str) -> Response:
    """Take back the answers that one gave last; what was answered before stands again."""
    device = device_by_code(actor, code)
    with unit_of_work():
        take_answers_back(actor, device, load(ToTakeBack, json_body())["position"])
        return answer(device_json(device, actor))


def _answer(key: str, value: Any) -> Told:
    said = value if isinstance(value, dict) else {"answer": value}
    if isinstance(said.get("answer"), int | float) and not isinstance(said["answer"], bool):
        said = {**said, "answer": str(said["answer"])}
    try:
        loaded = load(OneAnswer, said)
    except Invalid as error:
        raise Invalid({key: [fault for faults in error.fields.values() for fault in faults]}) from error
    if not loaded["answer"]:
        raise Invalid({key: [Fault("field.required")]})
    return Told(loaded["answer"], loaded["note"] or None, loaded["photo"])


def _question(question: Question) -> dict[str, Any]:
    condition = question.asked_if
    return {
        "key": question.key,
        "text": question.text,
        "type": question.sort,
        "required": question.required,
        "if_present": question.optional_part,
        "answers": list(question.answers()),
        "limits": _limits(question.limits) if question.limits else None,
        "ask_if": None if condition is None else {"answer": condition.question, "is": sorted(condition.answers), "has": condition.presence},
        "signed_by": list(question.signers),
        "second_person": question.second_person,
        "reopened_by": sorted(question.reopened_by),
    }


def _limits(limits: Limits) -> dict[str, Any]:
    bounds = {"min": limits.least, "max": limits.most, "warn_below": limits.warn_below, "warn_above": limits.warn_above}
    return {
        "unit": limits.unit,
        "possible": [float(each) for each in limits.possible],
        **{name: None if bound is None else float(bound) for name, bound in bounds.items()},
    }
