"""The pages of what is lent: the shelves, one thing with its history, making new ones, taking a device of the stock into the pool."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.schemas import ToSite
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.states import device_machine
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _l, _n, _p, day
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.doors import Doors, add_pages
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.lending.blueprint import blueprint
from refurb.lending.debts.queries import damages_noted, debts_for, open_damages
from refurb.lending.items.actions import (
    ITEM_FACTS,
    PRODUCT_FACTS,
    add_item,
    add_product,
    bring_home,
    correct_item,
    correct_product,
    keeps_data,
    move_item,
)
from refurb.lending.items.queries import item_by_code, item_listing, items, missing_of, owners, product_by_id, products, shelves
from refurb.lending.items.schemas import Checked, ItemFacts, ItemRecord, NewItem, ProductRecord
from refurb.lending.items.states import item_machine
from refurb.lending.kits.queries import held_by, missing_now, piece_labels, use_of
from refurb.lending.labels import label_pdf
from refurb.lending.models import Item
from refurb.lending.pages.components import ComponentRow, components_told, rows_typed, typed_euros
from refurb.lending.queries import days_late, line_out
from refurb.lending.reservations.queries import promised_of
from refurb.lending.shown import history_of
from refurb.lending.terms import loan_policy
from refurb.lending.upkeep.queries import repairs_of, standings_of, value_of
from refurb.lending.upkeep.views import rhythm
from refurb.lending.words import DEBT_KINDS, PICTURES, ItemState
from refurb.lending.worth import euros, worth
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


def _wanted_items() -> tuple[str, ItemState | None, int | None]:
    """What the address asks of the list: words, state, product."""
    asked = request.args.get("etat", "")
    return request.args.get("q", "").strip()[:100], ItemState(asked) if asked in set(ItemState) else None, number_asked("produit")


@blueprint.get("/materiel")
@requires(P.LOAN_READ)
def item_list(_actor: Actor) -> Response:
    """The shelves, and every thing on them."""
    typed, state, product_id = _wanted_items()
    return page(
        "lending/items/items.html",
        shelves=shelves(),
        found=items(typed, state, product_id, page_number(), order_asked(), site_asked()),
        typed=typed,
        state=state,
        product_id=product_id,
        looks=item_machine.looks,
    )


_COLUMNS = (
    SheetColumn(_l("Code"), lambda row: spell(row.code), 12),
    SheetColumn(_l("Nom"), lambda row: row.name, 30),
    SheetColumn(_l("Produit"), lambda row: row.product, 28),
    SheetColumn(_l("État"), lambda row: item_machine.looks[row.state].word, 20),
    SheetColumn(_l("Attendu le"), lambda row: row.due_on, 12),
)


@exported(blueprint, "/materiel", P.LOAN_READ)
def items_file(_actor: Actor) -> SheetFile:
    """The same things as a spreadsheet; who has them is told with the loans."""
    return SheetFile.listed("materiel", _COLUMNS, item_listing(*_wanted_items(), site_asked()))


@blueprint.route("/materiel/produits/nouveau", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new_product(actor: Actor) -> Response:
    """Something new that can be asked for."""
    form = Form(ProductRecord, choices={"category": [(each.key, each.name) for each in loan_policy().categories.values()]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            product = add_product(actor, **form.load())
            return go("lending.new_item", done=_("%(name)s est au catalogue.", name=product.name), produit=product.id)
    return page("lending/items/product_new.html", form=form)


def _product_choices() -> list[tuple[str, Any]]:
    found = [(str(each.id), each.name) for each in products()]
    return [("", _("Choisir un produit")), *found] if found else []


def _record_choices() -> dict[str, list[tuple[str, Any]]]:
    ours = [("", _("Nous, ou on ne sait pas")), *((str(each.id), each.name) for each in owners())]
    return {"product_id": _product_choices(), "owner_id": ours}


# Under which category a device of the stock is lent; its products come first to mind.
_CATEGORY_OF = {DeviceKind.TABLET: "tablet", DeviceKind.LAPTOP: "computer", DeviceKind.DESKTOP: "computer"}


def _likely_product(kind: DeviceKind) -> int | None:
    return next((each.id for each in products() if each.category == _CATEGORY_OF.get(kind)), None)


@blueprint.route("/materiel/nouveau", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def new_item(actor: Actor) -> Response:
    """A thing to lend that is no device of the stock."""
    product = next((each for each in products() if each.id == number_asked("produit")), None)
    form = Form(ItemRecord, start={"product_id": product and product.id}, choices=_record_choices())
    if request.method == "POST" and request.form.get("do") != "more":
        with form.catching(), unit_of_work():
            item = add_item(actor, **load(NewItem, form.sent() | {"components": components_told()}))
            return go("lending.item", done=_("%(name)s peut être prêté : collez son étiquette.", name=item.name), code=item.code)
        form.choices = _record_choices()
    start = (ComponentRow(product.name),) if product else ()
    return page("lending/items/item_new.html", form=form, rows=rows_typed(start), pictures=PICTURES)


@blueprint.route("/appareils/<code>/mettre-au-pret", methods=["GET", "POST"])
@requires(P.DEVICE_POOL)
def join_pool(actor: Actor, code: str) -> Response:
    """A ready device of the stock joins what is lent, under its own code."""
    device = device_by_code(actor, code)
    name = device.name or str(DEVICE_KINDS[device.kind])
    form = Form(ItemFacts, start={"name": name, "product_id": _likely_product(device.kind)}, choices={"product_id": _product_choices()})
    if request.method == "POST" and request.form.get("do") != "more":
        with form.catching(), unit_of_work():
            device_machine.fire(device, "join_pool", actor, **form.sent(), components=components_told())
            return go("lending.item", done=_("%(name)s peut être prêté.", name=form.sent()["name"]), code=device.code)
        device = device_by_code(actor, code)
        form.choices = {"product_id": _product_choices()}
    kind = DEVICE_KINDS[device.kind]
    start = (
        ComponentRow(str(kind), "1", "", "tablette" if device.kind is DeviceKind.TABLET else ""),
        ComponentRow(_p("component", "Chargeur"), "1", "", "chargeur"),
    )
    return page(
        "lending/items/join_pool.html",
        form=form,
        device=device,
        name=name,
        rows=rows_typed(start),
        pictures=PICTURES,
        closed=device_machine.refusal(device, "join_pool"),
    )


@blueprint.get("/materiel/<code>")
@requires(P.LOAN_READ, P.DEVICE_READ)
def item(actor: Actor, code: str) -> Response:
    """One thing: where it is, what to do next, what belongs to it, and its history. Who has it is told to those who may read borrowers."""
    found = item_by_code(actor, code)
    line = line_out(found)
    return page(
        "lending/items/item.html",
        item=found,
        look=item_machine.looks[found.state],
        line=line,
        late=days_late(line) if line else 0,
        held=held_by(actor, found),
        short=missing_now(found),
        labels=piece_labels(found),
        missing=missing_of(found),
        facts=_facts(found),
        standings=standings_of(found) if actor.may(P.LOAN_READ) else (),
        repairs=repairs_of(found) if actor.may(P.LOAN_READ) else (),
        rhythm=rhythm,
        damages=open_damages(found),
        noted=damages_noted(found) if actor.may(P.LOAN_READ) else (),
        debts=debts_for(found) if actor.may(P.LOAN_READ) else (),
        kinds=DEBT_KINDS,
        keeps_data=keeps_data(found),
        may_correct=actor.may(P.ITEM_WRITE),
        promised=promised_of(found) if actor.may(P.LOAN_READ) else (),
        choices=[choice for choice in item_machine.open_to(found, actor) if not choice.move.inner],
        history=history_of(found, item_machine),
        euros=euros,
        sees_borrower=actor.may(P.BORROWER_READ),
        may_lend=actor.may(P.LOAN_WRITE),
    )


def _facts(found: Item) -> list[tuple[Any, Any]]:
    """What the side of a thing's page says of it."""
    count, first, days = use_of(found)
    lent = _n("%(num)s depuis le %(day)s", "%(num)s depuis le %(day)s", count, day=day(first)) if first else _p("loan", "jamais")
    owner = " · ".join(
        told
        for told in (
            found.owner.name if found.owner else "",
            found.right_of_use or "",
        )
        if told
    )
    kept = _("à garder jusqu'au %(day)s", day=day(found.keep_until)) if found.keep_until else ""
    logo = _("son logo doit figurer") if found.logo_due else ""
    funder = ", ".join(told for told in (found.funder or "", kept, logo) if told)
    share = f"{found.share_percent}\u202f%" if found.share_percent is not None else ""
    told = [(_("Rangé en"), found.shelf), (_("Propriétaire"), owner), (_("Part du coût à notre charge"), share), (_("Financé par"), funder)]
    acquired = [(_("Acquis le"), day(found.acquired_on))] if found.acquired_on else []
    return [
        (_("Valeur de remplacement"), worth(value_of(found))),
        *((label, value) for label, value in told if value),
        *acquired,
        (_("Prêts"), lent),
        (_("Prêté"), _n("%(num)s jour en douze mois", "%(num)s jours en douze mois", days)),
    ]


