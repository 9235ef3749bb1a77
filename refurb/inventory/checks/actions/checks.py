"""Answering the checklist of a device, and confirming what somebody else answered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from refurb.inventory.checklists.policy import Checklist, checklist_of
from refurb.inventory.checklists.questions import Answer, AnswerVerdict, NotAnAnswer, Question, Sort
from refurb.inventory.checklists.standing import asked_of, present
from refurb.inventory.devices.queries.devices import answers_of, gate_of
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import Event, record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Conflict, Fault, Forbidden, Invalid, Refusal
from refurb.kernel.speech.words import _l

__all__ = [
    "ANSWERS", "Answer", "ChecksClosed", "NothingToConfirm", "NothingToTakeBack", "SamePerson", "Told", "answer_checks", "confirm_checks",
    "take_answers_back",
]  # fmt: skip


ANSWERS = {Answer.YES: _l("Oui"), Answer.NO: _l("Non"), Answer.NOT_APPLICABLE: _l("Sans objet")}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer (yes, no, na, the value of a choice, a measure, « photo »), what was seen, and a picture of it (`clean_picture`)."""

    answer: str
    note: str | None = None
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer as it is kept; the picture by its SHA-256."""

    answer: str
    note: str | None
    photo: str | None


class ChecksClosed(Refusal):
    """Checks are answered while the device is being tested, neither before nor after."""

    code = "device.checks_closed"


class SamePerson(Refusal):
    """Whoever answered is not the second person."""

    code = "check.same_person"


class NothingToConfirm(Conflict):
    """No good answer to this question waits for a second person: it was confirmed, changed or re-opened meanwhile."""

    code = "check.nothing_to_confirm"


class NothingToTakeBack(Conflict):
    """The answers given last are somebody else's, or were changed, confirmed or re-opened meanwhile."""

    code = "check.nothing_to_take_back"


def answer_checks(
    actor: Actor, device: Device, told: Mapping[str, Told], seen: Mapping[str, int] | None = None, *, at_once: bool = False
) -> Event | None:
    """Keep the answers that are new or changed, by the question's key; returns the event that says so, with their `count`, if any was.

    `at_once` says that they were begun from « Tout va bien, sauf ce que je change », and stays in the history.

    Questions that are left out stay as they were, so that a checklist can be finished later. Raises `ChecksClosed` outside the tests, and
    `Invalid` for what cannot be answered: a question that is not asked of this device, a « sans objet » where every machine has the part,
    a measure that cannot be, an answer that somebody else must sign. `seen` are the ids of the results that the page showed, 0 where there
    was none: whoever would replace what another person has answered since is told, and asked again.
    """
    check(actor, Permission.DEVICE_CHECK)
    _hold_in_tests(device)
    checklist = checklist_of(device.kind)
    known = answers_of(device)
    kept = _read(actor, {each.key: each for each in checklist.questions}, told, known)
    _refuse_unasked(device, kept)
    fresh = {key: each for key, each in kept.items() if key not in known or not _same(known[key], each)}
    _refuse_overtaken(actor, {each.key: each for each in checklist.questions}, known, fresh, seen or {})
    if not fresh:
        return None
    results = [_result(device, actor, checklist, key, each) for key, each in fresh.items()]
    db.session.add_all(results)
    db.session.flush()
    answers = {key: each.answer for key, each in fresh.items()}
    photos = {key: each.photo for key, each in fresh.items() if each.photo}
    return record(
        device, "checks_answered", actor, count=len(fresh), failed=sum(not each.passed for each in results), answers=answers,
        policy=checklist.version, results=[each.id for each in results], **({"photos": photos} if photos else {}),
        **({"at_once": True} if at_once else {}),
    )  # fmt: skip


def take_answers_back(actor: Actor, device: Device, position: int | None = None) -> int:
    """Take back the answers that this actor gave last, so that what was answered before stands again; returns how many.

    `position` is that of the event that told them, for whoever looks at it: raises `NothingToTakeBack` where it is no longer the last one,
    and where one of the answers was changed, confirmed or re-opened since.
    """
    check(actor, Permission.DEVICE_CHECK)
    _hold_in_tests(device)
    of_device = (Event.subject_kind == device.KIND, Event.subject_id == device.id, Event.move == "checks_answered")
    told = db.session.scalars(select(Event).where(*of_device).order_by(Event.position.desc()).limit(1)).first()
    if told is None or told.actor_id != actor.id or position not in {None, told.position}:
        raise NothingToTakeBack
    standing = {each.id: each for each in answers_of(device).values()}
    given = [standing.get(number) for number in told.facts.get("results", ())]
    taken = [each for each in given if each is not None and each.confirmed_by is None]
    if not taken or len(taken) < len(given):
        raise NothingToTakeBack
    for each in taken:
        each.voided_at = now()
    record(device, "checks_taken_back", actor, count=len(taken))
    return len(taken)


