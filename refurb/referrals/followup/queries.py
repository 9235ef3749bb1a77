"""Looking up questions: what is due, what is to be asked by telephone, how a family is reached, what was answered."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import func, literal, select
from sqlalchemy.orm import joinedload

from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.clock import local, midnight
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l
from refurb.kernel.web.listing import Listing
from refurb.kernel.web.orders import Compared, ListOrder, ListOrders, steps_of
from refurb.referrals.aftersales.policy import AFTER
from refurb.referrals.followup.models import Followup, NewsChoice
from refurb.referrals.followup.words import Asking, NewsWay
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral
from refurb.referrals.words import AllocationState

CATCH_UP = 30
"""Days after which a question that nobody planned is not asked any more: a territory that begins does not ask about last year."""
_OPEN_WORDS = [literal(each, Followup.standing.type, literal_execute=True) for each in (Asking.TO_ASK, Asking.ASKED)]
IS_OPEN = Followup.standing.in_(_OPEN_WORDS)


class WhichNews(StrEnum):
    """Which questions a list shows."""

    OPEN = "en-cours"
    SETTLED = "closes"


NEWS_ORDERS = ListOrders(
    "prevue",
    Followup.id,
    (
        ListOrder("prevue", _l("Prévue le"), (Followup.due_on,), Compared.DATE, indexed=True),
        ListOrder("etat", _l("État"), (steps_of(Followup.standing, Asking),), Compared.STEPS),
    ),
)


def news_listing(which: WhichNews) -> Listing:
    """Questions as rows of the file's reference, stage, way and where each stands; never what one family answered."""
    query = (
        select(
            Followup.id, Followup.stage, Followup.due_on, Followup.way, Followup.standing, Followup.asked_at, Followup.reminded_at,
            Followup.tries, Followup.settled_at, Followup.answered_by, Followup.ticket_id, Referral.reference,
            Organisation.name.label("partner"),
        )
        .join(Referral, Referral.id == Followup.referral_id)
        .join(Organisation, Organisation.id == Referral.partner_id)
        .where(IS_OPEN if which is WhichNews.OPEN else Followup.settled_at.is_not(None))
    )  # fmt: skip
    return Listing(query, NEWS_ORDERS)


def followup_numbered(actor: Actor, number: int) -> Followup:
    """One question; `NotFound` for whoever calls no family."""
    found = _numbered(number) if actor.may(Permission.TICKET_WRITE) else None
    if found is None:
        raise NotFound
    return found


def _numbered(number: int) -> Followup | None:
    query = select(Followup).where(Followup.id == number).options(joinedload(Followup.referral).joinedload(Referral.beneficiary))
    return db.session.scalar(query)


def followup_asked(number: int) -> Followup:
    """The question of a signed link."""
    found = _numbered(number)
    if found is None:
        raise NotFound
    return found


def followup_of(referral: Referral, number: int) -> Followup:
    """A question about the family of a file; `NotFound` for another's."""
    found = _numbered(number)
    if found is None or found.referral_id != referral.id:
        raise NotFound
    return found


def followups_of(referral: Referral) -> Sequence[Followup]:
    """The questions of a file, in their order."""
    return db.session.scalars(select(Followup).where(Followup.referral_id == referral.id).order_by(Followup.due_on, Followup.id)).all()


def way_of(referral: Referral) -> NewsWay | None:
    """How the family agreed to be asked; None where nobody has asked it."""
    return db.session.scalar(select(NewsChoice.way).where(NewsChoice.referral_id == referral.id))


def to_call() -> Followup | None:
    """Whom to call next: due longest ago, with the fewest tries."""
    query = select(Followup).where(IS_OPEN, Followup.way == NewsWay.PHONE)
    query = query.options(joinedload(Followup.referral).joinedload(Referral.beneficiary))
    return db.session.scalar(query.order_by(Followup.tries, Followup.due_on, Followup.id).limit(1))


def count_to_call(actor: Actor) -> int:
    """How many families are to be called."""
    if not actor.may(Permission.TICKET_WRITE):
        return 0
    return db.session.scalar(select(func.count()).select_from(Followup).where(IS_OPEN, Followup.way == NewsWay.PHONE)) or 0


def handovers_to_ask_about(day: date) -> list[tuple[Handover, int, date]]:
    """The signed hand-overs that have come to a stage of which nothing is planned yet: the stage in days, and the day it fell on."""
    found: list[tuple[Handover, int, date]] = []
    for stage in AFTER.in_force().stages:
        first = midnight(day - timedelta(days=stage + CATCH_UP))
        query = (
            select(Handover)
            .join(Handover.allocation)
            .join(Allocation.referral)
            .join(Referral.beneficiary)
            .where(
                Handover.paper_id.is_not(None),
                Handover.handed_at >= first,
                Handover.handed_at < midnight(day - timedelta(days=stage - 1)),
                Allocation.state == AllocationState.FULFILLED,
                Allocation.replaces_id.is_(None),
                Beneficiary.forgotten_at.is_(None),
                ~select(Followup.id).where(Followup.handover_id == Handover.id, Followup.stage == stage).exists(),
            )
            .options(joinedload(Handover.allocation).joinedload(Allocation.referral).joinedload(Referral.beneficiary))
            .order_by(Handover.id)
            .limit(200)
        )
        found += [(each, stage, local(each.handed_at).date() + timedelta(days=stage)) for each in db.session.scalars(query)]
    return found


def to_remind(day: date) -> Sequence[Followup]:
    """What was asked in writing long enough ago to be asked once more."""
    since = midnight(day - timedelta(days=AFTER.in_force().remind_days - 1))
    query = select(Followup).where(
        Followup.standing == Asking.ASKED, Followup.way.in_((NewsWay.EMAIL, NewsWay.PARTNER)), Followup.reminded_at.is_(None),
        Followup.asked_at < since,
    )  # fmt: skip
    return db.session.scalars(query.order_by(Followup.id).limit(200)).all()


def to_leave(day: date) -> Sequence[Followup]:
    """What was asked in writing, and whose link is over: it stays without an answer."""
    since = midnight(day - timedelta(days=AFTER.in_force().link_days))
    query = select(Followup).where(
        Followup.standing == Asking.ASKED, Followup.way.in_((NewsWay.EMAIL, NewsWay.PARTNER)), Followup.asked_at < since
    )
    return db.session.scalars(query.order_by(Followup.id).limit(200)).all()


def address_of(number: int) -> str | None:
    """To what the link of a question was sent; None where the family is reached so no more."""
    found = _numbered(number)
    return reach_of(found) if found is not None else None


def reach_of(followup: Followup) -> str | None:
    """The address or the number by which the family of a question is asked; None by any other way, and where there is none."""
    person = followup.referral.beneficiary
    return {NewsWay.EMAIL: person.email, NewsWay.PHONE: person.phone}.get(followup.way)


def dump(followup: Followup, _actor: Actor) -> dict[str, Any]:
    """A question as the JSON door shows it: the family by the reference of its file."""
    return {
        "id": followup.id,
        "referral": followup.referral.reference,
        "stage": followup.stage,
        "due_on": followup.due_on.isoformat(),
        "way": followup.way,
        "standing": followup.standing,
        "asked_at": followup.asked_at and followup.asked_at.isoformat(),
        "tries": followup.tries,
        "answered_by": followup.answered_by,
        "works": followup.works,
        "uses": followup.uses,
        "helps": followup.helps,
        "next_need": followup.next_need,
        "ticket": followup.ticket.reference if followup.ticket else None,
    }
