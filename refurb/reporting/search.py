"""The one search box: what it finds depends on what was typed and on what the actor may read."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select

from refurb.ceremonies.models import Ceremony
from refurb.directory.models import Contact, Organisation
from refurb.documents.models import Paper, PaperKind
from refurb.documents.queries import papers_numbered
from refurb.inventory.devices.queries.found import newest_found
from refurb.inventory.donations.queries.declared import declared_meant
from refurb.inventory.evidence.queries.loose_drives import drives_meant, mark_of
from refurb.inventory.evidence.views.drives import drive_title
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation
from refurb.inventory.parts.models import Part
from refurb.inventory.waste.models import WasteBatch
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.inventory.words.parts import PART_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.pieces import ids_holding
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.telephones import read_phone
from refurb.kernel.speech.words import _, _n
from refurb.kernel.web.search import matches, numbered, words_typed
from refurb.lending.models import BORROWER_PIECES, Borrower, Item, Loan
from refurb.referrals.cases.scope import sees_all, visible
from refurb.referrals.models import BENEFICIARY_PIECES, Beneficiary, Referral

MOST = 8
# Of people who answer alike so many are looked at; whoever typed so little types one more word.
MOST_NAMED = 200


@dataclass(frozen=True)
class Found:
    """One thing found: how it looks, and where it leads."""

    icon: str
    title: str
    text: str
    endpoint: str
    key: str
    value: str | int


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


def _drives(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.DEVICE_READ):
        return []
    return [
        Found(
            "hard-drive",
            drive_title(drive),
            f"{mark_of(drive.id)} · {drive.serial}" if drive.serial else mark_of(drive.id),
            "inventory.drive",
            "number",
            drive.id,
        )
        for drive in drives_meant(typed, MOST)
    ]


def _declared(typed: str, actor: Actor) -> list[Found]:
    """What a donor's list names, by its serial number or the donor's own tag, until a device is known that bears it."""
    if not actor.may(Permission.DONATION_READ):
        return []
    return [
        Found(
            "clipboard-list",
            " ".join(part for part in (item.manufacturer, item.model) if part) or str(DEVICE_KINDS[item.kind]),
            _("Déclaré par son donateur : %(serial)s · don %(reference)s", serial=item.serial or item.tag, reference=reference),
            "inventory.donation",
            "reference",
            reference,
        )
        for item, reference in declared_meant(typed, MOST)
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
    number, phone = numbered(Donation.reference, ["DN"], typed), read_phone(typed)
    meant = number if number is not None else matches(Organisation.search, typed)
    if phone:
        meant = or_(meant, Organisation.phone == phone, Donation.contact_id.in_(select(Contact.id).where(Contact.phone == phone)))
    rows = db.session.execute(
        select(Donation.reference, Organisation.name)
        .join(Organisation, Organisation.id == Donation.donor_id)
        .where(meant)
        .order_by(Donation.id.desc())
        .limit(MOST)
    )
    return [
        Found("gift", row.name, _("Don %(reference)s", reference=row.reference), "inventory.donation", "reference", row.reference)
        for row in rows
    ]


def _waste(typed: str, actor: Actor) -> list[Found]:
    number = numbered(WasteBatch.reference, ["DE"], typed)
    if number is None or not actor.may(Permission.DEVICE_READ):
        return []
    return [
        Found("recycle", _("Lot de déchets"), reference, "inventory.waste_batch", "reference", reference)
        for reference in db.session.scalars(select(WasteBatch.reference).where(number))
    ]


def _referrals(typed: str, actor: Actor) -> list[Found]:
    """By reference; and by whom they are for, within what the actor may know of: an office, or a partner's own."""
    if not actor.may(Permission.REFERRAL_READ):
        return []
    number = numbered(Referral.reference, ["OR"], typed)
    named: ColumnElement[bool]
    if not actor.sees_names:
        named = false()
    elif not sees_all(actor):  # Her own organisation's are few; among all, theirs might be beyond the first that are found.
        named = matches(Beneficiary.search, typed)
    else:
        named = Referral.beneficiary_id.in_(ids_holding(BENEFICIARY_PIECES, words_typed(typed), MOST_NAMED) if number is None else ())
    rows = db.session.execute(
        select(Referral.reference, Organisation.name, Beneficiary.first_name, Beneficiary.last_name)
        .join(Organisation, Organisation.id == Referral.partner_id)
        .join(Beneficiary, Beneficiary.id == Referral.beneficiary_id)
        .where(visible(actor), number if number is not None else named)
        .order_by(Referral.id.desc())
        .limit(MOST)
    )
    return [
        Found(
            "clipboard-list",
            row.reference if number is not None else f"{row.first_name} {row.last_name}",
            row.name if number is not None else _("Orientation %(reference)s · %(partner)s", reference=row.reference, partner=row.name),
            "referrals.referral",
            "reference",
            row.reference,
        )
        for row in rows
    ]


