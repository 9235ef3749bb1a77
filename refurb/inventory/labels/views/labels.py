"""Printing labels: of one device, or of a whole donation."""

from collections.abc import Sequence
from typing import Any

from flask import request, url_for
from marshmallow import Schema
from werkzeug.wrappers import Response

from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.donations.queries.donations import donation_by_reference
from refurb.inventory.labels.actions.labels import devices_to_label, labels_of, print_labels
from refurb.inventory.labels.formats import LabelFormat, label_formats
from refurb.inventory.labels.printing import Label, printed_test
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.fields import Number, Text, Wrong
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, page

# How many labels a page previews; the PDF has them all.
PREVIEWED = 6


class NothingToPrint(Refusal):
    """There is no device to print a label for."""

    code = "label.nothing_to_print"


class Format(Text):
    """One of the label formats of the policy."""

    widget = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in label_formats():
            raise Wrong("field.choice")
        return text


class Printing(Schema):
    """On what a label is printed."""

    format = Format(_l("Format"), required=True, choices=lambda: [(key, each.name) for key, each in label_formats().items()])
    cell = Number(
        _l("Première case libre"),
        help=_l("Sur une planche entamée, comptez de gauche à droite, puis de haut en bas. Les cases déjà décollées restent vides."),
        min=1,
        max=max(each.cells for each in label_formats().values()),
        load_default=1,
    )


class PrintingMany(Printing):
    """Which labels of a donation are printed, and on what."""

    which = Text(
        _l("Quels appareils"),
        widget="radio",
        choices=lambda: [("new", _l("Ceux qui n'ont pas encore d'étiquette")), ("all", _l("Tous"))],
        load_default="new",
    )


def printed_on(told: dict[str, Any]) -> tuple[LabelFormat, int]:
    """The format that was chosen, and how many of its first cells are used already."""
    made = label_formats()[told["format"]]
    return made, min(told["cell"] or 1, made.cells) - 1 if made.kind == "sheet" else 0


@blueprint.route("/appareils/<code>/etiquette", methods=["GET", "POST"])
@requires(Permission.LABEL_PRINT)
def label(actor: Actor, code: str) -> Response:
    """Print the label of one device."""
    found = device_by_code(actor, code)
    form = Form(Printing, start={"cell": 1})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            pdf = print_labels(actor, [found], *printed_on(form.load()))
            return download(pdf, f"etiquette-{spell(found.code)}.pdf", "application/pdf")
    found = device_by_code(actor, code)
    lead = _("%(device)s, %(code)s", device=device_title(found), code=spell(found.code))
    return _page(form, [found], lead, url_for("inventory.device", code=found.code))


@blueprint.route("/dons/<reference>/etiquettes", methods=["GET", "POST"])
@requires(Permission.LABEL_PRINT)
def donation_labels(actor: Actor, reference: str) -> Response:
    """Print the labels of the devices of a donation."""
    donation = donation_by_reference(actor, reference)
    form = Form(PrintingMany, start={"cell": 1, "which": "new"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            wanted = devices_to_label(donation.id, only_new=facts["which"] != "all")
            if not wanted:
                raise NothingToPrint
            return download(print_labels(actor, wanted, *printed_on(facts)), f"etiquettes-{donation.reference}.pdf", "application/pdf")
        donation = donation_by_reference(actor, reference)
    unlabelled = devices_to_label(donation.id, only_new=True)
    wanted = unlabelled or devices_to_label(donation.id, only_new=False)
    lead = _("Don %(reference)s : %(new)s sans étiquette", reference=donation.reference, new=len(unlabelled))
    return _page(form, wanted, lead, url_for("inventory.donation", reference=donation.reference))


@blueprint.get("/etiquettes/essai/<name>")
@requires(Permission.LABEL_PRINT)
def label_test_sheet(_actor: Actor, name: str) -> Response:
    """The sheet by which one sees that the printer prints at 100 %."""
    made = label_formats().get(name)
    if made is None:
        raise NotFound
    return download(printed_test(made), f"essai-{made.key}.pdf", "application/pdf")


def _page(form: Form, devices: Sequence[Device], lead: str, back: str) -> Response:
    shown: list[Label] = labels_of(devices[:PREVIEWED])
    return page(
        "inventory/labels/labels.html",
        form=form,
        labels=shown,
        more=len(devices) - len(shown),
        total=len(devices),
        lead=lead,
        back=back,
        formats=label_formats(),
    )
