"""Note what a public donor tells of its stock, and issue the papers of a donor's year; one that is no longer true is replaced."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from refurb.directory.models import Organisation
from refurb.documents.actions import Draft, issue, says_the_same
from refurb.documents.models import Paper, PaperKind, PaperStatus
from refurb.documents.queries import in_force, papers_about
from refurb.inventory.models.devices import Device
from refurb.inventory.papers.actions import NothingChanged
from refurb.inventory.papers.label_codes import without_label_codes
from refurb.inventory.papers.models import FEWEST
from refurb.inventory.papers.pdf.wording import replacing
from refurb.inventory.papers.years.models import DonorYear
from refurb.inventory.papers.years.pdf import bilan, reen_report, reuse
from refurb.inventory.papers.years.queries import YearRecord, record_of, year_of
from refurb.inventory.papers.years.texts import BILAN_TEXT, REEN_TEXT, REUSE_TEXT
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db, insert_into
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.errors import Conflict

_TEXTS = {PaperKind.BILAN: BILAN_TEXT, PaperKind.REUSE: REUSE_TEXT, PaperKind.REEN: REEN_TEXT}


class YearNotOver(Conflict):
    """The year goes on: what is said of it would be untrue tomorrow."""

    code = "donor_year.not_over"


class NotPublic(Conflict):
    """Only a public body answers for article 16 of the loi REEN, and it is named by its SIREN."""

    code = "donor_year.not_public"


class StockUntold(Conflict):
    """The donor has not told B: what it had written off and held on 1 January."""

    code = "donor_year.no_stock"


class NothingReused(Conflict):
    """Fewer than five machines may be told to be in use again yet."""

    code = "donor_year.nothing_reused"


def hold_year(donor: Organisation, year: int) -> DonorYear:
    """The row of a donor's year, held until the end of the unit of work; made where there is none."""
    insert = insert_into(DonorYear).values(donor_id=donor.id, year=year, too_old=0, is_protected=0)
    db.session.execute(insert.on_conflict_do_nothing(index_elements=["donor_id", "year"]))
    found = year_of(donor.id, year)
    assert found is not None
    lock(found)
    return found


def note_stock(actor: Actor, donor: Organisation, year: int, *, screens: int, small: int, too_old: int, is_protected: int) -> DonorYear:
    """Note what a public donor tells: B by category, and how many goods it left out as too old or protected. Raises `NotPublic`."""
    check(actor, Permission.DONATION_WRITE)
    _refuse_private(donor)
    record_of(donor, year)
    found = hold_year(donor, year)
    found.screens, found.small, found.too_old, found.is_protected, found.told_on = screens, small, too_old, is_protected, today()
    record(found, "stock_told", actor, screens=screens, small=small, too_old=too_old, is_protected=is_protected)
    return found


def _refuse_private(donor: Organisation) -> None:
    if not donor.is_public_body or not donor.siren:
        raise NotPublic(donor=donor.name)


def refuse_yearly(kind: PaperKind, known: YearRecord) -> None:
    """Raise the refusal that says why a yearly paper cannot be issued, if anything does; the button and the deed ask alike."""
    if kind is PaperKind.REUSE:
        if len(known.reused) < FEWEST:
            raise NothingReused
        return
    if kind is PaperKind.REEN:
        _refuse_private(known.year.donor)
        if known.year.told_on is None:
            raise StockUntold
    if not known.is_over:
        raise YearNotOver(year=known.year.year)


def devices_of_year(known: YearRecord) -> list[Device]:
    """The machines that came in the year and were kept, each once."""
    ids = [each.id for each in known.donations]
    query = select(Device).where(Device.donation_id.in_(ids), Device.merged_into_id.is_(None), Device.state != DeviceState.REFUSED)
    return list(db.session.scalars(query.order_by(Device.donation_id, Device.kind, Device.serial.is_(None), Device.serial, Device.id)))


def yearly_draft(actor: Actor, kind: PaperKind, known: YearRecord, papers: list[Paper], replaces: Paper | None) -> Draft:
    """What a yearly paper would say now."""
    if kind is PaperKind.REEN:
        proof = in_force(papers, PaperKind.REUSE)
        draft = reen_report(actor, known, replaces, proof=proof, devices=devices_of_year(known))
    else:
        write: Callable[..., Draft] = bilan if kind is PaperKind.BILAN else reuse
        draft = write(actor, known, replaces)
    others = _besides(papers, kind, replaces, standing=in_force(papers, kind))
    besides = [block for each in others for block in replacing(_TEXTS[kind].in_force(), each)]
    return without_label_codes(replace(draft, blocks=(*besides, *draft.blocks)))


def _besides(papers: list[Paper], kind: PaperKind, replaces: Paper | None, *, standing: Paper | None) -> list[Paper]:
    """Papers of a donor that was merged with this one, which stand: the one about both annuls them too.

    With what the `standing` one annulled so, where it is asked whether that one would say the same again and not be replaced.
    """
    apart = [each for each in papers if each.kind is kind and each is not standing and each is not replaces]
    own = standing.id if standing is not None and replaces is not standing else None
    return [each for each in reversed(apart) if each.status is PaperStatus.ISSUED or (own and each.annulled_by_id == own)]


def issue_yearly(actor: Actor, donor: Organisation, year: int, kind: PaperKind) -> Paper:
    """Issue the bilan (BD), the attestation de réemploi (AR) or the REEN report (RN) of a donor's year.

    One in force that is no longer true is annulled and replaced; raises `NothingChanged` where it still is, and as
    `refuse_yearly` does.
    """
    check(actor, Permission.PAPER_ISSUE)
    refuse_yearly(kind, record_of(donor, year))
    held = hold_year(donor, year)
    known, papers = record_of(donor, year), papers_about(held)
    standing = in_force(papers, kind)
    others = _besides(papers, kind, standing, standing=standing)
    if standing and not others and says_the_same(standing, yearly_draft(actor, kind, known, papers, standing.replaces)):
        raise NothingChanged(reference=standing.reference)
    paper = issue(actor, kind, held, yearly_draft(actor, kind, known, papers, standing), replaces=standing)
    for each in others:
        each.status, each.annulled_by_id = PaperStatus.REPLACED, paper.id
        record(each, "replaced", actor, by=paper.id)
    record(held, "issue_paper", actor, reference=paper.reference, replaces=standing.reference if standing else None)
    return paper


def stock_told(found: DonorYear) -> dict[str, Any]:
    """What was told before, by the names of the form."""
    return {name: getattr(found, name) for name in ("screens", "small", "too_old", "is_protected")}
