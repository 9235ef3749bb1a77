"""The pages of devices: the list, one device, its facts, its flags, its moves."""

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.schemas import ToSite
from refurb.inventory.bench.next_step import next_step
from refurb.inventory.bench.views.work import bench_side
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.actions.devices import SerialTaken, correct_device, declare_without_drive, move_device
from refurb.inventory.devices.actions.flags import lift_flag, raise_flag
from refurb.inventory.devices.doors import device_doors, device_title
from refurb.inventory.devices.history import history_lines
from refurb.inventory.devices.queries.devices import device_by_code, raised_flags, standing
from refurb.inventory.devices.schemas.devices import DeviceFacts, FlagToLift, NewFlag
from refurb.inventory.devices.states import ENDING, device_machine
from refurb.inventory.duplicates.queries import merged_codes, whole_history
from refurb.inventory.duplicates.views.twins import twins_of
from refurb.inventory.evidence.actions.finished import finish_wipe
from refurb.inventory.evidence.declarations import declaration_of, words_of_events
from refurb.inventory.evidence.impact import Needed
from refurb.inventory.evidence.queries.evidence import drives_shown, reports_shown
from refurb.inventory.evidence.queries.review import open_reset
from refurb.inventory.labels.actions.labels import short_cpu
from refurb.inventory.pages.queries import DeviceFilter, all_devices, devices, devices_listed
from refurb.inventory.parts.views.device_parts import parts_shown
from refurb.inventory.readers.soldered import may_be_soldered
from refurb.inventory.targets.words import CATEGORIES, Category
from refurb.inventory.words.devices import DEVICE_KINDS, FLAG_KINDS, SOLDERED, WITHOUT_DATA, DeviceKind, DeviceState, FlagKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local, zone
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _l, day
from refurb.kernel.web.doors import add_pages, reachable
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.kernel.web.undo import Undo
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
# How much of a history is shown before one asks for all of it.
RECENT = 8


def _wanted_devices(actor: Actor) -> DeviceFilter:
    """What the address asks of the list."""
    asked = request.args
    return DeviceFilter(
        words=asked.get("q", "").strip()[:100],
        state=DeviceState(asked["etat"]) if asked.get("etat") in set(DeviceState) else None,
        kind=DeviceKind(asked["nature"]) if asked.get("nature") in set(DeviceKind) else None,
        donation=asked.get("don", "").strip()[:16] if actor.may(P.DONATION_READ) else "",
        category=Category(asked["categorie"]) if asked.get("categorie") in set(Category) else None,
        site_id=site_asked(),
    )


@blueprint.get("/appareils")
@requires(P.DEVICE_READ)
def devices_list(actor: Actor) -> Response:
    """The devices, filtered, searched and sorted."""
    wanted = _wanted_devices(actor)
    found = devices(wanted, page_number(), order_asked())
    there = zone()
    dates = {row.moved_at: row.moved_at.astimezone(there).date() for row in found.rows}
    said = {date: day(date, "short") for date in set(dates.values())}
    return page(
        "inventory/pages/devices.html",
        wanted=wanted,
        found=found,
        days={instant: said[date] for instant, date in dates.items()},
        everything=all_devices(),
        kinds={kind: str(word) for kind, word in DEVICE_KINDS.items()},
        looks={state: look for state, look in device_machine.looks.items() if state != DeviceState.MERGED},
        categories={category: str(word) for category, word in CATEGORIES.items()},
    )


_COLUMNS = (
    SheetColumn(_l("Code"), lambda row: spell(row.code), 12),
    SheetColumn(_l("Nature"), lambda row: DEVICE_KINDS[row.kind], 22),
    SheetColumn(_l("Fabricant"), lambda row: row.manufacturer),
    SheetColumn(_l("Modèle"), lambda row: row.model, 28),
    SheetColumn(_l("État"), lambda row: device_machine.looks[row.state].word, 20),
    SheetColumn(_l("Catégorie"), lambda row: CATEGORIES[row.category] if row.category else None, 12),
    SheetColumn(_l("N° de série"), lambda row: row.serial, 20),
    SheetColumn(_l("Processeur"), lambda row: row.cpu, 32),
    SheetColumn(_l("Mémoire (Mio)"), lambda row: row.ram_mb, 14),
    SheetColumn(_l("Reçu le"), lambda row: local(row.received_at).date(), 12),
    SheetColumn(_l("Dans cet état depuis"), lambda row: row.moved_at, 20),
)
_DONATION = SheetColumn(_l("Don"), lambda row: row.donation, 14)


@exported(blueprint, "/appareils", P.DEVICE_READ)
def devices_file(actor: Actor) -> SheetFile:
    """The same devices as a spreadsheet; with their donations for whoever may know them."""
    columns = (*_COLUMNS, _DONATION) if actor.may(P.DONATION_READ) else _COLUMNS
    return SheetFile.listed("appareils", columns, devices_listed(_wanted_devices(actor)))


