"""Judge again what older releases accepted, after a release whose readers or rules are others: a slice of reports at a time."""

import time

from sqlalchemy import select

from refurb.inventory.evidence.actions.erasures import erasure_file
from refurb.inventory.evidence.actions.judged_again import judge_again
from refurb.inventory.evidence.todays_rules import rules_today
from refurb.inventory.models.evidence import ErasureReport
from refurb.kernel.deeds import files
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.file_stores import FileLost, StorageMissing
from refurb.kernel.deeds.log import log
from refurb.kernel.deeds.unit_of_work import lock, unit_of_work

SLICE_SECONDS = 0.5
MOST_AT_ONCE = 100


def judge_reports_again() -> int:
    """Judge some of the reports that today's rules have not seen; returns how many. Each is read before anybody's turn to write.

    Where the folder of files is not there, none is judged until the service begins again.
    """
    waiting = db.session.execute(
        select(ErasureReport.id, ErasureReport.file, ErasureReport.filename)
        .where(ErasureReport.judged_by.is_distinct_from(rules_today()))
        .order_by(ErasureReport.id)
        .limit(MOST_AT_ONCE)
    ).all()
    db.session.rollback()
    until, judged = time.monotonic() + SLICE_SECONDS, 0
    for number, digest, filename in waiting:
        try:
            _judge(number, digest, filename)
        except StorageMissing:
            log.error("reports_not_judged_again", reason="the folder of files is missing")
            break
        judged += 1
        if time.monotonic() > until:
            break
    return judged


def _judge(number: int, digest: str, filename: str) -> None:
    """One report; a file that is lost leaves what was judged while it was there."""
    try:
        read = erasure_file(files.fetch(digest), filename).read
    except StorageMissing:
        raise
    except FileLost:
        read = None
        log.error("report_lost", report=number)
    with unit_of_work() as session:
        report = session.get_one(ErasureReport, number)
        lock(report)
        if report.judged_by == rules_today():
            return  # Another process was quicker.
        if read is not None:
            judge_again(report, read)
        report.judged_by = rules_today()
