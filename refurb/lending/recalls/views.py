"""The pages on which the desk asks a thing back, and withdraws that."""

from flask import request
from werkzeug.wrappers import Response

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.facts import Reason
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import line_by_id
from refurb.lending.recalls.actions import recall, undo_recall
from refurb.lending.recalls.queries import recall_of
from refurb.lending.recalls.rules import RecallClosed, RecalledTooLate, RecalledTooSoon, may_be_recalled
from refurb.lending.recalls.schemas import RecallTold

P = Permission
_FIELD_OF: dict[type[Refusal], str] = dict.fromkeys((RecallClosed, RecalledTooLate, RecalledTooSoon), "due_on")


@blueprint.route("/prets/<reference>/lignes/<int:number>/rappeler", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def recall_line(actor: Actor, reference: str, number: int) -> Response:
    """Ask a thing back before its day: by when, and why. What keeps it from being asked is said in place of the form."""
    line = line_by_id(actor, reference, number)
    form = Form(RecallTold, field_of=_FIELD_OF)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = recall(actor, line, **form.load())
            done = _("%(name)s est rappelé : à rendre le %(day)s.", name=line.item.name, day=day(made.due_on))
            return go("lending.loan", done=done, reference=line.loan.reference)
        line = line_by_id(actor, reference, number)
    first, barred = None, None
    try:
        first = may_be_recalled(line)
    except Refusal as refusal:
        barred = refusal
    if first is not None and request.method == "GET":
        form = Form(RecallTold, start={"due_on": first})
    return page("lending/recalls/recall.html", status=form.status, form=form, line=line, first=first, barred=barred, sentence=sentence)


@blueprint.route("/prets/<reference>/lignes/<int:number>/annuler-le-rappel", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def undo_recall_line(actor: Actor, reference: str, number: int) -> Response:
    """A thing may stay after all, with the reason."""
    line, form = line_by_id(actor, reference, number), Form(Reason)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            undo_recall(actor, line, **form.load())
            done = _("Rappel annulé : à rendre le %(day)s.", day=day(line.due_on))
            return go("lending.loan", done=done, reference=line.loan.reference)
        line = line_by_id(actor, reference, number)
    return page("lending/recalls/undo.html", status=form.status, form=form, line=line, recall=recall_of(line))
