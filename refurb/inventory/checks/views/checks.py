"""The checklist of a device: its page, the second look, its pictures."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.checklists.questions import SEEN, Answer, AnswerVerdict, Question, Sort
from refurb.inventory.checklists.standing import asked_of, present, standing_of
from refurb.inventory.checks.actions.checks import ANSWERS, ChecksClosed, Told, answer_checks, confirm_checks, take_answers_back
from refurb.inventory.checks.queries import Suggested, check_photo, suggestions_of
from refurb.inventory.checks.schemas import ToConfirm, ToTakeBack
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import answers_of, device_by_code, standing
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.parts import PartKind, within
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.signs import number_in
from refurb.kernel.speech.words import _, _n, language
from refurb.kernel.web.fields import Picture, Text, Tick
from refurb.kernel.web.forms import BoundField, Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pictures import picture_response
from refurb.kernel.web.undo import Undo

_LOOKS = {Answer.YES: ("ok", "check"), Answer.NO: ("stop", "x"), Answer.NOT_APPLICABLE: ("todo", "minus")}


@dataclass(frozen=True)
class Asked:
    """One question as the page shows it, with what is known of it; `pick` holds the offered answers: value, word, tone, icon."""

    question: Question
    answer: BoundField
    not_applicable: BoundField | None
    note: BoundField
    photo: BoundField
    known: CheckResult | None
    verdict: AnswerVerdict | None
    pick: Sequence[tuple[str, str, str, str]]
    is_open: bool
    suggested: Suggested | None
    only_if: str

    @property
    def waits(self) -> bool:
        """Whether its good answer waits for a second person."""
        known = self.known
        return self.question.second_person and known is not None and known.passed and known.confirmed_by is None

    @property
    def parts(self) -> list[tuple[str, str]]:
        """The kinds of parts with which it may be repaired: their key and word."""
        return [(kind.value, within(kind)) for kind in PartKind if kind in self.question.reopened_by]


def offered(question: Question) -> list[tuple[str, str]]:
    """The answers to press, each with its word; none for a measure or a picture."""
    words = {each.value: each.text for each in question.options} | {key.value: str(word) for key, word in ANSWERS.items()}
    return [(value, words[value]) for value in question.answers() if value in words and question.sort in {Sort.YES_NO, Sort.CHOICE}]


def checks_schema(questions: Sequence[Question]) -> type[Schema]:
    """The form of a checklist: for each question an answer, a note and a picture."""
    fields: dict[str, Any] = {}
    for question in questions:
        key, short = question.key, question.short
        if question.sort in {Sort.YES_NO, Sort.CHOICE}:
            fields[f"q_{key}"] = Text(question.text, max=40, widget="radio", choices=lambda of=question: offered(of))
        elif question.sort is Sort.MEASURE:
            unit = question.limits.unit if question.limits else ""
            fields[f"q_{key}"] = Text(question.text, max=20, help=unit, attrs={"inputmode": "decimal", "autocomplete": "off"})
        else:
            fields[f"q_{key}"] = Text(question.text, max=8, widget="hidden")
        if question.optional_part and question.sort in {Sort.MEASURE, Sort.PHOTO}:
            fields[f"b_{key}"] = Tick(_("Sans objet"))
        fields[f"n_{key}"] = Text(_("Note : %(what)s", what=short), max=300)
        fields[f"p_{key}"] = Picture(_("Photo : %(what)s", what=short))
    return Schema.from_dict(fields)


def told_answers(questions: Sequence[Question], loaded: Mapping[str, Any], known: Mapping[str, CheckResult]) -> dict[str, Told]:
    """The answers in what the form loaded; a question without one stays as it was. Raises `Invalid` for a note or a picture alone."""
    told: dict[str, Told] = {}
    wrong: dict[str, list[Fault]] = {}
    for question in questions:
        said, note, photo = (loaded.get(f"{letter}_{question.key}") or None for letter in "qnp")
        if question.sort is Sort.PHOTO and (photo or question.key in known):
            said = SEEN
        if loaded.get(f"b_{question.key}"):
            said = Answer.NOT_APPLICABLE
        if said is not None:
            told[question.key] = Told(said, note, photo)
        elif (note or photo) and question.key not in known:
            wrong[f"q_{question.key}"] = [Fault("check.answer_first")]
    if wrong:
        raise Invalid(wrong)
    return told


@contextmanager
def _beside_the_answer() -> Iterator[None]:
    """What the deed finds wrong with a question stands beside its field."""
    try:
        yield
    except Invalid as error:
        raise Invalid({f"q_{key}": faults for key, faults in error.fields.items()}) from error


def _seen(questions: Sequence[Question]) -> dict[str, int]:
    """Which results the page showed that was sent, by the question's key; 0 where there was none."""
    sent = {each.key: request.form.get(f"k_{each.key}", "-") for each in questions}
    return {key: number for key, typed in sent.items() if (number := number_in(typed or "0")) is not None}


def _all_well(questions: Sequence[Question], known: Mapping[str, CheckResult], actor: Actor) -> dict[str, Any]:
    """Yes to each question of yes or no that nobody has answered and that every machine of this kind is asked, for whoever may sign it."""
    return {
        f"q_{each.key}": Answer.YES.value
        for each in questions
        if each.sort is Sort.YES_NO and each.asked_if is None and not each.optional_part and each.key not in known and each.may_sign(actor)
    }


def _start(known: Mapping[str, CheckResult]) -> dict[str, Any]:
    comma = "," if language() == "fr" else "."
    answers = {f"q_{key}": each.answer.replace(".", comma) for key, each in known.items()}
    not_applicable = {f"b_{key}": each.answer == Answer.NOT_APPLICABLE for key, each in known.items()}
    return answers | not_applicable | {f"n_{key}": each.note for key, each in known.items()}


