"""The workshop's pages of what is to be handed over: the queue, one bag. They show a reference, an hour and things, never a name."""

from http import HTTPStatus

from flask import g, request
from werkzeug.wrappers import Response

from refurb.directory.sites.asked import site_asked
from refurb.directory.sites.words import said_hour
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today as the_day
from refurb.kernel.speech.codes import find_code
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.bags.actions import count_bag, fill_bag, pack_machine, pack_purchase
from refurb.referrals.bags.queries import bag_for, bags_to_prepare, reference_of_machine
from refurb.referrals.bags.schemas import BagCounted, BagFilled, MachinePacked, numbers_told
from refurb.referrals.bags.today import by_place, coming_today
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.pdf import accessory_said
from refurb.referrals.given import HandoverLine
from refurb.referrals.handovers.shown import place_said
from refurb.referrals.words import ACCESSORIES, ADAPTATIONS, Adaptation

P = Permission


@blueprint.get("/remises/sacs")
@requires(P.DEVICE_WORK)
def bags(_actor: Actor) -> Response:
    """What is to be put together, who comes first first; a scanned label opens the bag that the machine goes into."""
    typed = request.args.get("code", "").strip()
    reference = reference_of_machine(find_code(typed) or "") if typed else None
    if reference:
        return go("referrals.bag", reference=reference)
    found = bags_to_prepare(site_asked())
    return page(
        "referrals/bags/bags.html", bags=found, ready=sum(each.is_ready for each in found), typed=typed[:40], unknown=bool(typed),
        kinds=DEVICE_KINDS, accessories=ACCESSORIES, said=accessory_said, hour=said_hour, place=place_said,
    )  # fmt: skip


@blueprint.route("/remises/sacs/<reference>", methods=["GET", "POST"])
@requires(P.DEVICE_WORK)
def bag(actor: Actor, reference: str) -> Response:
    """One bag: its machines to scan, its accessories to tick."""
    g.section = "reporting.rooms"
    found = bag_for(actor, reference)
    form, scan = Form(BagFilled, start={"accessories": found.held}), Form(MachinePacked)
    if request.method == "POST":
        scanned = "code" in request.form
        with (scan if scanned else form).catching(), unit_of_work():
            if scanned:
                pack_machine(actor, found.allocation_id, **scan.load())
            else:
                fill_bag(actor, found.allocation_id, form.load()["accessories"] or [])
            return _on(actor, reference)
    return _bag_page(actor, reference, form, scan)


def _bag_page(actor: Actor, reference: str, form: Form | None = None, scan: Form | None = None, counted: Form | None = None) -> Response:
    found = bag_for(actor, reference)
    forms = (
        form or Form(BagFilled, start={"accessories": found.held}),
        scan or Form(MachinePacked),
        counted or Form(BagCounted, start={each.accessory.value: each.number for each in found.things if each.accessory}),
    )
    return page(
        "referrals/bags/bag.html",
        status=next((each.status for each in forms if each.status != HTTPStatus.OK), HTTPStatus.OK),
        bag=found,
        form=forms[0],
        scan=forms[1],
        counted=forms[2],
        kinds=DEVICE_KINDS,
        hour=said_hour,
        place=place_said,
        lacks=[ACCESSORIES[each] for each in found.to_put],
        adaptations=[ADAPTATIONS[Adaptation(each)] for each in found.adaptations],
    )


@blueprint.post("/remises/sacs/<reference>/nombres")
@requires(P.DEVICE_WORK)
def bag_count(actor: Actor, reference: str) -> Response:
    """How many there are of each thing in the bag."""
    g.section = "reporting.rooms"
    found = bag_for(actor, reference)
    counted = Form(BagCounted)
    with counted.catching(), unit_of_work():
        count_bag(actor, found.allocation_id, numbers_told(counted.load()))
        return go("referrals.bag", done=_("C'est noté."), reference=reference)
    return _bag_page(actor, reference, counted=counted)


@blueprint.post("/remises/sacs/<reference>/achats/<int:number>")
@requires(P.DEVICE_WORK)
def bag_purchase(actor: Actor, reference: str, number: int) -> Response:
    """Something that is bought lies in the bag, or is taken out of it (`sortir`)."""
    found = bag_for(actor, reference)
    with unit_of_work():
        pack_purchase(actor, found.allocation_id, number, packed="sortir" not in request.form)
        return _on(actor, reference)


def _on(actor: Actor, reference: str) -> Response:
    """To the queue once the bag is ready, else on with it."""
    found = bag_for(actor, reference)
    if found.is_ready:
        return go("referrals.bags", done=_("Sac prêt : %(reference)s.", reference=reference))
    return go("referrals.bag", done=_("C'est noté."), reference=reference)


def things_said(things: list[HandoverLine]) -> str:
    """Accessories, each with how many there are of it."""
    return ", ".join(accessory_said(each) for each in things)


@blueprint.get("/remises/du-jour")
@requires(P.HANDOVER_WRITE)
def today(actor: Actor) -> Response:
    """What is handed over today, by place and hour: what is put together, and what is to be signed."""
    g.section = "referrals.handovers"
    found = coming_today(actor, site_asked())
    return page(
        "referrals/bags/today.html",
        found=by_place(found),
        total=len(found),
        ready=sum(each.is_to_hand_over and each.bag is not None and each.bag.is_ready for each in found),
        signs=sum(each.is_to_sign or each.is_to_hand_over for each in found),
        now=the_day(),
        kinds=DEVICE_KINDS,
        said=things_said,
        hour=said_hour,
    )