def confirm_checks(actor: Actor, device: Device, keys: Collection[str]) -> int:
    """Confirm, as the second person, the good answers of somebody else to these questions; returns how many.

    Whoever disagrees answers the question anew, and then waits for a second person in turn. Raises `SamePerson` and `NothingToConfirm`.
    """
    check(actor, Permission.DEVICE_CHECK)
    _hold_in_tests(device)
    questions = {each.key: each for each in checklist_of(device.kind).questions if each.second_person}
    known = answers_of(device)
    for key in keys:
        result = known.get(key)
        if key not in questions or result is None or not result.passed or result.confirmed_by is not None:
            raise NothingToConfirm
        if actor.id is None or actor.by_token or not questions[key].may_sign(actor):
            raise Forbidden(permission=", ".join(questions[key].signers))
        if result.actor_id == actor.id:
            raise SamePerson(question=questions[key].short)
        result.confirmed_by, result.confirmed_at = actor.id, now()
    if keys:
        record(device, "checks_confirmed", actor, count=len(keys), questions=sorted(keys))
    return len(keys)


def _result(device: Device, actor: Actor, checklist: Checklist, key: str, kept: _Kept) -> CheckResult:
    question = next(each for each in checklist.questions if each.key == key)
    return CheckResult(
        device_id=device.id,
        question=key,
        answer=kept.answer,
        passed=question.verdict(kept.answer) is not AnswerVerdict.FAILED,
        note=kept.note,
        photo=kept.photo,
        policy_version=checklist.version,
        at=now(),
        actor_id=actor.id,
    )


def _hold_in_tests(device: Device) -> None:
    lock(device)
    if device.state != DeviceState.TESTING:
        raise ChecksClosed(state=device_machine.looks[device.state].word)


def _refuse_overtaken(
    actor: Actor, questions: Mapping[str, Question], known: Mapping[str, CheckResult], fresh: Mapping[str, _Kept], seen: Mapping[str, int]
) -> None:
    wrong: dict[str, list[Fault]] = {}
    for key, each in fresh.items():
        other = known.get(key)
        if other is None or other.actor_id == actor.id or other.answer == each.answer or seen.get(key, other.id) == other.id:
            continue
        words = {value.value: word for value, word in ANSWERS.items()} | {one.value: one.text for one in questions[key].options}
        who = wired().name_of(other.actor_id) or "–"
        wrong[key] = [Fault("check.answered_meanwhile", who=who, answer=str(words.get(other.answer, other.answer)))]
    if wrong:
        raise Invalid(wrong)


def _same(known: CheckResult, kept: _Kept) -> bool:
    return (known.answer, known.note, known.photo) == (kept.answer, kept.note, kept.photo)


def _read(actor: Actor, questions: Mapping[str, Question], told: Mapping[str, Told], known: Mapping[str, CheckResult]) -> dict[str, _Kept]:
    """The answers as they are kept; a picture stays with its answer unless another one comes."""
    kept: dict[str, _Kept] = {}
    wrong: dict[str, list[Fault]] = {}
    for key, each in told.items():
        question = questions.get(key)
        if question is None:
            wrong[key] = [Fault("check.unknown_question")]
            continue
        try:
            answer = question.read(each.answer)
        except NotAnAnswer as error:
            wrong[key] = [error.fault]
            continue
        before = known.get(key)
        photo = keep(each.photo) if each.photo else before.photo if before is not None and before.answer == answer else None
        if question.sort is Sort.PHOTO and answer != Answer.NOT_APPLICABLE and photo is None:
            wrong[key] = [Fault("check.photo_missing")]
        kept[key] = _Kept(answer, each.note, photo)
        # Where two people are needed, somebody else's token does not make one of two.
        signs = question.may_sign(actor) and not (question.second_person and actor.by_token)
        if not signs and (before is None or not _same(before, kept[key])):
            wrong[key] = [Fault("check.not_yours_to_sign")]
    if wrong:
        raise Invalid(wrong)
    return kept


def _refuse_unasked(device: Device, kept: Mapping[str, _Kept]) -> None:
    """Refuse an answer to a question whose condition does not hold, once these answers are given."""
    gate = gate_of(device)
    said = {**gate.said, **{key: each.answer for key, each in kept.items()}}
    asked = {each.key for each in asked_of(checklist_of(device.kind), said, present(device.kind, gate))}
    if unasked := kept.keys() - asked:
        raise Invalid({key: [Fault("check.not_asked")] for key in sorted(unasked)})
