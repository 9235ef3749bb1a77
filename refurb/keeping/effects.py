"""What follows when a backup or a rehearsal is asked for, and whom a failure is told."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import force_locale

from refurb.accounts.queries import reachable
from refurb.directory.queries import home
from refurb.keeping.actions import CARRY_OUT, MAIL_FAILED
from refurb.keeping.models import KeepingRun
from refurb.keeping.processes import start_process
from refurb.keeping.sentences import fault_of
from refurb.keeping.words import KEEPING_KINDS
from refurb.kernel.deeds.access import Permission
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import effect
from refurb.kernel.deeds.letters import About, NobodyToWriteTo, letter
from refurb.kernel.deeds.mail import Letter
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _, _l


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
    card = home()
    with force_locale(language):
        facts = {
            "kind": KEEPING_KINDS[run.kind],
            "run": run,
            "fault": fault_of(run),
            "url": f"{current_app.config['BASE_URL']}/sauvegardes",
        }
        text = current_app.jinja_env.get_template("keeping/failed_mail.txt").render(home=card, **facts)
        subject = _("%(kind)s : échec", kind=KEEPING_KINDS[run.kind])
    return Letter(
        key=f"{MAIL_FAILED}-{run.id}-{account_id}", to=address, subject=subject, text=text, sender_name=card.name,
        reply_to=card.email, language=language,
    )  # fmt: skip