@blueprint.get("/materiel/<code>/etiquette.pdf")
@requires(P.LABEL_PRINT)
def item_label(actor: Actor, code: str) -> Response:
    """The label of an item that is no device; one of the stock has its device's."""
    found = item_by_code(actor, code)
    told = _("Matériel en prêt. Scannez pour de l'aide.")
    return label_pdf(found.code, found.name, found.product.name, help_line=told, stem="etiquette")


@blueprint.route("/materiel/<code>/lieu", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def item_site(actor: Actor, code: str) -> Response:
    """Say at which of our places a thing to lend is."""
    found = item_by_code(actor, code)
    form = Form(ToSite, start={"site_id": found.site_id})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            move_item(actor, found, **form.load())
            return go("lending.item", done=_("Le nouveau lieu est noté."), code=found.code)
        found = item_by_code(actor, code)
    return page("directory/move_site.html", form=form, name=found.name, back=url_for("lending.item", code=found.code))


@blueprint.post("/materiel/<code>/arrive")
@requires(P.LOAN_WRITE)
def item_home(actor: Actor, code: str) -> Response:
    """What was given back elsewhere is at its place again."""
    found = item_by_code(actor, code)
    with unit_of_work():
        bring_home(actor, found)
        return go("lending.item", done=_("%(name)s est à sa place.", name=found.name), code=found.code)


@blueprint.route("/materiel/<code>/remettre-au-pret", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def item_check(actor: Actor, code: str) -> Response:
    """What came back is looked at; a device is reset before anybody else gets it."""
    found = item_by_code(actor, code)
    form = Form(Checked)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            item_machine.fire(found, "check", actor, **form.sent())
            return go("lending.counter", done=_("%(name)s est de nouveau disponible.", name=found.name))
        found = item_by_code(actor, code)
    return page(
        "lending/items/check.html",
        form=form,
        item=found,
        damages=open_damages(found),
        keeps_data=keeps_data(found),
        closed=item_machine.refusal(found, "check"),
    )


@blueprint.route("/materiel/<code>/modifier", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def correct_item_page(actor: Actor, code: str) -> Response:
    """What a thing is called and of which product it is, corrected."""
    found = item_by_code(actor, code)
    start = {name: getattr(found, name) for name in ("product_id", "name", "owner_id", *ITEM_FACTS)}
    form = Form(ItemRecord, start=start | {"value": typed_euros(found.value_cents)}, choices=_record_choices())
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_item(actor, found, **form.load())
            return go("lending.item", done=_("Fiche corrigée."), code=found.code)
        found = item_by_code(actor, code)
        form.choices = _record_choices()
    return page("lending/items/item_edit.html", form=form, item=found)


@blueprint.route("/materiel/produits/<int:number>/modifier", methods=["GET", "POST"])
@requires(P.ITEM_WRITE)
def correct_product_page(actor: Actor, number: int) -> Response:
    """What can be asked for, corrected."""
    product = product_by_id(number)
    start = {name: getattr(product, name) for name in PRODUCT_FACTS}
    form = Form(ProductRecord, start=start, choices={"category": [(each.key, each.name) for each in loan_policy().categories.values()]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_product(actor, product, **form.load())
            return go("lending.item_list", done=_("Fiche corrigée."))
        product = product_by_id(number)
    return page("lending/items/product_edit.html", form=form, product=product)


def _offers(found: Item) -> dict[str, list[tuple[str, Any]]]:
    """Of which components pieces may be said to be missing."""
    return {"component": [("", _("Choisir un élément")), *((str(each.id), each.name) for each in found.components if each.here)]}


_PART_FACTS = ("value_cents", "indispensable", "consumable", "weight_mg")


def dump(found: Item, _actor: Actor) -> dict[str, Any]:
    """An item as the API says it; who has it is told with its loan."""
    return {
        "code": found.code,
        "name": found.name,
        "state": found.state.value,
        "product": {"id": found.product_id, "name": found.product.name, "category": found.product.category},
        "is_device": found.device_id is not None,
        "site": found.site_id,
        "stands_at": found.stands_at_id,
        "components": [
            {name: getattr(part, name) for name in ("id", "name", "quantity", "here", *_PART_FACTS)} for part in found.components
        ],
        "damages": [{"component": each.component, "note": each.note, "found_at": plain(each.found_at)} for each in open_damages(found)],
        "owner": found.owner_id,
        "url": url_for("lending.item", code=found.code),
    } | {name: plain(getattr(found, name)) for name in ITEM_FACTS}


DOORS = Doors(
    machine=item_machine,
    path="/materiel/<code>",
    find=item_by_code,
    endpoint="lending.item",
    url=lambda found: {"code": found.code},
    title=lambda found: f"{found.name} · {spell(found.code)}",
    dump=dump,
    custom=frozenset({"check"}),
    offers=lambda found: {
        "component": [("", _("Choisir un élément")), *((str(each.id), each.name) for each in found.components if each.here)]
    },
)
add_pages(blueprint, DOORS)
