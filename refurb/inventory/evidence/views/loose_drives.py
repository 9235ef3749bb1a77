"""The pages of drives as things of their own: the list, one drive, and what is done with it."""

from dataclasses import replace
from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.doors import device_title
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.evidence.actions.destructions import declare_destruction, name_slip
from refurb.inventory.evidence.actions.drives import open_stay, remove_drive
from refurb.inventory.evidence.actions.loose_drives import (
    DriveSerialTaken,
    SerialWasRead,
    SizeWasRead,
    add_drive,
    correct_drive,
    install_drive,
)
from refurb.inventory.evidence.queries.loose_drives import (
    DriveFilter,
    DrivePlace,
    ProofStanding,
    drive_listing,
    drive_typed,
    drives_listed,
    mark_of,
    one_drive,
    stock_counts,
)
from refurb.inventory.evidence.queries.review import rejudgements_waiting
from refurb.inventory.evidence.schemas.drives import DeviceToFind, DriveCorrection, DriveToFind, NewDrive, Slip
from refurb.inventory.evidence.schemas.drives import NewDestruction as DestructionFacts
from refurb.inventory.evidence.verdicts import counts
from refurb.inventory.evidence.views.drive_history import drive_history
from refurb.inventory.evidence.views.drives import drive_title, witnesses
from refurb.inventory.models.evidence import Drive
from refurb.inventory.words.drives import MEDIA, Medium
from refurb.inventory.words.techniques import DESTRUCTION_METHODS, TECHNIQUE_LABELS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.facts import NoFacts
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.pictures import picture_response
from refurb.kernel.web.search import page_number
from refurb.kernel.web.undo import Undo
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
GB = 1_000_000_000

PLACES = {DrivePlace.STOCK: _l("En stock"), DrivePlace.MACHINE: _l("Dans une machine"), DrivePlace.DESTROYED: _l("Détruit")}
STANDINGS = {
    ProofStanding.CLEAN: _l("Effacé et vérifié"),
    ProofStanding.TO_ERASE: _l("À effacer"),
    ProofStanding.TO_CONFIRM: _l("À confirmer"),
}


@blueprint.context_processor
def stock_words() -> dict[str, Any]:
    """What the pages about drives say things with."""
    return {"mark_of": mark_of, "destruction_methods": DESTRUCTION_METHODS, "technique_labels": TECHNIQUE_LABELS}


def filter_asked() -> DriveFilter:
    """The filter in the address; without one, the stock."""
    asked = request.args
    place = asked.get("ou", DrivePlace.STOCK.value)
    return DriveFilter(
        words=asked.get("q", "").strip()[:100],
        place=DrivePlace(place) if place in set(DrivePlace) else None,
        standing=ProofStanding(asked["preuve"]) if asked.get("preuve") in set(ProofStanding) else None,
        medium=Medium(asked["type"]) if asked.get("type") in set(Medium) else None,
    )


def _shown_for(wanted: DriveFilter) -> DriveFilter:
    """The place is set beforehand: whoever types a number wants that drive, wherever it is."""
    if wanted.words and wanted.place and not drive_listing(wanted).total():
        return replace(wanted, place=None)
    return wanted


@blueprint.get("/supports")
@requires(P.DEVICE_READ)
def drive_list(actor: Actor) -> Response:
    """The drives: those in stock, or in a machine, or destroyed."""
    del actor
    wanted = filter_asked()
    shown = _shown_for(wanted)
    found = drives_listed(shown, page_number(), order_asked())
    return page(
        "inventory/evidence/drives.html",
        wanted=wanted,
        elsewhere=shown != wanted and found.total > 0,
        found=found,
        counted=stock_counts(),
        places=PLACES,
        standings=STANDINGS,
        media=MEDIA,
    )


def _place_of(row: Any) -> Any:
    if row.Drive.destroyed_at:
        return PLACES[DrivePlace.DESTROYED]
    return PLACES[DrivePlace.MACHINE if row.code else DrivePlace.STOCK]


def _proof_of(row: Any) -> Any:
    if row.Drive.destroyed_at:
        return None
    return STANDINGS[ProofStanding.CLEAN if row.proven else ProofStanding.TO_CONFIRM if row.pending else ProofStanding.TO_ERASE]


