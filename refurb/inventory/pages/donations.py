"""The pages of donations: the list, a new one, one donation, counting what arrived."""

from flask import request, url_for
from werkzeug.wrappers import Response

from refurb.directory.actions import CodeTaken, CodeUnknown
from refurb.directory.queries import home_organisation
from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.queries import usual_site
from refurb.directory.sites.schemas import ToSite
from refurb.inventory.blueprint import blueprint
from refurb.inventory.devices.actions.devices import intake_device
from refurb.inventory.devices.history import history_lines
from refurb.inventory.devices.queries.devices import devices_of
from refurb.inventory.devices.schemas.devices import OneMore
from refurb.inventory.devices.states import device_machine
from refurb.inventory.dock.shown import donation_doors
from refurb.inventory.donations.actions.donations import announce_donation, move_donation, name_acceptance
from refurb.inventory.donations.counts import difference
from refurb.inventory.donations.queries.arrivals import arrival_of
from refurb.inventory.donations.queries.donations import (
    DonationFilter,
    devices_by_state,
    donation_by_reference,
    donations,
    donations_listed,
    donor_choices,
)
from refurb.inventory.donations.rules import GIFTS
from refurb.inventory.donations.schemas.donations import Acceptance, NewDonation, announced_lines
from refurb.inventory.donations.states import donation_machine
from refurb.inventory.duplicates.queries import came_again_with
from refurb.inventory.evidence.queries.donor_statements import donor_statements
from refurb.inventory.pages.intake import intake_of
from refurb.inventory.papers.views.papers import donation_papers
from refurb.inventory.releases.queries import releases_of
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.donations import ACT_KINDS, DATA_IMPACTS, LEGAL_ORIGINS, DonationState
from refurb.inventory.words.erasures import LEVELS
from refurb.inventory.words.events import DONATION_EVENT_WORDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of, is_whole
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.codes import UnreadableCode
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.doors import add_pages, reachable
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission
# Beside so many of its machines a donation's page gives a link to the list.
MOST_SHOWN = 60


def _wanted_donations() -> DonationFilter:
    """What the address asks of the list."""
    state = request.args.get("etat", "")
    return DonationFilter(
        words=request.args.get("q", "").strip()[:100],
        state=DonationState(state) if state in set(DonationState) else None,
        everything=state == "tous",
        site_id=site_asked(),
    )


@blueprint.get("/dons")
@requires(P.DONATION_READ)
def donations_list(_actor: Actor) -> Response:
    """The donations, those that are not over unless others are asked for."""
    wanted = _wanted_donations()
    found = donations(wanted, page_number(), order_asked())
    return page("inventory/pages/donations.html", wanted=wanted, found=found, looks=donation_machine.looks)


_COLUMNS = (
    SheetColumn(_l("Don"), lambda row: row.reference, 14),
    SheetColumn(_l("Donateur"), lambda row: row.donor, 32),
    SheetColumn(_l("État"), lambda row: donation_machine.looks[row.state].word, 20),
    SheetColumn(_l("Annoncé le"), lambda row: row.announced_on, 12),
    SheetColumn(_l("Reçu le"), lambda row: row.received_on, 12),
    SheetColumn(_l("Machines annoncées"), lambda row: row.announced, 18),
    SheetColumn(_l("Machines reçues"), lambda row: row.received, 18),
    SheetColumn(_l("Écart"), lambda row: None if row.received is None else row.differs, 10),
)


@exported(blueprint, "/dons", P.DONATION_READ)
def donations_file(_actor: Actor) -> SheetFile:
    """The same donations as a spreadsheet."""
    return SheetFile.listed("dons", _COLUMNS, donations_listed(_wanted_donations()))


