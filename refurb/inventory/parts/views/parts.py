"""The pages of spare parts: the stock, one part, what they cost."""

from flask import redirect, request, url_for
from flask_babel import format_currency
from sqlalchemy import select
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.labels.formats import label_formats
from refurb.inventory.parts.actions import change_part, count_part, draw_part_label, enter_part, fit_part
from refurb.inventory.parts.models import Part
from refurb.inventory.parts.queries import (
    PartFilter,
    funders,
    moves_of,
    part_by_code,
    parts,
    parts_listed,
    running_low,
    spent_by_funder,
    stock_totals,
)
from refurb.inventory.parts.schemas import NewPart, PartCount, PartFacts, PartInto
from refurb.inventory.words.parts import PART_DEEDS, PART_KINDS, PART_ORIGINS, PartKind, PartOrigin
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import events_of, notes_of
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import download, go, page
from refurb.kernel.web.search import page_number
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, cents_as_amount, exported

P = Permission
FACTS = ("name", "fits", "place", "low_at", "cost", "supplier", "invoice", "funder")
COLUMNS = (
    SheetColumn("code", lambda part: spell(part.code), 12),
    SheetColumn("genre", lambda part: PART_KINDS[part.kind], 16),
    SheetColumn("designation", lambda part: part.name, 32),
    SheetColumn("lot", lambda part: part.is_lot, 8),
    SheetColumn("en_stock", lambda part: part.quantity, 10),
    SheetColumn("seuil", lambda part: part.low_at, 10),
    SheetColumn("provenance", lambda part: PART_ORIGINS[part.origin], 18),
    SheetColumn("appareil_source", lambda part: part.source and spell(part.source.code), 16),
    SheetColumn("cout_unitaire_eur", lambda part: cents_as_amount(part.cost_cents), 18),
    SheetColumn("fournisseur", lambda part: part.supplier, 20),
    SheetColumn("facture", lambda part: part.invoice, 18),
    SheetColumn("financement", lambda part: part.funder, 18),
    SheetColumn("compatible", lambda part: part.fits, 28),
    SheetColumn("rangement", lambda part: part.place, 14),
    SheetColumn("entree_le", lambda part: local(part.entered_at).date(), 12),
)


def euros(cents: int | None) -> str:
    """An amount as people read it: « 12,50 € »."""
    return "–" if cents is None else str(format_currency(cents / 100, "EUR"))


def plain_euros(cents: int | None) -> str:
    """An amount as it is typed in a form or read by a spreadsheet: « 12,50 »."""
    return "" if cents is None else f"{cents / 100:.2f}".replace(".", ",")


def wanted_parts() -> PartFilter:
    """What the address asks of the list."""
    asked = request.args
    return PartFilter(
        words=asked.get("q", "").strip()[:100],
        kind=PartKind(asked["nature"]) if asked.get("nature") in set(PartKind) else None,
        origin=PartOrigin(asked["provenance"]) if asked.get("provenance") in set(PartOrigin) else None,
        funder=asked.get("financement", "").strip()[:80],
        low="bas" in asked,
        gone="epuisees" in asked,
    )


@blueprint.get("/pieces")
@requires(P.DEVICE_READ)
def part_list(actor: Actor) -> Response:
    """The parts in stock, filtered and searched, and what runs low."""
    del actor
    pieces, cents = stock_totals()
    return page(
        "inventory/parts/parts.html",
        wanted=wanted_parts(),
        found=parts(wanted_parts(), page_number(), order_asked()),
        low=running_low(),
        pieces=pieces,
        worth=euros(cents),
        kinds=PART_KINDS,
        origins=PART_ORIGINS,
        funders=funders(),
        euros=euros,
    )


@exported(blueprint, "/pieces", P.DEVICE_READ)
def part_export(_actor: Actor) -> SheetFile:
    """The same parts as a spreadsheet."""
    return SheetFile.listed("pieces", COLUMNS, parts_listed(wanted_parts()))


@blueprint.get("/pieces/couts")
@requires(P.DEVICE_READ)
def part_costs(actor: Actor) -> Response:
    """What each funder paid for: what is fitted, in how many devices, what is left in stock."""
    del actor
    return page("inventory/parts/part_costs.html", rows=spent_by_funder(), euros=euros)