_COLUMNS = (
    SheetColumn(_l("Repère"), lambda row: mark_of(row.Drive.id), 10),
    SheetColumn(_l("Fabricant"), lambda row: row.Drive.manufacturer),
    SheetColumn(_l("Modèle"), lambda row: row.Drive.model, 28),
    SheetColumn(_l("N° de série"), lambda row: row.Drive.serial, 22),
    SheetColumn(_l("Type"), lambda row: MEDIA[row.Drive.medium], 14),
    SheetColumn(_l("Capacité (octets)"), lambda row: row.Drive.size_bytes, 18),
    SheetColumn(_l("Effacement"), _proof_of, 20),
    SheetColumn(_l("Où"), _place_of, 18),
    SheetColumn(_l("Appareil"), lambda row: row.code and spell(row.code), 12),
    SheetColumn(_l("Détruit le"), lambda row: row.Drive.destroyed_at and local(row.Drive.destroyed_at).date(), 12),
)


@exported(blueprint, "/supports", P.DEVICE_READ)
def drives_file(_actor: Actor) -> SheetFile:
    """The same drives as a spreadsheet."""
    return SheetFile.listed("supports", _COLUMNS, drive_listing(_shown_for(filter_asked())))


@blueprint.get("/supports/<int:number>")
@requires(P.DEVICE_READ)
def drive(actor: Actor, number: int) -> Response:
    """All there is to know and to do about one drive."""
    shown = one_drive(actor, number)
    declared = next((each for each in reversed(shown.destructions) if each.declined_at is None), None)
    stated = [each.statement for each in shown.erasures if each.statement]
    people: set[int | None] = {account for each in stated for account in (each.entered_by, each.confirmed_by)}
    people |= {each.clock.accepted_by for each in shown.erasures if each.clock}
    people |= {declared.declared_by, declared.confirmed_by, declared.witness_id} if declared else set()
    return page(
        "inventory/evidence/drive.html",
        drive=shown,
        title=drive_title(shown),
        stay=open_stay(shown),
        proof=next((each for each in shown.erasures if counts(each)), None),
        declared=declared,
        names=names_of(people),
        history=drive_history(shown),
        rejudged=rejudgements_waiting(shown),
    )


