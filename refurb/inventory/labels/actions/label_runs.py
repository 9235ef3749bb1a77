"""Labels printed in advance: a run of codes is made, and printed as often as needed."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import func, select

from refurb.directory.actions import fresh_codes
from refurb.directory.models import Code
from refurb.directory.queries import home
from refurb.inventory.labels.formats import LabelFormat
from refurb.inventory.labels.models import LabelRun, LabelRunCode
from refurb.inventory.labels.printing import Label, printed
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.codes import address
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _

MOST_IN_A_RUN = 480
"""Twenty sheets of twenty-four."""


class AllUsed(Refusal):
    """Every label of the run is on a machine."""

    code = "label.all_used"


def make_run(actor: Actor, count: int) -> LabelRun:
    """Make so many codes that lead to nothing yet, in one run; the doors take 1 to `MOST_IN_A_RUN`."""
    check(actor, Permission.LABEL_PRINT)
    at, codes = now(), fresh_codes(count)
    for each in codes:
        each.printed_at = at
    run = LabelRun(made_at=at, made_by=actor.id, count=count)
    run.codes = [LabelRunCode(code=each.code, position=position) for position, each in enumerate(codes, start=1)]
    db.session.add(run)
    record(run, "made", actor, count=count)
    return run


def codes_of_run(run: LabelRun, *, unused: bool) -> Sequence[str]:
    """The codes of a run in their order, all or those that are on nothing yet."""
    query = select(Code.code).join(LabelRunCode, LabelRunCode.code == Code.code).where(LabelRunCode.run_id == run.id)
    if unused:
        query = query.where(Code.subject_kind.is_(None))
    return db.session.scalars(query.order_by(LabelRunCode.position)).all()


def print_run(actor: Actor, run: LabelRun, made: LabelFormat, first_cell: int = 0, *, unused: bool = True) -> bytes:
    """The labels of a run as a PDF, those on nothing yet unless told otherwise; printing is noted, and may be done again."""
    check(actor, Permission.LABEL_PRINT)
    lock(run)
    codes = codes_of_run(run, unused=unused)
    if not codes:
        raise AllUsed
    record(run, "printed", actor, count=len(codes), format=made.key)
    return printed(blank_labels(codes), made, first_cell)


def blank_labels(codes: Sequence[str]) -> list[Label]:
    """What a label says before anybody knows on which machine it goes: its code, whose it is, and what to do with it."""
    base, owner, help_line = current_app.config["BASE_URL"], home().name, _("Besoin d'aide ? Scannez.")
    return [Label(code=code, url=address(code, base), title="", facts=(), organisation=owner, help_line=help_line) for code in codes]


def unused_labels() -> int:
    """How many labels printed in advance are on nothing yet, in all runs."""
    query = select(func.count()).select_from(LabelRunCode).join(Code, Code.code == LabelRunCode.code).where(Code.subject_kind.is_(None))
    return db.session.scalar(query) or 0
