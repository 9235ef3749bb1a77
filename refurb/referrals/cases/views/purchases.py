"""What is bought for hand-overs: the list of the office, one hand-over's, its price shared out."""

from datetime import datetime

from flask import g, request
from werkzeug.wrappers import Response

from refurb.directory.queries import organisations
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import HungPanel
from refurb.kernel.speech.clock import from_wall, today
from refurb.kernel.speech.money import euros_said
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.referrals.blueprint import blueprint
from refurb.referrals.bought import PURCHASE_STEPS, Purchase, PurchaseStep
from refurb.referrals.cases.lines import lines_of, open_lines, purchases_of
from refurb.referrals.cases.purchase_schemas import FunderTold, PurchaseAdded, PurchasePut, PurchaseRevised
from refurb.referrals.cases.purchases import (
    add_purchase,
    drop_purchase,
    free_purchases,
    fund_purchase,
    funding_said,
    paid_between,
    purchase_for,
    purchases_prepared,
    put_purchase,
    revise_purchase,
)
from refurb.referrals.cases.queries.allocations import allocation_for, allocation_of_referral
from refurb.referrals.models import Referral

P = Permission


def year_from(year: int) -> datetime:
    """The first instant of a year, as the clock on the wall has it."""
    return from_wall(datetime(year, 1, 1))  # noqa: DTZ001 - read on the wall


def plain_euros(cents: int) -> str:
    """An amount as a field holds it; nothing for nothing."""
    return euros_said(cents).removesuffix("\u202f€") if cents else ""


@blueprint.get("/remises/achats")
@requires(P.ALLOCATION_WRITE)
def purchases(_actor: Actor) -> Response:
    """What is bought for hand-overs that are prepared, what is left for nobody, and who paid for what was handed over this year."""
    g.section = "referrals.handovers"
    year = today().year
    return page(
        "referrals/cases/purchases.html", found=purchases_prepared(), free=free_purchases(), steps=PURCHASE_STEPS, said=funding_said,
        euros=euros_said, year=year, paid=paid_between(year_from(year), year_from(year + 1)),
    )  # fmt: skip


@blueprint.route("/remises/<reference>/achats", methods=["GET", "POST"])
@requires(P.ALLOCATION_WRITE)
def purchases_of_handover(actor: Actor, reference: str) -> Response:
    """What is bought for one hand-over, one thing more, or one that was bought for somebody else."""
    g.section = "referrals.handovers"
    allocation = allocation_for(actor, reference)
    free = [(str(each.id), f"{each.what}, {euros_said(each.cents)}") for each in free_purchases()]
    form, put = Form(PurchaseAdded), Form(PurchasePut, choices={"purchase_id": free})
    if request.method == "POST":
        is_put = "purchase_id" in request.form
        with (put if is_put else form).catching(), unit_of_work():
            made = put_purchase(actor, allocation, **put.load()) if is_put else add_purchase(actor, allocation, **form.load())
            return go("referrals.purchase", done=_("C'est noté. Dites qui le finance."), reference=reference, number=made.id)
        allocation = allocation_for(actor, reference)
    return page(
        "referrals/cases/purchases_of.html", status=max(form.status, put.status), form=form, put=put if free else None,
        allocation=allocation, found=purchases_of(open_lines(allocation)), is_prepared=allocation.state.is_active, steps=PURCHASE_STEPS,
        said=funding_said, euros=euros_said,
    )  # fmt: skip


@blueprint.route("/remises/<reference>/achats/<int:number>", methods=["GET", "POST"])
@requires(P.ALLOCATION_WRITE)
def purchase(actor: Actor, reference: str, number: int) -> Response:
    """One thing that is bought: its price, its days, who pays for it."""
    g.section = "referrals.handovers"
    allocation = allocation_for(actor, reference)
    found = purchase_for(allocation, number)
    offered = [(str(each.id), each.name) for each in dict.fromkeys([*organisations(), *(each.organisation for each in found.funders)])]
    form, fund = Form(PurchaseRevised, start=_start(found)), Form(FunderTold, choices={"organisation_id": offered})
    if request.method == "POST":
        is_fund = "organisation_id" in request.form
        with (fund if is_fund else form).catching(), unit_of_work():
            if is_fund:
                fund_purchase(actor, allocation, number, **fund.load())
            else:
                revise_purchase(actor, allocation, number, **form.load())
            return go("referrals.purchase", done=_("C'est noté."), reference=reference, number=number)
        allocation = allocation_for(actor, reference)
        found = purchase_for(allocation, number)
    return page(
        "referrals/cases/purchase.html", status=max(form.status, fund.status), form=form, fund=fund, allocation=allocation,
        purchase=found, step=PURCHASE_STEPS[found.step], euros=euros_said,
    )  # fmt: skip


def _start(found: Purchase) -> dict[str, object]:
    money = {"euros": plain_euros(found.cents), "share": plain_euros(found.share_cents)}
    return {"what": found.what, **money, "ordered_on": found.ordered_on, "received_on": found.received_on}


@blueprint.post("/remises/<reference>/achats/<int:number>/retirer")
@requires(P.ALLOCATION_WRITE)
def purchase_drop(actor: Actor, reference: str, number: int) -> Response:
    """It is not given by this hand-over after all."""
    allocation = allocation_for(actor, reference)
    with unit_of_work():
        drop_purchase(actor, allocation, number)
        return go("referrals.purchases_of_handover", done=_("Retiré de cette remise."), reference=reference)


def panel_of_purchases(_actor: Actor, referral: Referral) -> HungPanel | None:
    """What is bought for somebody, how far it has come and who pays for it."""
    held = allocation_of_referral(referral)
    if held is None:
        return None
    found = purchases_of(lines_of(held.handover) if held.handover else open_lines(held))
    if not found:
        return None
    is_given = held.handover is not None
    shown = [
        (each.what, PURCHASE_STEPS[PurchaseStep.GIVEN if is_given else each.step], euros_said(each.cents), funding_said(each))
        for each in found
    ]
    return HungPanel("referrals/cases/_purchases.html", {"reference": referral.reference, "shown": shown, "is_given": is_given})
