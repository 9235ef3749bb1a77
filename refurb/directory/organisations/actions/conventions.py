"""Conventions with an organisation: begun, signed and corrected, voided where they were entered by mistake."""

from datetime import date
from typing import Any

from refurb.directory.models import Organisation
from refurb.directory.organisations.models import Convention
from refurb.directory.organisations.rules import NotToBeMerged
from refurb.directory.organisations.words import ConventionKind
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.erased_files import let_go
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import plain, record, write_beside
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.web.pdfs import ReadPdf

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
    if convention.signed_copy is not None and dates.get("signed_on") is None:
        raise Invalid({"signed_on": [Fault("convention.signed_copy_kept")]})
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


def keep_signed_copy(actor: Actor, convention: Convention, pdf: ReadPdf) -> None:
    """Keep the PDF of what was signed in place of the one before, of which the history keeps the sum. Only what is signed has one."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(convention.organisation)
    lock(convention)
    if convention.signed_on is None:
        raise Invalid({"signed_on": [Fault("convention.copy_of_unsigned")]})
    digest = keep(pdf.content)
    if digest != convention.signed_copy:
        told = {"convention": convention.reference, "before": convention.signed_copy, "sha256": digest}
        convention.signed_copy, convention.signed_copy_pages = digest, pdf.pages
        let_go([told["before"]])
        record(convention.organisation, "convention_copied", actor, **told)


def take_off_signed_copy(actor: Actor, convention: Convention, *, reason: str) -> None:
    """A copy that was sent by mistake goes from the convention, and from the storage; the history keeps its sum, and why. Twice is once."""
    check(actor, Permission.DIRECTORY_WRITE)
    lock(convention.organisation)
    lock(convention)
    if convention.signed_copy is not None:
        before, convention.signed_copy, convention.signed_copy_pages = convention.signed_copy, None, None
        let_go([before])
        happened = record(convention.organisation, "convention_copy_taken_off", actor, convention=convention.reference, before=before)
        write_beside(happened, {"reason": reason})


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