@blueprint.route("/supports/ajouter", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_add(actor: Actor) -> Response:
    """Enter a drive that no tool has read, in stock or in the machine one comes from."""
    code = request.args.get("appareil")
    device = device_by_code(actor, code) if code else None
    form = Form(NewDrive, field_of={DriveSerialTaken: "serial"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            entered = add_drive(actor, device, **drive_facts(form.load()))
            return go("inventory.drive", done=_("Support enregistré : %(mark)s.", mark=mark_of(entered.id)), number=entered.id)
        device = device_by_code(actor, code) if code else None
    return page("inventory/evidence/drive_add.html", form=form, device=device, title=device_title(device) if device else None)


@blueprint.route("/supports/<int:number>/corriger", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_correct(actor: Actor, number: int) -> Response:
    """Correct what is known of a drive."""
    shown = one_drive(actor, number)
    known = {name: getattr(shown, name) for name in ("serial", "medium", "manufacturer", "model")}
    start = {**known, "size_gb": round(shown.size_bytes / GB) if shown.size_bytes else None}
    form = Form(DriveCorrection, start=start, field_of={DriveSerialTaken: "serial", SerialWasRead: "serial", SizeWasRead: "size_gb"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            correct_drive(actor, shown, **drive_facts(form.load(), shown))
            return go("inventory.drive", done=_("Fiche du support corrigée."), number=number)
        shown = one_drive(actor, number)
    return page("inventory/evidence/drive_correct.html", form=form, drive=shown, title=drive_title(shown))


def drive_facts(told: dict[str, Any], known: Drive | None = None) -> dict[str, Any]:
    """The size in bytes: the one on record where the same number of gigabytes was told, since a tool has read it more exactly."""
    size_gb = told.pop("size_gb")
    same = known is not None and known.size_bytes is not None and round(known.size_bytes / GB) == size_gb
    told["size_bytes"] = known.size_bytes if known is not None and same else (size_gb * GB if size_gb else None)
    return told


@blueprint.route("/supports/<int:number>/poser", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_install(actor: Actor, number: int) -> Response:
    """Put a drive in the machine that is scanned."""
    shown = one_drive(actor, number)
    form = Form(DeviceToFind)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            device = _machine(actor, form.load()["code"])
            install_drive(actor, device, shown)
            return go("inventory.device", done=_("Support posé dans la machine."), undo=_out_again(shown), code=device.code)
        shown = one_drive(actor, number)
    return page("inventory/evidence/drive_install.html", form=form, drive=shown, title=drive_title(shown))


def _out_again(drive: Drive) -> Undo:
    """The press that takes it out again. The answers that the change put in question stay to be given again, so it says what it does."""
    return Undo(url_for("inventory.drive_take_out", number=drive.id), _("Retirer le support"))


def _machine(actor: Actor, typed: str) -> Any:
    try:
        return device_by_code(actor, typed)
    except NotFound:
        raise Invalid({"code": [Fault("drive.no_such_machine")]}) from None


@blueprint.route("/appareils/<code>/supports/poser", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def device_install(actor: Actor, code: str) -> Response:
    """Put in this machine the drive that is scanned."""
    device = device_by_code(actor, code)
    form = Form(DriveToFind)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            found = drive_typed(actor, form.load()["drive"])
            if found is None:
                raise Invalid({"drive": [Fault("drive.no_such_drive")]})
            install_drive(actor, device, found)
            return go("inventory.device", done=_("Support posé dans la machine."), undo=_out_again(found), code=device.code)
        device = device_by_code(actor, code)
    return page("inventory/evidence/device_install.html", form=form, device=device, title=device_title(device))


@blueprint.route("/supports/<int:number>/retirer", methods=["GET", "POST"])
@requires(P.DEVICE_DIAGNOSE)
def drive_take_out(actor: Actor, number: int) -> Response:
    """Take a drive out of the machine that holds it, into the stock."""
    shown = one_drive(actor, number)
    stay = open_stay(shown)
    if stay is None:
        return go("inventory.drive", number=number)
    form = Form(NoFacts)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            remove_drive(actor, stay.device, shown)
            undo = Undo(url_for("inventory.drive_install", number=number), _("Remettre le support"), {"code": stay.device.code})
            return go("inventory.drive", done=_("Support retiré : il est en stock."), undo=undo, number=number)
        shown = one_drive(actor, number)
    return page("inventory/evidence/drive_remove.html", form=form, device=stay.device, drive=shown, title=device_title(stay.device))


@blueprint.route("/supports/<int:number>/detruire", methods=["GET", "POST"])
@requires(P.DEVICE_DISCARD)
def drive_declare_destroyed(actor: Actor, number: int) -> Response:
    """Say that a drive was destroyed, and how."""
    shown = one_drive(actor, number)
    form = Form(DestructionFacts, choices={"witness_id": witnesses(actor)})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            declare_destruction(actor, shown, **form.load())
            return go("inventory.drive", done=_("Noté. Une seconde personne doit maintenant confirmer la destruction."), number=number)
        shown = one_drive(actor, number)
    return page("inventory/evidence/drive_destroy.html", form=form, device=None, drive=shown, title=drive_title(shown))


@blueprint.route("/supports/<int:number>/bordereau", methods=["GET", "POST"])
@requires(P.DEVICE_DISCARD)
def drive_slip(actor: Actor, number: int) -> Response:
    """Name the waste slip of a destroyed drive."""
    shown = one_drive(actor, number)
    form = Form(Slip, start={"slip": shown.destruction_slip})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            name_slip(actor, shown, slip=form.load()["slip"])
            return go("inventory.drive", done=_("Bordereau noté."), number=number)
        shown = one_drive(actor, number)
    return page("inventory/evidence/drive_slip.html", form=form, drive=shown, title=drive_title(shown))


@blueprint.get("/supports/<int:number>/photo/<digest>")
@requires(P.DEVICE_READ)
def drive_photo(actor: Actor, number: int, digest: str) -> Response:
    """A picture of this drive's erasure or destruction."""
    shown = one_drive(actor, number)
    kept = {each.photo for each in shown.destructions} | {each.statement.photo for each in shown.erasures if each.statement}
    if digest not in kept:
        raise NotFound
    return picture_response(digest)
