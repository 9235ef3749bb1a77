"""Looking up organisations with their contacts and conventions: the list, one of them, those to choose from, those like another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select

from refurb.directory.models import Contact, Organisation
from refurb.directory.organisations.models import Convention, Merger
from refurb.directory.organisations.standing import SOON, Leave, PartnerStanding, standing_on
from refurb.directory.organisations.words import ConventionKind
from refurb.directory.words import Nature, Purpose
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import Page, named_or_numbered, paged

MOST_TO_LOOK_AT = 20


def _listed() -> list[ColumnElement[bool]]:
    """Those of the directory: neither our own, nor a person, nor a record that was merged."""
    return [Organisation.is_home.is_(False), Organisation.is_person.is_(False), Organisation.merged_into_id.is_(None)]


def organisation_by_reference(actor: Actor, reference: str) -> Organisation:
    """One organisation, a merged one too; `NotFound` for whoever may not read the directory."""
    found = None
    if actor.may(Permission.DIRECTORY_READ):
        query = select(Organisation).where(Organisation.reference == reference.strip().upper(), Organisation.is_person.is_(False))
        found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def standing_record(organisation: Organisation) -> Organisation:
    """The record that stands for this one: itself, or the one it was merged into."""
    return db.session.get_one(Organisation, organisation.merged_into_id) if organisation.merged_into_id else organisation


def merged_into(organisation: Organisation) -> Sequence[Organisation]:
    """The records that were merged into this one."""
    return db.session.scalars(select(Organisation).where(Organisation.merged_into_id == organisation.id).order_by(Organisation.id)).all()


def merger_of(gone: Organisation) -> Merger | None:
    """How a record was merged into the one that stands; None where it was not, or before this was kept."""
    return db.session.scalar(select(Merger).where(Merger.gone_id == gone.id, Merger.parted_at.is_(None)))


def organisations_like(name: str, *, place: str | None = None, but: Organisation | None = None) -> list[Organisation]:
    """Those of the same name, however it is written; where both places are known, of the same place."""
    query = select(Organisation).where(Organisation.search.like(f"{_escaped(fold(name))}%", escape="\\"), *_listed())
    alike = [each for each in db.session.scalars(query.order_by(Organisation.id)) if fold(each.name) == fold(name)]
    elsewhere = [each for each in alike if place and each.place and fold(each.place) != fold(place)]
    return [each for each in alike if each not in elsewhere and each is not but]


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def organisation_numbered(*, siren: str | None = None, rna: str | None = None) -> Organisation | None:
    """The organisation that bears one of these numbers, among those that stand; not our own."""
    borne = [column == number for column, number in ((Organisation.siren, siren), (Organisation.rna, rna)) if number]
    if not borne:
        return None
    query = select(Organisation).where(or_(*borne), Organisation.merged_into_id.is_(None), Organisation.is_home.is_(False))
    return db.session.scalars(query.order_by(Organisation.id).limit(1)).first()


@dataclass(frozen=True)
class OrganisationFilter:
    """Which organisations a list shows."""

    words: str = ""
    nature: Nature | None = None
    archived: bool = False

    @property
    def conditions(self) -> list[ColumnElement[bool]]:
        """As conditions on the organisations."""
        found = [*_listed(), Organisation.archived_at.is_not(None) if self.archived else Organisation.archived_at.is_(None)]
        if self.nature is not None:
            found.append(getattr(Organisation, self.nature.flag).is_(True))
        if self.words:
            found.append(named_or_numbered(Organisation.search, Organisation.reference, ["ST"], self.words))
        return found


def organisations_page(actor: Actor, wanted: OrganisationFilter, number: int) -> Page:
    """One page of organisations, by name."""
    if not actor.may(Permission.DIRECTORY_READ):
        raise NotFound
    return paged(select(Organisation).where(*wanted.conditions).order_by(Organisation.search, Organisation.id), number)


def choices_of(nature: Nature | None = None) -> list[tuple[str, str]]:
    """The organisations to choose from on a form, by name, with the commune: all, or those of one nature."""
    query = select(Organisation.id, Organisation.name, Organisation.place).where(*OrganisationFilter(nature=nature).conditions)
    rows = db.session.execute(query.order_by(Organisation.search, Organisation.id))
    return [(str(row.id), f"{row.name}, {row.place}" if row.place else row.name) for row in rows]


def is_offered(organisation_id: int, nature: Nature | None = None) -> bool:
    """Whether an organisation is among those that may be chosen."""
    query = select(Organisation.id).where(Organisation.id == organisation_id, *OrganisationFilter(nature=nature).conditions)
    return db.session.scalar(query) is not None


def contacts_of(organisation: Organisation) -> list[Contact]:
    """The contacts that are still there."""
    return [each for each in organisation.contacts if each.ended_on is None]


def contact_of(organisation: Organisation, number: int) -> Contact:
    """One contact of an organisation that is still there; `NotFound` otherwise."""
    found = next((each for each in contacts_of(organisation) if each.id == number), None)
    if found is None:
        raise NotFound
    return found


def conventions_of(organisation: Organisation) -> Sequence[Convention]:
    """The conventions with an organisation, the newest first."""
    query = select(Convention).where(Convention.organisation_id == organisation.id, Convention.voided_at.is_(None))
    return db.session.scalars(query.order_by(Convention.starts_on.desc(), Convention.id.desc())).all()


def convention_of(organisation: Organisation, reference: str) -> Convention:
    """One convention of an organisation that counts; `NotFound` otherwise."""
    found = next((each for each in conventions_of(organisation) if each.reference == reference.upper()), None)
    if found is None:
        raise NotFound
    return found


def standings(ids: Iterable[int], day: date | None = None) -> dict[int, PartnerStanding]:
    """The standing of each partner, by its id."""
    wanted = list(ids)
    held: dict[int, list[Convention]] = {each: [] for each in wanted}
    for each in db.session.scalars(select(Convention).where(Convention.organisation_id.in_(wanted))) if wanted else ():
        held[each.organisation_id].append(each)
    return {number: standing_on(conventions, day or today()) for number, conventions in held.items()}


def standing_of(organisation: Organisation, day: date | None = None) -> PartnerStanding:
    """The standing of one partner."""
    return standings([organisation.id], day)[organisation.id]


@dataclass(frozen=True)
class ToLookAt:
    """A partner whose convention soon ends, or has ended."""

    organisation: Organisation
    standing: PartnerStanding


def conventions_to_look_at(day: date | None = None) -> list[ToLookAt]:
    """The partners whose convention ends within `SOON` days or has ended, the first end first."""
    soon = (day or today()) + SOON
    query: Select[Any] = (
        select(Convention.organisation_id)
        .join(Organisation, Organisation.id == Convention.organisation_id)
        .where(Convention.kind == ConventionKind.PARTNER, Convention.ends_on <= soon, Convention.voided_at.is_(None))
        .where(*OrganisationFilter(nature=Nature.PARTNER).conditions)
    )
    found = standings(set(db.session.scalars(query)), day)
    due = {number: each for number, each in found.items() if each.soon or each.leave is Leave.ENDED}
    rows = db.session.scalars(select(Organisation).where(Organisation.id.in_(due)).order_by(Organisation.search)) if due else ()
    return sorted((ToLookAt(each, due[each.id]) for each in rows), key=lambda one: one.standing.until or soon)[:MOST_TO_LOOK_AT]


REMINDERS = (15, 45)
"""So many days before its end, whoever coordinates is reminded of a convention; the nearest first."""


def convention_soon_over(convention: Convention, day: date | None = None) -> bool:
    """Whether a convention in force ends within the first reminder's days, and none that is signed follows it."""
    day = day or today()
    last, partner = convention.ends_on, convention.organisation
    if last is None or not convention.is_in_force(day) or last > day + timedelta(days=REMINDERS[-1]) or partner.archived_at is not None:
        return False
    next_day = last + timedelta(days=1)
    return not any(each.is_in_force(next_day) for each in conventions_of(partner) if each.kind is convention.kind)


