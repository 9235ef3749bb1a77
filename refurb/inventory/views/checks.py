"""The checklist of a device."""

from typing import Any

from flask import request
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.inventory.actions.checks import Answer, ChecksClosed, Told, answer_checks
from refurb.inventory.checklists import Checklist, checklist_of
from refurb.inventory.queries import answers_of, device_by_code
from refurb.inventory.states import device_machine
from refurb.inventory.views.blueprint import blueprint
from refurb.inventory.views.doors import device_title
from refurb.inventory.words import DeviceState
from refurb.kernel.access import Actor, Permission, requires
from refurb.kernel.fields import Text, Word
from refurb.kernel.forms import Form
from refurb.kernel.pages import go, page
from refurb.kernel.unit_of_work import unit_of_work
from refurb.kernel.words import _, _l, _n

ANSWERS = {Answer.YES: _l("Oui"), Answer.NO: _l("Non"), Answer.BESIDE: _l("Sans objet")}


def checks_schema(checklist: Checklist) -> type[Schema]:
    """The form of a checklist: for each question an answer and a note."""
    fields: dict[str, Any] = {}
    for question in checklist.questions:
        offered = {answer: word for answer, word in ANSWERS.items() if answer != Answer.BESIDE or question.optional_part}
        fields[f"q_{question.key}"] = Word(Answer, question.text, labels=offered, widget="radio")
        fields[f"n_{question.key}"] = Text(_("Note : %(what)s", what=question.short), max=300)
    return Schema.from_dict(fields)


def told_answers(loaded: dict[str, Any]) -> dict[str, Told]:
    """The answers in what the form loaded; a question without one stays as it was."""
    return {
        name.removeprefix("q_"): Told(answer, loaded.get(f"n_{name.removeprefix('q_')}") or None)
        for name, answer in loaded.items()
        if name.startswith("q_") and answer is not None
    }


@blueprint.route("/appareils/<code>/controles", methods=["GET", "POST"])
@requires(Permission.DEVICE_CHECK)
def checks(actor: Actor, code: str) -> Response:
    """Answer the checklist, or look at its answers where the tests are not running."""
    found = device_by_code(actor, code)
    checklist = checklist_of(found.kind)
    known = answers_of(found)
    start = {f"q_{key}": each.answer for key, each in known.items()} | {f"n_{key}": each.note for key, each in known.items()}
    form = Form(checks_schema(checklist), start=start)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            count = answer_checks(actor, found, told_answers(form.load()))
            saved = _n("%(num)s contrôle enregistré.", "%(num)s contrôles enregistrés.", count)
            return go("inventory.device", done=saved if count else _("Rien de nouveau à enregistrer."), code=found.code)
        found = device_by_code(actor, code)
    elif found.state != DeviceState.TESTING:
        form.refusal = ChecksClosed(state=device_machine.looks[found.state].word)
    required = [question for question in checklist.questions if question.required]
    return page(
        "inventory/checks.html",
        form=form,
        device=found,
        title=device_title(found),
        checklist=checklist,
        done=sum(question.key in known for question in required),
        required=len(required),
        is_open=found.state == DeviceState.TESTING,
    )
