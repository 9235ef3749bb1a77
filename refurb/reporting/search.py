"""The one search box: what it finds depends on what was typed and on what the actor may read."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.documents.models import Paper
from refurb.inventory.devices.queries.found import newest_found
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.parts.models import Part
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.parts import PART_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.search import matches
from refurb.lending.models import Borrower, Item
from refurb.referrals.models import Referral
from refurb.referrals.queries import visible

MOST = 8
_REFERENCE = re.compile(r"[A-Z]{2}-[0-9]{4}-[0-9]+\Z")


@dataclass(frozen=True)
class Found:
    """One thing found: how it looks, and where it leads."""

    icon: str
    title: str
    text: str
    endpoint: str
    key: str
    value: str


def _devices(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.DEVICE_READ):
        return []
    rows = db.session.execute(
        select(Device.code, Device.manufacturer, Device.model, Device.kind, Device.serial)
        .where(Device.id.in_(newest_found(typed, MOST, with_joined=True)))
        .order_by(Device.id.desc())
    )
    return [
        Found(
            "laptop",
            " ".join(part for part in (row.manufacturer, row.model) if part) or str(DEVICE_KINDS[row.kind]),
            f"{spell(row.code)} · {row.serial}" if row.serial else spell(row.code),
            "inventory.device",
            "code",
            row.code,
        )
        for row in rows
    ]


def _parts(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.DEVICE_READ):
        return []
    rows = db.session.execute(
        select(Part.code, Part.name, Part.kind, Part.quantity).where(matches(Part.search, typed)).order_by(Part.id.desc()).limit(MOST)
    )
    return [
        Found(
            "settings",
            row.name,
            f"{spell(row.code)} · {PART_KINDS[row.kind]} · " + _n("%(num)s en stock", "%(num)s en stock", row.quantity),
            "inventory.part",
            "code",
            row.code,
        )
        for row in rows
    ]


def _donations(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.DONATION_READ):
        return []
    rows = db.session.execute(
        select(Donation.reference, Organisation.name)
        .join(Organisation, Organisation.id == Donation.donor_id)
        .where(matches(Organisation.search, typed) | (Donation.reference == typed.upper()))
        .order_by(Donation.id.desc())
        .limit(MOST)
    )
    return [
        Found("gift", row.name, _("Don %(reference)s", reference=row.reference), "inventory.donation", "reference", row.reference)
        for row in rows
    ]


def _referrals(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.REFERRAL_READ) or not _REFERENCE.match(typed.upper()):
        return []
    rows = db.session.execute(
        select(Referral.reference, Organisation.name)
        .join(Organisation, Organisation.id == Referral.partner_id)
        .where(visible(actor), Referral.reference == typed.upper())
    )
    return [Found("clipboard-list", row.reference, row.name, "referrals.referral", "reference", row.reference) for row in rows]


def _papers(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.PAPER_READ) or not _REFERENCE.match(typed.upper()):
        return []
    rows = db.session.execute(select(Paper.reference, Paper.title).where(Paper.reference == typed.upper()))
    return [Found("file-text", row.title, row.reference, "documents.paper", "reference", row.reference) for row in rows]


def _lent(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.LOAN_READ):
        return []
    found = []
    if actor.may(Permission.BORROWER_READ):
        rows = db.session.execute(
            select(Borrower.code, Borrower.name).where(matches(Borrower.search, typed)).order_by(Borrower.search).limit(MOST)
        )
        found += [Found("user", row.name, _("Emprunteur"), "lending.borrower", "code", row.code) for row in rows]
    named = select(Item.code, Item.name).where(Item.name.icontains(typed, autoescape=True)).order_by(Item.name).limit(MOST)
    return found + [Found("package", row.name, spell(row.code), "lending.item", "code", row.code) for row in db.session.execute(named)]


_ROOMS: tuple[Callable[[str, Actor], list[Found]], ...] = (_devices, _parts, _donations, _referrals, _papers, _lent)


def found_for(actor: Actor, typed: str) -> list[Found]:
    """What the actor may read that answers to what was typed, each room's newest first."""
    return [found for room in _ROOMS for found in room(typed, actor)]
