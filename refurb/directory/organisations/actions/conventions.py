"""Conventions with an organisation: begun, signed and corrected, voided where they were entered by mistake."""

from datetime import date
from typing import Any

from refurb.directory.models import Organisation
from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.rules import NotToBeMerged
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import plain, record, write_beside
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid

_WRITTEN = ("kind", "starts_on", "ends_on", "signed_on")


def add_convention(actor: Actor, organisation: Organisation, *, kind: ConventionKind, **dates: date | None) -> Convention:
    """Note a convention, signed or in preparation; `dates` are `starts_on`, `ends_on` and `signed_on`, as far as they are known."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(organisation)
    if organisation.merged_into_id is not None:
        raise NotToBeMerged(name=organisation.name)
    _check_dates(**dates)
    made = Convention(reference=next_reference("CV"), organisation_id=organisation.id, kind=kind, created_at=now(), **dates)
    db.session.add(made)
    db.session.flush()
    record(organisation, "convention_added", actor, convention=made.reference, kind=kind, **dates)
    return made


def correct_convention(actor: Actor, convention: Convention, *, kind: ConventionKind, **dates: date | None) -> None:
    """Write its kind and dates anew: so it is signed, and so it ends earlier than was agreed. Reminders begin again with another end."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(convention.organisation)
    lock(convention)
    _check_dates(**dates)
    before = {name: plain(getattr(convention, name)) for name in _WRITTEN}
    was_signed, ended = convention.signed_on is not None, convention.ends_on
    convention.kind = kind
    for name in ("starts_on", "ends_on", "signed_on"):
        setattr(convention, name, dates.get(name))
    if convention.ends_on != ended:
        convention.reminded_at_days = None
    now_told = {name: plain(getattr(convention, name)) for name in _WRITTEN}
    changed = {name: [before[name], new] for name, new in now_told.items() if new != before[name]}
    if changed:
        deed = "convention_signed" if convention.signed_on and not was_signed else "convention_corrected"
        record(convention.organisation, deed, actor, convention=convention.reference, **changed)


def void_convention(actor: Actor, convention: Convention, *, reason: str) -> None:
    """A convention entered by mistake, or given up before it was signed, counts for nothing; it stays on record with the reason."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(convention.organisation)
    lock(convention)
    if convention.voided_at is None:
        convention.voided_at = now()
        happened = record(convention.organisation, "convention_voided", actor, convention=convention.reference)
        write_beside(happened, {"reason": reason})


def _check_dates(starts_on: date | None = None, ends_on: date | None = None, signed_on: date | None = None) -> None:
    faults: dict[str, Any] = {}
    if signed_on is not None and starts_on is None:
        faults["starts_on"] = [Fault("convention.first_day_needed")]
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        faults["ends_on"] = [Fault("convention.ends_before_it_starts")]
    if faults:
        raise Invalid(faults)