@blueprint.get("/appareils/<code>")
@requires(P.DEVICE_READ)
def device(actor: Actor, code: str) -> Response:
    """All there is to know and to do about one device."""
    shown = standing(actor, code)
    choices = device_machine.open_to(shown, actor)
    step = next_step(shown, choices)
    base = url_for("inventory.device", code=shown.code)
    others = [(each, url) for each, url in reachable(base, choices) if step is None or each.move is not step.move]
    flags = raised_flags(shown)
    past = whole_history(shown)
    return page(
        "inventory/pages/device.html",
        device=shown,
        title=device_title(shown),
        base=base,
        look=device_machine.looks[shown.state],
        step=step,
        forward_moves=[(each, url) for each, url in others if each.move.forward],
        other_moves=[(each, url) for each, url in others if not each.move.forward and each.move.name not in ENDING],
        ending_moves=[(each, url) for each, url in others if each.move.name in ENDING],
        flags=flags,
        flaggers=names_of({flag.raised_by for flag in flags}),
        cpu=short_cpu(shown.cpu),
        history=history_lines(past.events, device_machine, words_of_events(shown.kind, past.events)),
        recent=RECENT,
        chain_is_whole=past.is_whole,
        joined=merged_codes(shown.id),
        twins=twins_of(actor, shown.id),
        declared=declaration_of(shown.kind),
        drives=drives_shown(shown),
        needed=Needed(shown.least_level, shown.reads_all_back) if shown.least_level else None,
        reports=reports_shown(shown),
        parts=parts_shown(actor, shown),
        kinds=DEVICE_KINDS,
        flag_kinds=FLAG_KINDS,
        bench=bench_side(actor, shown),
        WITHOUT_DATA=WITHOUT_DATA,
        SOLDERED=SOLDERED,
        reset=open_reset(shown.id) if shown.kind in SOLDERED else None,
    )


@blueprint.route("/appareils/<code>/corriger", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def device_facts(actor: Actor, code: str) -> Response:
    """Correct what is known of a device."""
    found = device_by_code(actor, code)
    names = ("kind", "manufacturer", "model", "serial")
    form = Form(DeviceFacts, start={name: getattr(found, name) for name in names}, field_of={SerialTaken: "serial"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_device(actor, found, **form.load())
            return go("inventory.device", done=_("Fiche corrigée."), code=found.code)
    return page("inventory/pages/device_facts.html", form=form, device=device_by_code(actor, code))


@blueprint.route("/appareils/<code>/lieu", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def device_site(actor: Actor, code: str) -> Response:
    """Say at which of our places a device is."""
    found = device_by_code(actor, code)
    form = Form(ToSite, start={"site_id": found.site_id})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            move_device(actor, found, **form.load())
            return go("inventory.device", done=_("Le nouveau lieu est noté."), code=found.code)
    return page("directory/move_site.html", form=form, name=spell(found.code), back=url_for("inventory.device", code=found.code))


@blueprint.route("/appareils/<code>/aucun-support", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def no_drive(actor: Actor, code: str) -> Response:
    """Say that a device holds no drive; of a tablet or a telephone, what is stated is that its memory was reset."""
    found = device_by_code(actor, code)
    if found.kind in SOLDERED:
        return go("inventory.device_memory", code=found.code)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            declare_without_drive(actor, found)
            finish_wipe(actor, found)
            undo = Undo.with_reason(url_for("inventory.drive_found", code=found.code))
            return go("inventory.device", done=str(declaration_of(found.kind).noted), undo=undo, code=found.code)
    shown = device_by_code(actor, code)
    return page(
        "inventory/pages/no_drive.html",
        form=form,
        device=shown,
        declared=declaration_of(shown.kind),
        soldered=may_be_soldered(shown.cpu),
    )


@blueprint.route("/appareils/<code>/signaler", methods=["GET", "POST"])
@requires(P.DEVICE_FLAG)
def flag_raise(actor: Actor, code: str) -> Response:
    """Raise a flag."""
    found = device_by_code(actor, code)
    asked = request.args.get("motif")
    form = Form(NewFlag, start={"kind": asked if asked in set(FlagKind) else FlagKind.SECOND_LOOK})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            raise_flag(actor, found, **facts)
            undo = Undo(url_for("inventory.flag_lift", code=found.code), facts={"kind": facts["kind"]})
            done = _("Signalé : l'appareil est bloqué jusqu'à ce que ce soit levé.")
            return go("inventory.device", done=done, undo=undo, code=found.code)
    return page("inventory/pages/flag.html", form=form, device=device_by_code(actor, code))


@blueprint.route("/appareils/<code>/lever", methods=["GET", "POST"])
@requires(P.DEVICE_FLAG)
def flag_lift(actor: Actor, code: str) -> Response:
    """Lift a flag; the question, for whom a press was refused or who came by a link."""
    found = device_by_code(actor, code)
    kinds = {flag.kind for flag in raised_flags(found)}
    form = Form(FlagToLift, choices={"kind": [(kind, word) for kind, word in FLAG_KINDS.items() if kind in kinds]})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            lifted = lift_flag(actor, found, **form.load())
            undo = Undo(url_for("inventory.flag_raise", code=found.code), facts={"kind": lifted.kind.value, "note": lifted.note or ""})
            return go("inventory.device", done=_("Levé."), undo=undo, code=found.code)
    return page("inventory/pages/flag_lift.html", form=form, device=device_by_code(actor, code))


add_pages(blueprint, device_doors)