def _papers(typed: str, actor: Actor) -> list[Found]:
    number = numbered(Paper.reference, [kind.value for kind in PaperKind], typed)
    if number is None or not actor.may(Permission.PAPER_READ):
        return []
    rows = papers_numbered(actor, number)
    return [Found("file-text", row.title, row.reference, "documents.paper", "reference", row.reference) for row in rows]


def _loans(typed: str, actor: Actor) -> list[Found]:
    """By the loan's reference, or by that of its agreement, which whoever stands at the desk has in the hand."""
    numbers = (numbered(Loan.reference, ["PR"], typed), numbered(Paper.reference, [PaperKind.LOAN.value], typed))
    meant = [each for each in numbers if each is not None]
    if not meant or not actor.may(Permission.LOAN_READ):
        return []
    rows = db.session.execute(
        select(Loan.reference, Borrower.name)
        .join(Borrower, Borrower.id == Loan.borrower_id)
        .outerjoin(Paper, Paper.id == Loan.paper_id)
        .where(or_(*meant))
        .order_by(Loan.id.desc())
    )
    sees = actor.may(Permission.BORROWER_READ)
    return [
        Found("package", _("Prêt %(reference)s", reference=number), name if sees else "", "lending.loan", "reference", number)
        for number, name in rows
    ]


def _borrowers(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.BORROWER_READ) or not actor.sees_names:
        return []
    named = ids_holding(BORROWER_PIECES, words_typed(typed), MOST_NAMED)
    rows = db.session.execute(select(Borrower.code, Borrower.name).where(Borrower.id.in_(named)).order_by(Borrower.search).limit(MOST))
    return [Found("user", row.name, _("Emprunteur"), "lending.borrower", "code", row.code) for row in rows]


def _items(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.LOAN_READ):
        return []
    rows = db.session.execute(select(Item.code, Item.name).where(matches(Item.search, typed)).order_by(Item.name).limit(MOST))
    return [Found("package", row.name, spell(row.code), "lending.item", "code", row.code) for row in rows]


def _ceremonies(typed: str, actor: Actor) -> list[Found]:
    if not actor.may(Permission.CEREMONY_READ):
        return []
    rows = db.session.execute(
        select(Ceremony.id, Ceremony.title, Ceremony.place)
        .where(Ceremony.title.icontains(typed, autoescape=True))
        .order_by(Ceremony.id.desc())
        .limit(MOST)
    )
    return [Found("party-popper", row.title, row.place, "ceremonies.ceremony", "number", row.id) for row in rows]


_ROOMS: tuple[Callable[[str, Actor], list[Found]], ...] = (
    _devices, _drives, _declared, _parts, _donations, _waste, _referrals, _papers, _loans, _borrowers, _items, _ceremonies,
)  # fmt: skip


def found_for(actor: Actor, typed: str) -> list[Found]:
    """What the actor may read that answers to what was typed, each room's newest first."""
    return [found for room in _ROOMS for found in room(typed, actor)]
