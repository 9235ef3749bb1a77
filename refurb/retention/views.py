"""The pages of privacy: what goes tonight, what is frozen, what the nights did; and what leaves before."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from refurb.accounts.factors.arrival import freshly_proved
from refurb.accounts.queries import names_of
from refurb.directory.durations import RETENTION, durations
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.holds import freeze, lift
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.persons import NoSuchFile
from refurb.kernel.deeds.policy_versions import number_of
from refurb.kernel.deeds.retention import last_runs
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import download, go, page
from refurb.retention.archive import archive_name, archive_of_tonight
from refurb.retention.queries import (
    MOST_LISTED,
    count_requests,
    due_rows,
    find_file,
    find_hold,
    night_ahead,
    open_holds,
    term_of,
)
from refurb.retention.schemas import FileFrozen

blueprint = Blueprint("retention", __name__)
P = Permission


@blueprint.get("/vie-privee")
@requires(P.PRIVACY_READ)
def privacy(_actor: Actor) -> Response:
    """What goes tonight first, by the same questions as the night asks; what is frozen, what the last nights did."""
    holds, runs = open_holds(), last_runs()
    return page(
        "retention/privacy.html",
        night=night_ahead(),
        at=now(),
        rule=number_of(RETENTION.name, durations().version),
        holds=holds,
        people=names_of({each.held_by for each in holds if each.held_by is not None}),
        runs=runs,
        asked=count_requests(),
    )


@blueprint.get("/vie-privee/cette-nuit/<key>")
@requires(P.PRIVACY_READ)
def due(_actor: Actor, key: str) -> Response:
    """What of one sort goes tonight, by references."""
    term = term_of(key)
    return page("retention/due.html", term=term, count=term.count_due(), rows=due_rows(term), most=MOST_LISTED)


@blueprint.get("/vie-privee/archive.zip")
@requires(P.PRIVACY_WRITE)
@freshly_proved
def archive(actor: Actor) -> Response:
    """What goes tonight, taken away first: it holds names, so a second factor is typed just before."""
    need_names()
    return download(archive_of_tonight(actor), archive_name(now()), "application/zip", inline=False)


@blueprint.route("/vie-privee/geler", methods=["GET", "POST"])
@requires(P.PRIVACY_WRITE)
def freeze_file(actor: Actor) -> Response:
    """Freeze a file, with a reason and a day to look again."""
    form = Form(FileFrozen, start={"file": request.args.get("dossier", "")[:40]}, field_of={NoSuchFile: "file"})
    if request.method == "POST":
        with form.catching(), unit_of_work():
            told = form.load()
            file = find_file(told["file"])
            freeze(actor, file.kind, file.number, file.reference, reason=told["reason"], review_on=told["review_on"])
            return go("retention.privacy", done=_("Dossier %(reference)s gelé.", reference=file.reference))
    return page("retention/freeze.html", form=form)


@blueprint.post("/vie-privee/gels/<int:number>/lever")
@requires(P.PRIVACY_WRITE)
def lift_hold(actor: Actor, number: int) -> Response:
    """Have a file forgotten at its term again."""
    with unit_of_work():
        hold = find_hold(number)
        lift(actor, hold)
        done = _("Gel de %(reference)s levé : le dossier s'efface de nouveau à son terme.", reference=hold.reference)
        return go("retention.privacy", done=done)
