"""Answering the checklist of a device."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from refurb.inventory.checklists import Question, checklist_of
from refurb.inventory.models import CheckResult, Device
from refurb.inventory.queries import answers_of
from refurb.inventory.states import device_machine
from refurb.inventory.words import DeviceState
from refurb.kernel.access import Actor, Permission, check
from refurb.kernel.clock import now
from refurb.kernel.database import db
from refurb.kernel.errors import Fault, Invalid, Refusal
from refurb.kernel.history import record
from refurb.kernel.unit_of_work import lock


class Answer(StrEnum):
    """What can be answered to a question of a checklist; each is asked so that yes is good."""

    YES = "yes"
    NO = "no"
    BESIDE = "na"


@dataclass(frozen=True, slots=True)
class Told:
    """An answer, and what was seen."""

    answer: Answer
    note: str | None = None


class ChecksClosed(Refusal):
    """Checks are answered while the device is being tested, neither before nor after."""

    code = "device.checks_closed"


def answer_checks(actor: Actor, device: Device, told: Mapping[str, Told]) -> int:
    """Keep the answers that are new or changed, by the question's key; returns how many.

    Questions that are left out stay as they were, so that a checklist can be finished later. Raises `ChecksClosed` outside the tests, and
    `Invalid` for a question that the kind's checklist does not ask, or a « sans objet » where every machine has the part.
    """
    check(actor, Permission.DEVICE_CHECK)
    lock(device)
    if device.state != DeviceState.TESTING:
        raise ChecksClosed(state=device_machine.looks[device.state].word)
    checklist = checklist_of(device.kind)
    questions = {question.key: question for question in checklist.questions}
    _refuse_foreign(questions, told)
    known = answers_of(device)
    fresh = {
        key: each for key, each in told.items() if key not in known or (known[key].answer, known[key].note) != (each.answer, each.note)
    }
    for key, each in fresh.items():
        db.session.add(
            CheckResult(
                device_id=device.id,
                question=key,
                answer=each.answer.value,
                passed=each.answer != Answer.NO,
                note=each.note,
                policy_version=checklist.version,
                at=now(),
                actor_id=actor.id,
            )
        )
    if fresh:
        record(
            device,
            "checks_answered",
            actor,
            count=len(fresh),
            failed=sum(each.answer == Answer.NO for each in fresh.values()),
            answers={key: each.answer for key, each in fresh.items()},
            policy=checklist.version,
        )
    return len(fresh)


def _refuse_foreign(questions: Mapping[str, Question], told: Mapping[str, Told]) -> None:
    wrong = {key: [Fault("check.unknown_question")] for key in told if key not in questions}
    wrong |= {
        key: [Fault("check.every_machine_has_it")]
        for key, each in told.items()
        if key in questions and each.answer == Answer.BESIDE and not questions[key].optional_part
    }
    if wrong:
        raise Invalid(wrong)
