"""Labels printed in advance: the runs, making one, printing it, printing it again."""

from flask import request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.labels.actions.label_runs import MOST_IN_A_RUN, codes_of_run, make_run, print_run, unused_labels
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.labels.queries import run_by_id, runs
from refurb.inventory.labels.views.labels import Printing, printed_on
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.fields import Number, Text
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.search import page_number

P = Permission


class NewRun(Schema):
    """How many labels are made in advance."""

    count = Number(_l("Combien d'étiquettes"), required=True, min=1, max=MOST_IN_A_RUN, help=_l("24 remplissent une planche A4."))


class PrintingRun(Printing):
    """Which labels of a run are printed, and on what."""

    which = Text(
        _l("Quelles étiquettes"),
        widget="radio",
        choices=lambda: [("unused", _l("Celles qui ne sont encore sur aucune machine")), ("all", _l("Toutes"))],
        load_default="unused",
    )


@blueprint.route("/etiquettes/avance", methods=["GET", "POST"])
@requires(P.LABEL_PRINT)
def label_runs(actor: Actor) -> Response:
    """The runs made so far, and the form that makes one more."""
    form = Form(NewRun, start={"count": 24})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = make_run(actor, form.load()["count"])
            return go("inventory.label_run", done=_("La série est créée. Imprimez-la."), run_id=made.id)
    found = runs(page_number())
    return page(
        "inventory/labels/label_runs.html",
        form=form,
        found=found,
        names=names_of({row.made_by for row in found.rows}),
        unused=unused_labels(),
    )


@blueprint.route("/etiquettes/avance/<int:run_id>", methods=["GET", "POST"])
@requires(P.LABEL_PRINT)
def label_run(actor: Actor, run_id: int) -> Response:
    """One run: how many of its labels are left, and printing them."""
    run = run_by_id(actor, run_id)
    form = Form(PrintingRun, start={"cell": 1, "which": "unused"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            pdf = print_run(actor, run, *printed_on(facts), unused=facts["which"] != "all")
            return download(pdf, f"etiquettes-avance-{run.id}.pdf", "application/pdf")
        run = run_by_id(actor, run_id)
    left = len(codes_of_run(run, unused=True))
    return page(
        "inventory/labels/label_run.html", form=form, run=run, left=left, names=names_of({run.made_by}), formats=label_formats(),
        back=url_for("inventory.label_runs"),
    )  # fmt: skip
