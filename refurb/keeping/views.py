"""The administrator's page of backups: where they stand, what lies in the folder, make one now, try to restore one now."""

from flask import Blueprint
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.keeping.actions import ask_for
from refurb.keeping.backups import settings_of_instance
from refurb.keeping.queries import find_archive, kept_archives, last_runs, standing_of
from refurb.keeping.sentences import fault_of
from refurb.keeping.words import GOING_ON, KEEPING_KINDS, KEEPING_LOOKS, KeepingKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download as taken
from refurb.kernel.web.pages import go, page

blueprint = Blueprint("keeping", __name__)
MOST_DOWNLOADED = 50 * 10**6
"""Bytes. An answer is held in memory until it is sent; larger ones are fetched from the folder."""


class TooLargeToDownload(Refusal):
    """The archive is fetched from the folder of the server, by who has a terminal there."""

    code = "keeping.too_large"
    status = 413


@blueprint.get("/sauvegardes")
@requires(Permission.ACCOUNT_ADMIN)
def backups(_actor: Actor) -> Response:
    """Where backups and rehearsals stand, and the archives of the folder."""
    settings = settings_of_instance()
    return page(
        "keeping/backups.html",
        backup=standing_of(KeepingKind.BACKUP),
        rehearsal=standing_of(KeepingKind.REHEARSAL),
        archives=kept_archives(),
        runs=[(each, KEEPING_LOOKS[each.outcome] if each.outcome else GOING_ON, fault_of(each)) for each in last_runs()],
        kinds=KEEPING_KINDS,
        fault_of=fault_of,
        settings=settings,
        most=MOST_DOWNLOADED,
    )


@blueprint.post("/sauvegardes/sauvegarder")
@requires(Permission.ACCOUNT_ADMIN)
def back_up_now(actor: Actor) -> Response:
    """Have a backup made now."""
    with unit_of_work():
        ask_for(actor, KeepingKind.BACKUP)
        return go("keeping.backups", done=_("La sauvegarde commence dans un instant ; le service continue pendant ce temps."))


@blueprint.post("/sauvegardes/essayer")
@requires(Permission.ACCOUNT_ADMIN)
def rehearse_now(actor: Actor) -> Response:
    """Have the newest backup restored into a temporary place now."""
    with unit_of_work():
        ask_for(actor, KeepingKind.REHEARSAL)
        return go("keeping.backups", done=_("L'essai commence dans un instant, dans un endroit à part ; rien n'est touché ici."))


@blueprint.get("/sauvegardes/<name>")
@requires(Permission.ACCOUNT_ADMIN)
@freshly_proved
def download(actor: Actor, name: str) -> Response:
    """One archive, which holds everything: only with a second factor typed just now; the log of security says who took it."""
    need_names()
    place = find_archive(name)
    if place.stat().st_size > MOST_DOWNLOADED:
        raise TooLargeToDownload
    note(SecurityKind.EXPORTED, actor, name)
    return taken(place.read_bytes(), name, "application/octet-stream", inline=False)
