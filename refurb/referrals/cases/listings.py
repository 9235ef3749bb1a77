"""The lists of referrals as their pages and their spreadsheets show them: referrals, the waiting list, what is to be handed over."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, func, select

from refurb.directory.models import Organisation
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.kernel.web.search import Page
from refurb.referrals.cases.queries.allocations import allocations_of, count_to_hand_over, to_hand_over
from refurb.referrals.cases.queries.referrals import referrals_of
from refurb.referrals.cases.queries.waiting import ranked_waiting, waiting_page
from refurb.referrals.cases.scope import handable
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import AllocationState, ReferralState

REFERRAL_ORDERS = ListOrders(
    "-transmise",
    Referral.id,
    (
        ListOrder("orientation", _l("Orientation"), (), Compared.DATE),
        ListOrder("etat", _l("Où elle en est"), (steps_of(Referral.state, ReferralState),), Compared.STEPS),
        ListOrder("besoin", _l("Besoin"), (steps_of(Referral.device_kind, DEVICE_KINDS),), Compared.STEPS),
        ListOrder("structure", _l("Structure"), (Organisation.search,)),
        ListOrder("transmise", _l("Transmise le"), (func.coalesce(Referral.submitted_at, Referral.created_at),), Compared.DATE),
    ),
)


def referral_listing(actor: Actor, state: ReferralState | None, partner_id: int | None, words: str = "") -> Listing:
    """The referrals that an actor may know of, as `referrals_of` gives them."""
    return Listing(referrals_of(actor, state=state, partner_id=partner_id, words=words), REFERRAL_ORDERS)


def waiting_listing(kind: DeviceKind, partner_id: int | None) -> Listing:
    """Who waits for a kind of device, each with its rank among all, without a name."""
    query, rank = ranked_waiting(kind, partner_id)
    orders = ListOrders(
        "rang",
        Referral.id,
        (
            ListOrder("rang", _l("Rang"), (rank,), Compared.NUMBER),
            ListOrder("orientation", _l("Orientation"), (), Compared.DATE),
            ListOrder("structure", _l("Structure"), (Organisation.search,)),
            ListOrder("attente", _l("Attend depuis"), (Referral.submitted_at,), Compared.DATE),
        ),
    )
    return Listing(query, orders)


def waiting_shown(kind: DeviceKind, partner_id: int | None, number: int, asked: str) -> Page:
    """A page of `waiting_listing`; in the order of the rule it is read from the index.

    Within one partner, a rank is that among all: there the whole list is ranked.
    """
    listing = waiting_listing(kind, partner_id)
    if partner_id is None:
        ranked = waiting_page(kind, number)
        order = listing.orders.chosen(asked, ranked.total)
        if not order.asked:
            return replace(ranked, order=order)
    return listing.page(number, asked)


HANDOVER_ORDERS = ListOrders(
    "attribue",
    Allocation.id,
    (
        ListOrder("orientation", _l("Orientation"), (Referral.id,), Compared.DATE),
        ListOrder("appareil", _l("Appareil"), (func.lower(Device.manufacturer), func.lower(Device.model))),
        ListOrder("structure", _l("Structure"), (Organisation.search,)),
        ListOrder("attribue", _l("Attribué le"), (Allocation.decided_at,), Compared.DATE, indexed=True),
        ListOrder("reserve", _l("Réservé jusqu'au"), (Allocation.held_until,), Compared.DATE),
    ),
)


def handover_listing(actor: Actor, site_id: int | None = None) -> Listing:
    """What is allocated and still here, or at one of our places."""
    query = to_hand_over(actor, handable)
    if site_id:
        return Listing(query.where(Device.site_id == site_id), HANDOVER_ORDERS)
    return Listing(query, HANDOVER_ORDERS, lambda: count_to_hand_over(actor))


def handed_over_lately(actor: Actor, most: int = 10, site_id: int | None = None) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest hand-overs, everywhere or at one of our places, newest first; which ones, the index knows."""
    newest = (Handover.handed_at.desc(), Handover.id.desc())
    wanted = (handable(actor), *((Handover.site_id == site_id,) if site_id else ()))
    ids = select(Handover.allocation_id).join(Handover.allocation).join(Allocation.referral).where(*wanted).order_by(*newest)
    query = allocations_of(actor, AllocationState.FULFILLED, handable)
    query = query.where(Allocation.id.in_(select(ids.limit(most).subquery().c.allocation_id)))
    return db.session.execute(query.order_by(None).order_by(*newest)).all()
