"""The pages of kits: their contents corrected, pieces that are there again, labels on pieces."""

from collections.abc import Sequence
from typing import Any

from flask import current_app, request
from werkzeug.wrappers import Response

from refurb.directory.actions import CodeTaken, CodeUnknown
from refurb.directory.queries import home
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.labels.printing import Label, printed
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.codes import UnreadableCode, address, spell
from refurb.kernel.speech.errors import NotFound, Refusal
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.lending.blueprint import blueprint
from refurb.lending.items.queries import item_by_code, items_by_codes
from refurb.lending.items.rules import NotSoManyHere
from refurb.lending.kits.actions import correct_contents, free_piece, label_pieces, note_pieces_back, weigh
from refurb.lending.kits.contents import Change, changes_of
from refurb.lending.kits.queries import missing_now, piece_labels, sisters, weighed_of
from refurb.lending.kits.rows import rows_of, rows_typed, told_by
from refurb.lending.kits.rules import AllLabelled, FateUntold, NotSoManyMissing, PieceElsewhere
from refurb.lending.kits.schemas import ContentsTold, Labelled, PiecesBack, Scaled
from refurb.lending.models import Component, Item
from refurb.lending.queries import line_out
from refurb.lending.shown import change_said
from refurb.lending.words import PICTURES, PIECE_FATES, PieceWhy
from refurb.lending.worth import grams, worth

P = Permission

# Said beside the field that it is about.
_CODE_FIELD: dict[type[Refusal], str] = {
    UnreadableCode: "code", CodeUnknown: "code", CodeTaken: "code", PieceElsewhere: "code", AllLabelled: "component",
}  # fmt: skip