def _asked(questions: Sequence[Question], form: Form, actor: Actor, known: Mapping[str, CheckResult], device_id: int) -> list[Asked]:
    shorts = {each.key: each for each in questions}
    suggested = suggestions_of(device_id) if any(each.suggest for each in questions) else {}
    found = []
    for question in questions:
        answered = known.get(question.key)
        looks = {each.value: ("ok", "check") if each.passes else ("stop", "x") for each in question.options}
        looks |= {key.value: look for key, look in _LOOKS.items()}
        not_applicable = form.field(f"b_{question.key}") if question.optional_part and question.sort in {Sort.MEASURE, Sort.PHOTO} else None
        answer = form.field(f"q_{question.key}")
        if question.sort is Sort.MEASURE and answer.value == Answer.NOT_APPLICABLE:
            answer.value = ""
        found.append(
            Asked(
                question,
                answer,
                not_applicable,
                form.field(f"n_{question.key}"),
                form.field(f"p_{question.key}"),
                answered,
                question.verdict(answered.answer) if answered is not None else None,
                [(value, word, *looks[value]) for value, word in offered(question)],
                question.may_sign(actor),
                suggested.get(question.suggest) if question.suggest else None,
                _only_if(question, shorts),
            )
        )
    return found


def _only_if(question: Question, questions: Mapping[str, Question]) -> str:
    """When a question is asked, for whoever sees it before it is."""
    condition = question.asked_if
    if condition is None or condition.question is None:
        return ""
    other = questions[condition.question]
    words = [word for value, word in offered(other) if value in condition.answers]
    return _("Seulement si « %(what)s » : %(answers)s.", what=other.short, answers=", ".join(words))


@blueprint.route("/appareils/<code>/controles", methods=["GET", "POST"])
@requires(Permission.DEVICE_CHECK)
def checks(actor: Actor, code: str) -> Response:
    """Answer the checklist, or look at its answers where the tests are not running; `?tout-va-bien` begins with yes to the rest of it."""
    shown = standing(actor, code)
    checklist = checklist_of(shown.kind)
    has = present(shown.kind, shown.gate)
    # All that an answer given on this very page may ask.
    questions = [each for each in checklist.questions if each.asked_if is None or each.asked_if.question or each.asked_if.presence in has]
    known = answers_of(shown)
    well = _all_well(questions, known, actor) if shown.state == DeviceState.TESTING else {}
    at_once = "tout-va-bien" in request.args
    form = Form(checks_schema(questions), start=_start(known) | (well if at_once else {}))
    if request.method == "POST":
        with form.catching():
            told = told_answers(questions, form.load(), known)
            with _beside_the_answer(), unit_of_work():
                given = answer_checks(actor, device_by_code(actor, code), told, _seen(questions), at_once=at_once)
                if given is None:
                    return go("inventory.device", done=_("Rien de nouveau à enregistrer."), code=shown.code)
                saved = _n("%(num)s contrôle enregistré.", "%(num)s contrôles enregistrés.", given.facts["count"])
                undo = Undo(url_for("inventory.checks_take_back", code=shown.code), facts={"position": str(given.position)})
                return go("inventory.device", done=saved, undo=undo, code=shown.code)
        shown = standing(actor, code)
        known = answers_of(shown)
    elif shown.state != DeviceState.TESTING:
        form.refusal = ChecksClosed(state=device_machine.looks[shown.state].word)
    checks_now = standing_of(checklist, shown.gate)
    asked = _asked(questions, form, actor, known, shown.id)
    open_now = {each.key for each in asked_of(checklist, shown.gate.said, has)}
    return page(
        "inventory/checks/checks.html",
        form=form,
        device=shown,
        title=device_title(shown),
        asked=asked,
        failed=[each for each in asked if each.question in checks_now.failed],
        waiting=[each for each in asked if each.waits and each.question.key in open_now],
        done=len(checks_now.required) - len(checks_now.missing),
        required=len(checks_now.required),
        is_open=shown.state == DeviceState.TESTING,
        is_well=bool(well) and at_once,
        may_be_well=bool(well),
        names=names_of({each.actor_id for each in known.values()} | {each.confirmed_by for each in known.values()}),
        actor_id=actor.id,
    )


@blueprint.post("/appareils/<code>/controles/confirmer")
@requires(Permission.DEVICE_CHECK)
def checks_confirm(actor: Actor, code: str) -> Response:
    """Confirm the answer of somebody else, as the second person."""
    found = device_by_code(actor, code)
    form = Form(ToConfirm)
    with unit_of_work():
        confirm_checks(actor, found, [form.load()["question"]])
        return go("inventory.checks", done=_("Confirmé."), code=found.code)


@blueprint.post("/appareils/<code>/controles/annuler")
@requires(Permission.DEVICE_CHECK)
def checks_take_back(actor: Actor, code: str) -> Response:
    """Take back the answers that one has just given."""
    found = device_by_code(actor, code)
    form = Form(ToTakeBack)
    with unit_of_work():
        count = take_answers_back(actor, found, form.load()["position"])
        done = _n(
            "%(num)s réponse annulée : la précédente compte de nouveau.",
            "%(num)s réponses annulées : les précédentes comptent de nouveau.",
            count,
        )
        return go("inventory.device", done=done, code=found.code)


@blueprint.get("/appareils/<code>/controles/photos/<int:check_id>")
@requires(Permission.DEVICE_READ)
def checks_photo(actor: Actor, code: str, check_id: int) -> Response:
    """The picture of an answer."""
    return picture_response(check_photo(device_by_code(actor, code), check_id))
