"""The waiting list with its reasons, and giving a ready device to one who waits."""

from contextlib import suppress
from typing import Any

from flask import g, request, url_for
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import local
from refurb.kernel.speech.codes import find_code, spell
from refurb.kernel.speech.words import _, _l
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.orders import order_asked
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number
from refurb.kernel.web.undo import Undo
from refurb.referrals.blueprint import blueprint
from refurb.referrals.cases.listings import waiting_listing, waiting_shown
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.queries.referrals import count_in, referral_for
from refurb.referrals.cases.queries.waiting import ready_count, ready_devices, waiting_kinds, waiting_list
from refurb.referrals.cases.schemas import REQUESTED_KINDS, AllocationChosen
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.cases.views.households import household_of
from refurb.referrals.cases.views.shown import adaptations_said, days_waiting, facts_of, hung_on, partners_for, reasons_for
from refurb.referrals.households.queries import count_open_likenesses
from refurb.referrals.quotas.queries import quota_for
from refurb.referrals.words import ReferralState
from refurb.spreadsheets.sheet import SheetColumn, SheetFile, exported

P = Permission


def _asked_kind(kinds: dict[DeviceKind, int]) -> DeviceKind:
    """The kind asked for, else the one most wanted: ranks are within a kind."""
    with suppress(ValueError):
        return DeviceKind(request.args.get("besoin", ""))
    return next(iter(kinds), DeviceKind.LAPTOP)


def _device_among(devices: list[Device], typed: str | None) -> Device | None:
    """The device that was chosen, while it is ready; else the one ready for longest."""
    code = find_code(typed or "")
    return next((each for each in devices if each.code == code), devices[0] if devices else None)


def _row_of(reference: str) -> Any:
    """A waiting referral as the list shows it; None when it waits no longer."""
    query = waiting_list()
    return db.session.execute(query.where(query.selected_columns.reference == reference)).one_or_none()


@blueprint.get("/attente")
@requires(P.REFERRAL_DECIDE)
def waiting(actor: Actor) -> Response:
    """Who waits, and why in this order; the first of them with a ready device, to be confirmed."""
    kinds = waiting_kinds()
    kind, partner_id = _asked_kind(kinds), number_asked("structure")
    shown = waiting_shown(kind, partner_id, page_number(), order_asked())
    devices = list(ready_devices(kind))
    asked = request.args.get("orientation")
    chosen = next((row for row in shown.rows if row.reference == asked), shown.rows[0] if shown.rows else None)
    device = _device_among(devices, request.args.get("appareil"))
    proposed = referral_for(actor, chosen.reference) if chosen and device else None
    return page(
        "referrals/cases/waiting.html",
        shown=shown,
        kind=kind,
        kinds=REQUESTED_KINDS,
        partner_id=partner_id,
        partners=partners_for(actor),
        total=kinds.get(kind, 0),
        ready=ready_count(kind),
        to_examine=count_in(actor, ReferralState.SUBMITTED),
        alike=count_open_likenesses(),
        asked=count_in(actor, ReferralState.NEEDS_INFORMATION),
        rule=order(),
        reasons={row.reference: reasons_for(row) for row in shown.rows},
        waits={row.reference: days_waiting(row) for row in shown.rows},
        chosen=chosen,
        device=device,
        device_facts=facts_of([device] if device else []),
        choice=Form(AllocationChosen),
        quota=quota_for(proposed) if proposed else None,
        adapted=adaptations_said(proposed) if proposed else "",
        household=household_of(proposed) if proposed else None,
        panels=hung_on(actor, proposed) if proposed else [],
        looks=referral_machine.looks,
    )


_COLUMNS = (
    SheetColumn(_l("Rang"), lambda row: row.rank, 8),
    SheetColumn(_l("Orientation"), lambda row: row.reference, 14),
    SheetColumn(_l("Besoin"), lambda row: DEVICE_KINDS[row.device_kind], 22),
    SheetColumn(_l("Structure"), lambda row: row.partner, 28),
    SheetColumn(_l("Pourquoi à ce rang"), lambda row: ", ".join(reasons_for(row)), 48),
    SheetColumn(_l("Attend depuis"), lambda row: local(row.submitted_at).date(), 14),
)


@exported(blueprint, "/attente", P.REFERRAL_DECIDE)
@freshly_proved
def waiting_file(_actor: Actor) -> SheetFile:
    """The same waiting list as a spreadsheet: each rank with its reason, nobody's name."""
    return SheetFile.listed("attente", _COLUMNS, waiting_listing(_asked_kind(waiting_kinds()), number_asked("structure")))


@blueprint.route("/orientations/<reference>/attribuer", methods=["GET", "POST"])
@requires(P.ALLOCATION_WRITE)
def allocate(actor: Actor, reference: str) -> Response:
    """Choose among the ready devices and give one, in order or with a reason."""
    referral = referral_for(actor, reference)
    g.section = "referrals.waiting"
    form = Form(AllocationChosen)
    if request.method == "POST":
        with form.catching(), unit_of_work():
            referral_machine.fire(referral, "allocate", actor, **form.sent())
            done = _("Attribué. %(reference)s est à remettre.", reference=reference)
            undo = Undo.with_reason(url_for("referrals.allocation_cancel", reference=reference))
            return go("referrals.referral", done=done, undo=undo, reference=reference)
        referral = referral_for(actor, reference)
    devices = list(ready_devices(referral.device_kind))
    device = _device_among(devices, request.form.get("device") or request.args.get("appareil"))
    row = _row_of(reference)
    return page(
        "referrals/cases/allocate.html",
        form=form,
        referral=referral,
        look=referral_machine.looks[referral.state],
        looks=referral_machine.looks,
        household=household_of(referral),
        panels=hung_on(actor, referral),
        chosen=row,
        reasons=reasons_for(row) if row else [],
        adapted=adaptations_said(referral),
        waits=days_waiting(row) if row else None,
        device=device,
        quota=quota_for(referral) if device and row else None,
        devices=devices,
        device_facts=facts_of(devices),
        kinds=DEVICE_KINDS,
        rule=order(),
        spell=spell,
    )
