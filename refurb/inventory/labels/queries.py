"""Looking up runs of labels printed in advance."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from refurb.directory.models import Code
from refurb.inventory.labels.models import LabelRun, LabelRunCode
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.web.search import PER_PAGE, Page


@dataclass(frozen=True)
class RunRow:
    """A run as the list shows it: who made it and when, and how many of its labels are on nothing yet."""

    id: int
    made_at: datetime
    made_by: int | None
    count: int
    unused: int


def run_by_id(actor: Actor, run_id: int) -> LabelRun:
    """One run; `NotFound` for a stranger."""
    found = db.session.get(LabelRun, run_id) if actor.may(Permission.LABEL_PRINT) else None
    if found is None:
        raise NotFound
    return found


def runs(number: int) -> Page:
    """One page of `RunRow`, the newest first."""
    total = db.session.scalar(select(func.count()).select_from(LabelRun)) or 0
    number = min(number, max(1, -(-total // PER_PAGE)))
    rows = db.session.execute(
        select(LabelRun.id, LabelRun.made_at, LabelRun.made_by, LabelRun.count, func.sum(case((Code.subject_kind.is_(None), 1), else_=0)))
        .join(LabelRunCode, LabelRunCode.run_id == LabelRun.id)
        .join(Code, Code.code == LabelRunCode.code)
        .group_by(LabelRun.id)
        .order_by(LabelRun.id.desc())
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    return Page([RunRow(run_id, made_at, made_by, count, int(unused)) for run_id, made_at, made_by, count, unused in rows], number, total)
