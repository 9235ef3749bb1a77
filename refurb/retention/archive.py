"""The archive of what is about to be forgotten: tables, the papers themselves, and a manifest that names and sums every part.

Public bodies owe their archives a look before anything is destroyed (code du patrimoine, article L212-2): whoever may takes it away, before
the night. It is made of what the night asks, and changes nothing.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Select, Table, select

from refurb.directory.durations import durations
from refurb.directory.queries import home
from refurb.documents.models import Paper
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.file_stores import FileLost
from refurb.kernel.deeds.files import digest_of, fetch
from refurb.kernel.deeds.history import plain
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.clock import local, now
from refurb.lending.models import Borrower, Loan
from refurb.referrals.given import HandoverLine
from refurb.referrals.models import Allocation, Beneficiary, Handover, Referral

MOST = 5_000
"""Rows of one sort: an answer is held in memory until it is sent. What is beyond stands in the manifest."""
_SECRET = ("password", "digest", "search", "sealed")
_RISKY = ("=", "+", "-", "@", "\t", "\r")


def archive_of_tonight(actor: Actor) -> bytes:
    """The archive as a ZIP: `tableaux/*.csv`, `documents/*.pdf`, `manifeste.json`. The log of security says who took it."""
    check(actor, Permission.PRIVACY_WRITE)
    written, packed = io.BytesIO(), list[dict[str, Any]]()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content, rows in _parts():
            archive.writestr(name, content)
            packed.append({"fichier": name, "lignes": rows, "octets": len(content), "sha256": digest_of(content)})
        archive.writestr("manifeste.json", json.dumps(_manifest(packed), ensure_ascii=False, indent=2))
    note(SecurityKind.EXPORTED, actor, "archive avant effacement")
    return written.getvalue()


def _manifest(packed: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "archive": "ce qui s'efface cette nuit",
        "maison": home().full_name,
        "faite_le": local(now()).isoformat(timespec="seconds"),
        "regle": durations().version,
        "termes": [
            {"cle": each.key, "qui": str(each.who), "duree": each.term, "a_effacer": each.count_due()}
            for each in _terms()
            if each.count_due()
        ],
        "parties": packed,
    }


def _terms() -> list[Term]:
    return [each for each in wired().terms if not each.hourly]


def _parts() -> Iterator[tuple[str, bytes, int]]:
    handed: list[int] = []
    lent: list[int] = []
    for term in _terms():
        numbers = list(db.session.scalars(term.due().limit(MOST)))
        if not numbers:
            continue
        yield _sheet(term.key, term.model.__table__, term.number, numbers)  # type: ignore[arg-type]  # every model of ours has a table
        if term.model is Beneficiary:
            referrals = list(db.session.scalars(select(Referral.id).where(Referral.beneficiary_id.in_(numbers))))
            allocations = list(db.session.scalars(select(Allocation.id).where(Allocation.referral_id.in_(referrals))))
            slips = list(db.session.scalars(select(Handover.id).where(Handover.allocation_id.in_(allocations))))
            handed += slips
            yield from _files(term.key, referrals, allocations, slips)
        elif term.model is Loan:
            lent += numbers
        elif term.model is Borrower:
            lent += db.session.scalars(select(Loan.id).where(Loan.borrower_id.in_(numbers)))
    yield from _papers(Handover.KIND, handed)
    yield from _papers(Loan.KIND, sorted(set(lent)))


def _files(key: str, referrals: list[int], allocations: list[int], slips: list[int]) -> Iterator[tuple[str, bytes, int]]:
    for kind, ids in ((Referral, referrals), (Allocation, allocations), (Handover, slips)):
        if ids:
            yield _sheet(f"{key}.{kind.__tablename__}", kind.__table__, kind.__table__.c.id, ids)  # type: ignore[arg-type]  # every model of ours has a table
    if slips:
        yield _given(f"{key}.{HandoverLine.__tablename__}", slips)


def _sheet(name: str, table: Table, number: Column[Any], numbers: Sequence[Any]) -> tuple[str, bytes, int]:
    columns = [each for each in table.columns if not any(word in each.name for word in _SECRET)]
    return _written(name, select(*columns).where(number.in_(numbers)).order_by(number))


def _given(name: str, handovers: Sequence[int]) -> tuple[str, bytes, int]:
    """What each hand-over gave: its machines by what stands on them, and its accessories."""
    line = HandoverLine.__table__.c
    return _written(
        name,
        select(line.handover_id, Device.code, Device.kind, Device.manufacturer, Device.model, line.accessory, line.number, line.put_at)
        .outerjoin(Device, Device.id == line.device_id)
        .where(line.handover_id.in_(handovers))
        .order_by(line.id),
    )


def _written(name: str, query: Select[*tuple[Any, ...]]) -> tuple[str, bytes, int]:
    found = db.session.execute(query)
    written = io.StringIO()
    sheet = csv.writer(written, delimiter=";")
    sheet.writerow(found.keys())
    rows = found.all()
    sheet.writerows([_cell(each) for each in row] for row in rows)
    return f"tableaux/{name}.csv", written.getvalue().encode("utf-8-sig"), len(rows)


def _cell(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def _papers(kind: str, numbers: Sequence[int]) -> Iterator[tuple[str, bytes, int]]:
    about = select(Paper.reference, Paper.file).where(
        Paper.subject_kind == kind, Paper.subject_id.in_(numbers), Paper.forgotten_at.is_(None)
    )
    for reference, file in db.session.execute(about.order_by(Paper.id)):
        try:
            yield f"documents/{reference}.pdf", fetch(file), 1
        except FileLost:
            continue


def archive_name(at: datetime) -> str:
    """What the archive is called."""
    return f"avant-effacement-{local(at):%Y-%m-%d}.zip"
