"""Share an activity sheet, correct it, withdraw it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.files import keep
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Forbidden, Invalid
from refurb.kernel.web.pdfs import ReadPdf
from refurb.lending.models import Product
from refurb.lending.sheets.models import ActivitySheet
from refurb.lending.sheets.rules import check_change, may_share, sharing_organisations


def share_sheet(actor: Actor, pdf: ReadPdf | None, **facts: Any) -> ActivitySheet:
    """Share a sheet: ours, or one of the organisation for which the actor works."""
    if not may_share(actor):
        raise Forbidden(permission=Permission.RESERVATION_WRITE.value)
    sheet = ActivitySheet(shared_at=now())
    _write(actor, sheet, pdf, facts)
    db.session.add(sheet)
    record(sheet, "shared", actor)
    return sheet


def correct_sheet(actor: Actor, sheet: ActivitySheet, pdf: ReadPdf | None, **facts: Any) -> None:
    """Write a sheet anew; the PDF stays where none is sent and no text is written."""
    lock(sheet)
    check_change(actor, sheet)
    _write(actor, sheet, pdf, facts)
    record(sheet, "corrected", actor)


def withdraw_sheet(actor: Actor, sheet: ActivitySheet) -> None:
    """Take a sheet out of the catalogue. A second press changes nothing."""
    lock(sheet)
    check_change(actor, sheet)
    if sheet.withdrawn_at is None:
        sheet.withdrawn_at = now()
        record(sheet, "withdrawn", actor)


def _write(actor: Actor, sheet: ActivitySheet, pdf: ReadPdf | None, facts: dict[str, Any]) -> None:
    sheet.title, sheet.author, sheet.licence = facts["title"], facts["author"], facts["licence"]
    sheet.public, sheet.minutes = facts.get("public") or None, facts.get("minutes")
    sheet.organisation_id = _organisation(actor, facts.get("organisation_id"))
    sheet.products = _products(facts.get("products") or ())
    text = facts.get("text") or None
    if pdf is not None and text:
        raise Invalid({"text": [Fault("sheet.page_or_pdf")]})
    if pdf is not None:
        sheet.file, sheet.pages, sheet.file_bytes, sheet.text = keep(pdf.content), pdf.pages, len(pdf.content), None
    elif text:
        sheet.file, sheet.pages, sheet.file_bytes, sheet.text = None, None, None, text
    elif sheet.file is None:
        raise Invalid({"file": [Fault("sheet.page_or_pdf")]})


def _organisation(actor: Actor, chosen: int | None) -> int | None:
    """Whose sheet it is: for a partner, one of her own organisations; for us, ours where none is chosen."""
    own = sharing_organisations(actor)
    if actor.everywhere(Permission.ITEM_WRITE):
        return chosen
    if chosen is None and len(own) == 1:
        return next(iter(own))
    if chosen not in own:
        raise Invalid({"organisation_id": [Fault("field.choice")]})
    return chosen


def _products(ids: Sequence[int]) -> list[Product]:
    found = list(db.session.scalars(select(Product).where(Product.id.in_(ids)).order_by(Product.id))) if ids else []
    if len(found) != len(set(ids)):
        raise Invalid({"products": [Fault("field.choice")]})
    return found
