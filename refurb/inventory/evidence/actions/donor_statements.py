"""Keeping the certificates that a donor hands over: attached to the donation as the donor's word, never judged as proof."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from refurb.inventory.evidence.actions.reports import Upload
from refurb.inventory.evidence.models import DonorStatement
from refurb.inventory.models.donations import Donation
from refurb.inventory.readers.erasure.certificate import eraser_named
from refurb.inventory.readers.erasure.certificate_text import MAX_BYTES
from refurb.inventory.readers.erasure.detect import is_pdf
from refurb.kernel.deeds import files
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid


@dataclass(frozen=True)
class SentStatement:
    """A PDF as it came, and the eraser that its text names."""

    upload: Upload
    tool: str | None


def sent_statements(uploads: Sequence[Upload]) -> list[SentStatement]:
    """The certificates of a request, read before the unit of work; raises `Invalid` under `file` for what is no PDF, or too large."""
    faults = [fault for each in uploads for fault in _faults(each)]
    if not uploads:
        faults = [Fault("upload.none_chosen")]
    if faults:
        raise Invalid({"file": faults})
    return [SentStatement(each, eraser_named(each.content)) for each in uploads]


def keep_donor_statements(actor: Actor, donation: Donation, sent: Sequence[SentStatement]) -> list[DonorStatement]:
    """Keep the certificates with their donation, each once; what is erased and what is not stays as it was."""
    check(actor, Permission.DEVICE_INTAKE)
    lock(donation)
    known = set(db.session.scalars(select(DonorStatement.file).where(DonorStatement.donation_id == donation.id)))
    made: list[DonorStatement] = []
    for each in sent:
        digest = files.keep(each.upload.content)
        if digest in known:
            continue
        known.add(digest)
        made.append(
            DonorStatement(
                donation_id=donation.id,
                tool=each.tool,
                file=digest,
                filename=each.upload.filename[:200],
                size=len(each.upload.content),
                received_at=now(),
                actor_id=actor.id,
            )
        )
    db.session.add_all(made)
    db.session.flush()
    if made:
        record(donation, "donor_statement_kept", actor, count=len(made), statements=[each.id for each in made])
    return made


def _faults(upload: Upload) -> list[Fault]:
    if not is_pdf(upload.content):
        return [Fault("claim.not_pdf", filename=upload.filename)]
    if len(upload.content) > MAX_BYTES:
        return [Fault("report.too_large", size_mb=-(-len(upload.content) // 2**20), limit_mb=MAX_BYTES // 2**20)]
    return []
