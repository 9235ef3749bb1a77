"""What stands behind a figure: the deeds that it counts, newest first, for whoever is of the house."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from flask import url_for
from sqlalchemy import Select, String, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.speech.clock import from_wall
from refurb.kernel.speech.words import _, _p
from refurb.kernel.web.search import PER_PAGE, Page
from refurb.lending.models import Item, Loan, LoanLine
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.endowed import Endowment, EndowmentLine
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import ReferralState
from refurb.reporting.figures.definitions import Figure
from refurb.reporting.figures.numbers import COMPUTERS, FATE_MOVES
from refurb.reporting.figures.periods import FiguresAsked

P = Permission


@dataclass(frozen=True)
class Deed:
    """One deed that a figure counts: when, what, of which thing, and where it is told where that may be opened."""

    at: datetime
    said: str
    name: str
    url: str | None


def _between(asked: FiguresAsked) -> tuple[datetime, datetime]:
    """The instants at which the months asked for begin and end."""
    first, last = ((int(each[:4]), int(each[5:])) for each in asked.bounds)
    after = (last[0] + last[1] // 12, last[1] % 12 + 1)
    begin, end = (from_wall(datetime.combine(date(*each, 1), time())).astimezone(UTC) for each in (first, after))
    return begin, end


def _within(column: Any, asked: FiguresAsked) -> tuple[Any, Any]:
    begin, end = _between(asked)
    return column >= begin, column < end


def _device_deeds(asked: FiguresAsked, moves: tuple[str, ...], *, computers: bool) -> Select[*tuple[Any, ...]]:
    earlier = aliased(Event)
    before = select(earlier.id).where(
        earlier.subject_kind == Device.KIND,
        earlier.subject_id == Event.subject_id,
        earlier.move == Event.move,
        earlier.position < Event.position,
    )
    return (
        select(Event.at.label("at"), Event.move.label("move"), Device.code.label("name"), literal("device").label("of"))
        .join(Device, Device.id == Event.subject_id)
        .where(Event.subject_kind == Device.KIND, Event.move.in_(moves), Device.merged_into_id.is_(None), *_within(Event.at, asked))
        .where(~before.exists(), *((Device.kind.in_(COMPUTERS),) if computers else ()))
    )


def _given(asked: FiguresAsked) -> Select[*tuple[Any, ...]]:
    """Computers on signed slips: those of families, and those of organisations unless one partner is asked for."""
    families = (
        select(
            Handover.handed_at.label("at"),
            literal("given").label("move"),
            cast(Referral.reference, String).label("name"),
            literal("referral").label("of"),
        )
        .join(HandoverLine, HandoverLine.handover_id == Handover.id)
        .join(Device, Device.id == HandoverLine.device_id)
        .join(Allocation, Allocation.id == Handover.allocation_id)
        .join(Referral, Referral.id == Allocation.referral_id)
        .where(Handover.paper_id.is_not(None), Device.kind.in_(COMPUTERS), *_within(Handover.handed_at, asked))
    )
    if asked.partner is not None:
        return families.where(Referral.partner_id == asked.partner)
    places = (
        select(
            Endowment.handed_at.label("at"),
            literal("given").label("move"),
            Endowment.reference.label("name"),
            literal("endowment").label("of"),
        )
        .join(EndowmentLine, EndowmentLine.endowment_id == Endowment.id)
        .join(Device, Device.id == EndowmentLine.device_id)
        .where(Endowment.paper_id.is_not(None), EndowmentLine.came_back_at.is_(None), Device.kind.in_(COMPUTERS))
        .where(*_within(Endowment.handed_at, asked))
    )
    both = union_all(families, places).subquery()
    return select(both.c.at, both.c.move, both.c.name, both.c.of)


def _organisations(asked: FiguresAsked) -> Select[*tuple[Any, ...]]:
    """Signed slips of organisations, whatever kind of machine they name that has not come back."""
    named = select(EndowmentLine.id).where(EndowmentLine.endowment_id == Endowment.id, EndowmentLine.came_back_at.is_(None))
    query = select(
        Endowment.handed_at.label("at"),
        literal("given").label("move"),
        Endowment.reference.label("name"),
        literal("endowment").label("of"),
    ).where(Endowment.paper_id.is_not(None), named.exists(), *_within(Endowment.handed_at, asked))
    return query.where(Endowment.organisation_id == asked.partner) if asked.partner is not None else query


def _families(asked: FiguresAsked) -> Select[*tuple[Any, ...]]:
    query = (
        select(
            Handover.handed_at.label("at"),
            literal("given").label("move"),
            Referral.reference.label("name"),
            literal("referral").label("of"),
        )
        .join(Allocation, Allocation.id == Handover.allocation_id)
        .join(Referral, Referral.id == Allocation.referral_id)
        .where(Allocation.replaces_id.is_(None), Referral.state == ReferralState.SERVED, Handover.paper_id.is_not(None))
        .where(*_within(Handover.handed_at, asked))
    )
    return query.where(Referral.partner_id == asked.partner) if asked.partner is not None else query


def _referral_deeds(asked: FiguresAsked, moves: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    query = (
        select(Event.at.label("at"), Event.move.label("move"), Referral.reference.label("name"), literal("referral").label("of"))
        .join(Referral, Referral.id == Event.subject_id)
        .where(Event.subject_kind == Referral.KIND, Event.move.in_(moves), *_within(Event.at, asked))
        .where((Event.move != "withdraw") | (Event.facts["from"].as_string() != "draft"))
    )
    return query.where(Referral.partner_id == asked.partner) if asked.partner is not None else query


def _lent(asked: FiguresAsked) -> Select[*tuple[Any, ...]]:
    query = (
        select(LoanLine.out_at.label("at"), literal("lent").label("move"), Loan.reference.label("name"), literal("loan").label("of"))
        .join(Loan, Loan.id == LoanLine.loan_id)
        .join(Item, Item.id == LoanLine.item_id)
        .where(*_within(LoanLine.out_at, asked))
    )
    return query.where(func.coalesce(Loan.handover_id, Loan.site_id) == asked.place) if asked.place is not None else query


_BEHIND: dict[str, Callable[[FiguresAsked], Select[*tuple[Any, ...]]]] = {
    "created": lambda asked: _device_deeds(asked, ("created",), computers=True),
    "pass_tests": lambda asked: _device_deeds(asked, ("pass_tests",), computers=True),
    "fates": lambda asked: _device_deeds(asked, FATE_MOVES, computers=False),
    "given": _given,
    "families": _families,
    "organisations": _organisations,
    "submit": lambda asked: _referral_deeds(asked, ("submit",)),
    "stops": lambda asked: _referral_deeds(asked, ("refuse", "withdraw")),
    "lent": _lent,
}
_OPENED = {
    "device": (P.DEVICE_READ, "inventory.device", "code"),
    "referral": (P.REFERRAL_READ, "referrals.referral", "reference"),
    "endowment": (P.REFERRAL_DECIDE, "referrals.endowment", "reference"),
    "loan": (P.LOAN_READ, "lending.loan", "reference"),
}


def behind(actor: Actor, figure: Figure, asked: FiguresAsked, number: int) -> Page:
    """One page of the deeds that a figure counts; none of a period that has not begun."""
    if not asked.months:
        return Page([], 1, 0)
    query = _BEHIND[figure.told_by](asked)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    counted = query.subquery()
    rows = db.session.execute(
        select(counted).order_by(counted.c.at.desc(), counted.c.name, counted.c.move).limit(PER_PAGE).offset((number - 1) * PER_PAGE)
    )
    return Page([_deed(actor, *row) for row in rows], number, total)


def _deed(actor: Actor, at: datetime, move: str, name: str, of: str) -> Deed:
    permission, endpoint, argument = _OPENED[of]
    asked: dict[str, Any] = {argument: name}
    url = url_for(endpoint, **asked) if actor.may(permission) else None
    return Deed(at, _said(move, of), name, url)


def _said(move: str, of: str) -> str:
    if move in {"given", "lent", "created"}:
        return {"given": _("Remis, bon signé"), "lent": _("Parti en prêt"), "created": _p("device", "Reçu")}[move]
    return str((device_machine if of == "device" else referral_machine)[move].done)