@blueprint.route("/materiel/<code>/contenu", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def item_contents(actor: Actor, code: str) -> Response:
    """What belongs to a kit from its next departure on: what changes is said before it is done; a loan that runs keeps its list."""
    found = item_by_code(actor, code)
    form = Form(ContentsTold)
    others = list(sisters(found))
    changes: Sequence[Change] = ()
    also = request.form.getlist("also")
    if request.method == "POST":
        rows = rows_typed(found.components)
        with form.catching():
            sent = {"components": told_by(rows), "reason": request.form.get("reason", ""), "also": also}
            changes = changes_of(found.components, load(ContentsTold, sent | {"reason": "?"})["components"])
            if request.form.get("do") == "save":
                told = load(ContentsTold, sent)
                with unit_of_work():
                    alike = items_by_codes(actor, [each for each in also if each in {sister.code for sister in others}])
                    changes = correct_contents(actor, found, components=told["components"], reason=told["reason"], also=alike)
                    return go("lending.item", done=_done(changes, alike), code=found.code)
        found = item_by_code(actor, code)
        others = list(sisters(found))
    else:
        rows = rows_of(found.components)
    return page(
        "lending/kits/contents.html",
        form=form,
        item=found,
        line=line_out(found),
        rows=rows,
        pictures=PICTURES,
        fates=PIECE_FATES,
        changes=[(each, change_said(each.plain())) for each in changes],
        asks_fate={each.name for each in changes if each.asks_fate},
        fate_missing=isinstance(form.refusal, FateUntold | NotSoManyHere),
        looked=request.method == "POST",
        before=worth((part.value_cents, part.quantity) for part in found.components),
        after=_worth_after(found.components, changes),
        others=others,
        also=also,
    )


def _done(changes: Sequence[Change], alike: Sequence[Item]) -> str:
    done = _n("Contenu corrigé : %(num)s changement.", "Contenu corrigé : %(num)s changements.", len(changes))
    also = _n("De même pour %(num)s autre malle.", "De même pour %(num)s autres malles.", len(alike)) if alike else ""
    return f"{done} {also}".strip()


def _worth_after(components: Sequence[Component], changes: Sequence[Change]) -> str:
    by_name = {each.name: each for each in changes}
    parts = []
    for part in components:
        after: Any = by_name[part.name].after if part.name in by_name else {}
        if after is not None:
            parts.append((after.get("value_cents", part.value_cents), after.get("quantity", part.quantity)))
    added = [each.after for each in changes if each.before is None and each.after is not None]
    return worth([*parts, *((each["value_cents"], each["quantity"]) for each in added)])


@blueprint.route("/materiel/<code>/pieces-rendues", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def pieces_back(actor: Actor, code: str) -> Response:
    """Missing pieces are there again: replaced, found, or brought by whoever had them."""
    found = item_by_code(actor, code)
    short = missing_now(found)
    first = short[0] if len(short) == 1 else None
    start = {"quantity": first.count if first else 1, "how": PieceWhy.REPLACED, "component": first.component.id if first else None}
    offered = [(str(each.component.id), _("%(name)s (manque : %(count)s)", name=each.component.name, count=each.count)) for each in short]
    choices = {"component": offered if len(offered) == 1 else [("", _("Choisir un élément")), *offered]}
    form = Form(PiecesBack, start=start, choices=choices, field_of={NotSoManyMissing: "quantity"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            note_pieces_back(actor, found, **form.load())
            return go("lending.item", done=_("C'est noté : les pièces sont là."), code=found.code)
        found = item_by_code(actor, code)
    return page("lending/kits/pieces_back.html", form=form, item=found, short=short)


@blueprint.route("/materiel/<code>/etiquettes", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def item_labels(actor: Actor, code: str) -> Response:
    """The labels of a kit and of its pieces: a piece whose label is scanned finds its kit."""
    found = item_by_code(actor, code)
    choices = {"component": [("", _("Choisir un élément")), *((str(part.id), part.name) for part in found.components)]}
    form = Form(Labelled, choices=choices, field_of=_CODE_FIELD)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            made = label_pieces(actor, found, **form.load())
            done = _n("%(num)s étiquette de pièce notée.", "%(num)s étiquettes de pièces notées.", len(made))
            return go("lending.item_labels", done=done, code=found.code)
        found = item_by_code(actor, code)
    return page(
        "lending/kits/labels.html", form=form, item=found, labels=piece_labels(found), formats=label_formats().values(), spelt=spell
    )


@blueprint.post("/materiel/<code>/etiquettes/<piece>/retirer")
@requires(P.ITEM_WRITE)
def free_piece_label(actor: Actor, code: str, piece: str) -> Response:
    """Take a label off a piece."""
    found = item_by_code(actor, code)
    with unit_of_work():
        free_piece(actor, found, piece)
        return go("lending.item_labels", done=_("L'étiquette n'est plus sur cette pièce."), code=found.code)


@blueprint.get("/materiel/<code>/etiquettes.pdf")
@requires(P.LABEL_PRINT)
def item_labels_pdf(actor: Actor, code: str) -> Response:
    """The labels of the pieces of a kit, and the kit's own where it is no device."""
    found = item_by_code(actor, code)
    made = label_formats().get(request.args.get("format", "ruban-62"))
    drawn = [] if found.device_id else [_label(found.code, found.name, found.product.name)]
    labels = piece_labels(found)
    drawn += [_label(each, part.name, found.name) for part in found.components for each in labels.get(part.id, ())]
    if made is None or not drawn:
        raise NotFound
    return download(printed(drawn, made), f"etiquettes-{found.code}.pdf", "application/pdf")


def _label(code: str, title: str, fact: str) -> Label:
    told = _("Matériel en prêt. Scannez pour de l'aide.")
    return Label(code, address(code, current_app.config["BASE_URL"]), title, (fact,), home().name, told)


@blueprint.route("/materiel/<code>/peser", methods=["GET", "POST"])
@requires(P.LOAN_WRITE)
def weigh_item(actor: Actor, code: str) -> Response:
    """Weigh a kit before it leaves and as it comes back: lighter, the likely missing piece is named."""
    found = item_by_code(actor, code)
    form = Form(Scaled)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            weigh(actor, found, **form.load())
            return go("lending.weigh_item", done=_("Le poids est noté."), code=found.code)
        found = item_by_code(actor, code)
    return page("lending/kits/weigh.html", form=form, item=found, line=line_out(found), standing=weighed_of(found), grams=grams)


def scan_component(actor: Actor, component_id: int) -> Response:
    """Where the label of a piece leads: to where its kit's does."""
    item_id = db.session.scalar(db.select(Component.item_id).where(Component.id == component_id))
    if item_id is None:
        raise NotFound
    answer: Response = wired().scan_targets[Item.KIND](actor, item_id)
    return answer