@blueprint.route("/pieces/nouvelle", methods=["GET", "POST"])
@requires(P.PART_WRITE)
def part_new(actor: Actor) -> Response:
    """Enter a piece or a lot."""
    asked = request.args.get("nature")
    start = {"kind": asked if asked in set(PartKind) else PartKind.RAM, "quantity": 1}
    known = [(each, each) for each in funders()]
    form = Form(NewPart, start=start, choices={"funder": known})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            part = enter_part(actor, **form.load())
            return go("inventory.part", done=_("Entrée en stock : %(code)s.", code=spell(part.code)), code=part.code)
    return page("inventory/parts/part_new.html", form=form)


@blueprint.get("/pieces/<code>")
@requires(P.DEVICE_READ)
def part(actor: Actor, code: str) -> Response:
    """One part: how many are left, where they went, what they cost."""
    found = part_by_code(actor, code)
    moves = moves_of(found)
    events = events_of(found)
    # The moves of the stock and their events go by pairs; corrections have an event alone.
    reasons = [note.get("reason") for note in (notes_of(events)[each.id] for each in events if each.move != "corrected")]
    return page(
        "inventory/parts/part.html",
        part=found,
        moves=list(zip(moves, reasons, strict=True)),
        names=names_of({each.actor_id for each in moves}),
        kinds=PART_KINDS,
        origins=PART_ORIGINS,
        deeds=PART_DEEDS,
        formats=label_formats(),
        euros=euros,
    )


@blueprint.route("/pieces/<code>/modifier", methods=["GET", "POST"])
@requires(P.PART_WRITE)
def part_change(actor: Actor, code: str) -> Response:
    """Correct what is known of a part."""
    found = part_by_code(actor, code)
    start = {name: getattr(found, name) for name in FACTS if name != "cost"} | {"cost": plain_euros(found.cost_cents)}
    form = Form(PartFacts, start=start, choices={"funder": [(each, each) for each in funders()]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            change_part(actor, found, **form.load())
            return go("inventory.part", done=_("Pièce corrigée."), code=found.code)
    return page("inventory/parts/part_form.html", form=form, part=part_by_code(actor, code), title=_("Corriger la pièce"), sign="save")


@blueprint.route("/pieces/<code>/compter", methods=["GET", "POST"])
@requires(P.PART_WRITE)
def part_count(actor: Actor, code: str) -> Response:
    """Say how many are really there."""
    found = part_by_code(actor, code)
    form = Form(PartCount, start={"quantity": found.quantity})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            difference = count_part(actor, found, **form.load())
            return go("inventory.part", done=_("Stock corrigé.") if difference else _("Le compte était juste."), code=found.code)
    return page("inventory/parts/part_form.html", form=form, part=part_by_code(actor, code), title=_("Recompter"), sign="list-checks")


@blueprint.route("/pieces/<code>/monter", methods=["GET", "POST"])
@requires(P.PART_WRITE)
def part_fit(actor: Actor, code: str) -> Response:
    """Fit the part into the device whose code is scanned."""
    found = part_by_code(actor, code)
    form = Form(PartInto, start={"quantity": 1})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            device = device_by_code(actor, facts["device"])
            reopened = fit_part(actor, found, device, facts["quantity"])
            return go("inventory.device", done=fitted_said(reopened), code=device.code)
    return page(
        "inventory/parts/part_form.html", form=form, part=part_by_code(actor, code), title=_("Monter dans un appareil"), sign="wrench"
    )


@blueprint.get("/pieces/<code>/etiquette.pdf")
@requires(P.LABEL_PRINT)
def part_label(actor: Actor, code: str) -> Response:
    """The label of a part, in one of the formats of the policy: the tape unless another is asked for."""
    found, formats = part_by_code(actor, code), label_formats()
    made = formats.get(request.args.get("format", "")) or next((each for each in formats.values() if each.kind == "roll"), None)
    return download(draw_part_label(found, made or next(iter(formats.values()))), f"etiquette-{found.code}.pdf", "application/pdf")


def fitted_said(reopened: int) -> str:
    """The word on a part that was fitted, and on the checks that this re-opened."""
    if not reopened:
        return _("Pièce montée.")
    return _n("Pièce montée ; %(num)s contrôle à refaire.", "Pièce montée ; %(num)s contrôles à refaire.", reopened)


def scan_part(actor: Actor, part_id: int) -> Response:
    """Where the label of a part leads."""
    code = db.session.scalar(select(Part.code).where(Part.id == part_id))
    if code is None or not actor.may(P.DEVICE_READ):
        raise NotFound
    return redirect(url_for("inventory.part", code=code), 303)
