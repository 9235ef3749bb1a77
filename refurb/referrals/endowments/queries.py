"""Looking up what organisations ask for and are given, within what somebody may know of."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from refurb.directory.models import Organisation
from refurb.directory.organisations.queries import choices_of
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.kernel.speech.words import _l, day
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.referrals.committees.models import Committee
from refurb.referrals.committees.words import CommitteeState
from refurb.referrals.endowed import Endowment, EndowmentLine, EndowmentState, EndowmentWish

RECENT = timedelta(days=120)
"""For so long after its day a session may be named as the one that decided."""
_AT_ONCE = 100


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Every one for the office; those of her own organisations for whoever is bound to some."""
    if actor.everywhere(Permission.REFERRAL_READ):
        return Endowment.id.is_not(None)
    within = actor.organisations_for(Permission.REFERRAL_READ)
    return Endowment.organisation_id.in_(sorted(within)) if within else false()


def offered_organisations(actor: Actor) -> list[tuple[str, str]]:
    """For which organisations somebody may ask: her own, or any of the directory."""
    offered = choices_of()
    if actor.everywhere(Permission.REFERRAL_WRITE):
        return offered
    within = {str(each) for each in actor.organisations_for(Permission.REFERRAL_WRITE)}
    return [each for each in offered if each[0] in within]


def endowment_for(actor: Actor, reference: str) -> Endowment:
    """One request with its organisation; `NotFound` for a stranger."""
    found = db.session.scalar(
        select(Endowment)
        .join(Endowment.organisation)
        .options(contains_eager(Endowment.organisation), selectinload(Endowment.wishes), joinedload(Endowment.paper))
        .where(Endowment.reference == reference.upper(), _visible(actor))
    )
    if found is None:
        raise NotFound
    return found


def endowment_lines(endowment: Endowment) -> list[EndowmentLine]:
    """The machines of a request, in the order in which they were put there; none that came back unsigned."""
    query = select(EndowmentLine).where(EndowmentLine.endowment_id == endowment.id, EndowmentLine.came_back_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(EndowmentLine.device)).order_by(EndowmentLine.id)))


def open_endowment_lines(endowment: Endowment) -> list[EndowmentLine]:
    """Those that are still to be handed over, or signed for."""
    return [each for each in endowment_lines(endowment) if each.closed_at is None]


def machines_of_endowment(endowment: Endowment) -> list[Device]:
    """The machines themselves."""
    return [each.device for each in endowment_lines(endowment)]


def committees_offered() -> list[tuple[str, str]]:
    """The sessions that may be named as those that decided: the one that sits, and those that were closed lately."""
    query = select(Committee).where(
        or_(
            Committee.state == CommitteeState.IN_SESSION,
            (Committee.state == CommitteeState.CLOSED) & (Committee.closed_at >= now() - RECENT),
        )
    )
    found = db.session.scalars(query.order_by(Committee.starts_at.desc(), Committee.id.desc()).limit(20))
    return [(str(each.id), f"{each.title}, {day(each.held_at)}") for each in found]


def committee_offered(number: int | None) -> int | None:
    """The number of a session that may be named; raises `Invalid` for another."""
    if number is None:
        return None
    if str(number) not in {key for key, _name in committees_offered()}:
        raise Invalid({"committee": [Fault("field.choice")]})
    return number


def committee_named(endowment: Endowment) -> Committee | None:
    """The session that decided, where one did."""
    return db.session.get(Committee, endowment.committee_id) if endowment.committee_id else None


class WhichEndowments(StrEnum):
    """Which requests a list shows."""

    OPEN = "en-cours"
    OVER = "closes"


_TO_SIGN = (Endowment.state == EndowmentState.GIVEN) & Endowment.paper_id.is_(None) & Endowment.forgotten_at.is_(None)
_OPEN = Endowment.state.in_((EndowmentState.ASKED, EndowmentState.GRANTED)) | _TO_SIGN
ENDOWMENT_ORDERS = ListOrders(
    "demande",
    Endowment.id,
    (
        ListOrder("demande", _l("Demandée le"), (Endowment.asked_at,), Compared.DATE),
        ListOrder("structure", _l("Structure"), (Organisation.search,)),
        ListOrder("etat", _l("État"), (steps_of(Endowment.state, EndowmentState),), Compared.STEPS),
        ListOrder("jusqu-au", _l("Réservés jusqu'au"), (Endowment.held_until,), Compared.DATE),
    ),
)


def endowment_listing(actor: Actor, which: WhichEndowments) -> Listing:
    """The requests that somebody may know of, as columns, with how many machines were asked for and granted."""
    asked = select(func.sum(EndowmentWish.asked)).where(EndowmentWish.endowment_id == Endowment.id).scalar_subquery()
    granted = select(func.sum(EndowmentWish.granted)).where(EndowmentWish.endowment_id == Endowment.id).scalar_subquery()
    query = (
        select(
            Endowment.reference, Endowment.state, Endowment.use, Endowment.asked_at, Endowment.held_until, Endowment.handed_at,
            Endowment.paper_id, Organisation.name.label("organisation"), asked.label("asked"), granted.label("granted"),
        )
        .join(Organisation, Organisation.id == Endowment.organisation_id)
        .where(_visible(actor), _OPEN if which is WhichEndowments.OPEN else ~_OPEN)
    )  # fmt: skip
    return Listing(query, ENDOWMENT_ORDERS)


def count_endowments_to_decide(actor: Actor) -> int:
    """How many requests wait for a decision that somebody may take."""
    if not actor.may(Permission.REFERRAL_DECIDE):
        return 0
    query = select(func.count()).select_from(Endowment).where(_visible(actor), Endowment.state == EndowmentState.ASKED)
    return db.session.scalar(query) or 0


def count_endowments_to_sign(actor: Actor) -> int:
    """How many slips of what left wait for the signature that somebody may have written under them."""
    if not actor.may(Permission.HANDOVER_WRITE):
        return 0
    return db.session.scalar(select(func.count()).select_from(Endowment).where(_visible(actor), _TO_SIGN)) or 0


def endowments_of(organisation: Organisation, most: int = 20) -> Sequence[Endowment]:
    """The requests of an organisation, the latest first."""
    query = select(Endowment).where(Endowment.organisation_id == organisation.id).options(selectinload(Endowment.wishes))
    return db.session.scalars(query.order_by(Endowment.id.desc()).limit(most)).all()


def ending(until: date) -> Sequence[Endowment]:
    """What is reserved until a day at the latest and is still to be told, or is over; the first end first."""
    due = or_(Endowment.told_at.is_(None), Endowment.held_until < today())
    query = select(Endowment).where(Endowment.state == EndowmentState.GRANTED, Endowment.held_until <= until, due)
    return db.session.scalars(query.order_by(Endowment.held_until, Endowment.id).limit(_AT_ONCE)).all()
