"""What follows when a backup or a rehearsal is asked for, and whom a failure is told."""

from collections.abc import Mapping
from typing import Any

from flask_babel import force_locale
from sqlalchemy import select

from refurb.accounts.queries import reachable
from refurb.directory.letters import letter_file, letters_on, page_address, write_letter
from refurb.keeping.actions import CARRY_OUT, MAIL_FAILED
from refurb.keeping.models import KeepingRun
from refurb.keeping.processes import start_process
from refurb.keeping.sentences import fault_of
from refurb.keeping.words import KEEPING_KINDS, KeepingOutcome
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import effect
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter
from refurb.kernel.deeds.mail import Letter, sender_address
from refurb.kernel.deeds.texts import TextField
from refurb.kernel.deeds.wired import TextSample
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _l, moment

BACKUP_FAILED = letter_file(
    "letter_backup_failed",
    _l("Échec d'une sauvegarde, à qui administre"),
    (
        TextField("kind", "quoi", _l("la sauvegarde, ou son essai de restauration")),
        TextField("when", "date", _l("le jour et l'heure")),
        TextField("reason", "raison", _l("ce qui a échoué")),
    ),
)


@effect(CARRY_OUT, _l("Sauvegarde ou essai de restauration"))
def carry_out_keeping(*, run_id: int) -> None:
    """Begin the run in a process of its own; how it ends is noted in the run."""
    start_process(run_id)


def _about(facts: Mapping[str, Any]) -> About | None:
    found = reachable(facts["account_id"])
    return About("", "/sauvegardes", found[0] if found else None, Permission.ACCOUNT_ADMIN)


@letter(MAIL_FAILED, _l("Échec d'une sauvegarde, à qui administre"), _about)
def mail_keeping_failed(*, run_id: int, account_id: int) -> Letter:
    """What failed and why, to one of those who administer; nobody is told who no longer does."""
    run, found = db.session.get(KeepingRun, run_id), reachable(account_id)
    if run is None:
        raise NotFound
    if found is None:
        raise NobodyToWriteTo
    address, language = found
    with force_locale(language):
        return failure_letter(run, address, account_id)


def failure_letter(run: KeepingRun, to: str, account_id: int) -> Letter:
    """The letter about a run that failed, in the language of the moment."""
    found = (f"- {each}" for each in run.facts.get("findings", []))
    return write_letter(
        BACKUP_FAILED,
        key=f"{MAIL_FAILED}-{run.id}-{account_id}",
        to=to,
        kind=str(KEEPING_KINDS[run.kind]),
        when=moment(run.ended_at),
        reason="\n".join([fault_of(run), *found]),
        link=page_address("/sauvegardes"),
    )


def _failed_runs() -> list[tuple[int, str]]:
    found = select(KeepingRun).where(KeepingRun.outcome == KeepingOutcome.FAILED).order_by(KeepingRun.id.desc()).limit(20)
    return [(each.id, f"{KEEPING_KINDS[each.kind]}, {moment(each.ended_at)}") for each in db.session.scalars(found)]


def _about_failed(record: int) -> list[Letter]:
    return [failure_letter(db.session.get_one(KeepingRun, record), sender_address(), 0)]


KEEPING_SAMPLES = {
    BACKUP_FAILED.name: TextSample(needs=Permission.ACCOUNT_ADMIN, records=_failed_runs, shown=letters_on(_about_failed)),
}