def conventions_to_remind(day: date | None = None) -> list[tuple[Convention, int]]:
    """The conventions whose next reminder is due, with the days before the end that it is due at; one that was late is not made up for."""
    day = day or today()
    query = select(Convention).where(Convention.ends_on >= day, Convention.ends_on <= day + timedelta(days=REMINDERS[-1]))
    due = []
    for each in db.session.scalars(query.where(Convention.voided_at.is_(None)).order_by(Convention.ends_on, Convention.id)):
        left = (each.ends_on - day).days if each.ends_on else 0
        days = next(days for days in REMINDERS if left <= days)
        if (each.reminded_at_days is None or each.reminded_at_days > days) and convention_soon_over(each, day):
            due.append((each, days))
    return due


def partners_without_referent(accounts: dict[int, int]) -> list[Organisation]:
    """The partners with nobody to write to about referrals: neither a contact for them, nor an account (by the organisation's id)."""
    reached = select(Contact.organisation_id).where(Contact.ended_on.is_(None), Contact.purpose.in_((Purpose.REFERRALS, Purpose.GENERAL)))
    query = (
        select(Organisation)
        .where(*OrganisationFilter(nature=Nature.PARTNER).conditions, Organisation.id.not_in(reached))
        .where(Organisation.id.not_in([number for number, count in accounts.items() if count]))
        .order_by(Organisation.search)
        .limit(MOST_TO_LOOK_AT)
    )
    return list(db.session.scalars(query))