@blueprint.route("/dons/nouveau", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_new(actor: Actor) -> Response:
    """Record what a donor announces."""
    donors = [("", _l("Nouveau donateur : le décrire ci-dessous"))]
    donors += donor_choices()
    form = Form(NewDonation, start={"announced_on": today(), "site_id": usual_site(actor)}, choices={"donor_id": donors})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            donation = announce_donation(actor, lines=announced_lines(facts), **facts)
            return go("inventory.donation", done=_("Don annoncé."), reference=donation.reference)
    return page("inventory/pages/donation_new.html", form=form, needs_act=_home_accepts(), kinds=DEVICE_KINDS)


def _home_accepts() -> bool:
    ours = home_organisation()
    return ours is not None and ours.is_public_body


@blueprint.get("/dons/<reference>")
@requires(P.DONATION_READ)
def donation(actor: Actor, reference: str) -> Response:
    """All there is to know and to do about one donation."""
    shown = donation_by_reference(actor, reference)
    base = url_for("inventory.donation", reference=shown.reference)
    choices = reachable(base, donation_machine.open_to(shown, actor))
    step = next(((each, url) for each, url in choices if each.move.forward and each.closed is None), None)
    events = events_of(shown)
    return page(
        "inventory/pages/donation.html",
        donation=shown,
        base=base,
        look=donation_machine.looks[shown.state],
        step=step,
        moves=[each for each in choices if each != step],
        arrival=arrival_of(shown),
        difference=difference,
        act_kinds=ACT_KINDS,
        data_impacts=DATA_IMPACTS,
        to_release=releases_of(shown),
        levels=LEVELS,
        **intake_of(shown),
        devices=devices_of(shown, most=MOST_SHOWN),
        came_again=came_again_with(shown),
        states=devices_by_state(shown),
        looks=device_machine.looks,
        history=history_lines(events, donation_machine, DONATION_EVENT_WORDS),
        chain_is_whole=is_whole(events),
        kinds=DEVICE_KINDS,
        origins=LEGAL_ORIGINS,
        needs_act=shown.legal_origin in GIFTS and shown.accepted_by_act is None and _home_accepts(),
        papers=donation_papers(actor, shown),
        claims=donor_statements(shown),
        takes_devices=shown.state in {DonationState.RECEIVED, DonationState.SORTED},
    )


@blueprint.route("/dons/<reference>/appareil", methods=["GET", "POST"])
@requires(P.DEVICE_INTAKE)
def donation_device(actor: Actor, reference: str) -> Response:
    """Enter one more device of a donation that has arrived."""
    found = donation_by_reference(actor, reference)
    form = Form(OneMore, field_of={UnreadableCode: "code", CodeUnknown: "code", CodeTaken: "code"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            facts = form.load()
            made = intake_device(actor, found, facts["kind"], code=facts["code"] or None)
            return go("inventory.device", done=_("Appareil ajouté."), code=made.code)
    return page("inventory/pages/donation_device.html", form=form, donation=donation_by_reference(actor, reference))


@blueprint.route("/dons/<reference>/lieu", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_site(actor: Actor, reference: str) -> Response:
    """Say to which of our places a donation comes."""
    found = donation_by_reference(actor, reference)
    form = Form(ToSite, start={"site_id": found.site_id})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            move_donation(actor, found, **form.load())
            return go("inventory.donation", done=_("Le nouveau lieu est noté."), reference=reference)
    return page("directory/move_site.html", form=form, name=reference, back=url_for("inventory.donation", reference=reference))


@blueprint.route("/dons/<reference>/acceptation", methods=["GET", "POST"])
@requires(P.DONATION_WRITE)
def donation_acceptance(actor: Actor, reference: str) -> Response:
    """Name the act by which the territory accepts the gift."""
    found = donation_by_reference(actor, reference)
    form = Form(
        Acceptance, start={name: getattr(found, name) for name in ("accepted_by_act", "accepted_on", "act_kind", "with_conditions")}
    )
    if request.method == "POST":
        with form.catching(), unit_of_work():
            name_acceptance(actor, found, **form.load())
            return go("inventory.donation", done=_("Acte d'acceptation enregistré."), reference=found.reference)
    return page("inventory/pages/acceptance.html", form=form, donation=donation_by_reference(actor, reference))


add_pages(blueprint, donation_doors)
