"""The journal of looks: who opened which file, what of it, from where, under which role; opening it is in it."""

from flask import request
from werkzeug.wrappers import Response

from refurb.accounts.queries import names_of
from refurb.kernel.deeds.access import ROLES, Actor, Permission, Role
from refurb.kernel.deeds.security import KEPT_FOR, PARTS, SECURITY_KINDS, SecurityKind, note
from refurb.kernel.web.asked import day_asked, number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import page
from refurb.kernel.web.search import page_number, paged
from refurb.retention.queries import bursts, looks, readers
from refurb.retention.views import blueprint


@blueprint.get("/vie-privee/acces")
@requires(Permission.ACCOUNT_ADMIN)
def journal(actor: Actor) -> Response:
    """Who read which file; what is unusual first."""
    account_id, about = number_asked("compte"), request.args.get("dossier", "").strip().upper()[:40]
    since = day_asked("depuis")
    found = paged(looks(account_id=account_id, about=about.replace(" ", ""), since=since), page_number())
    unusual, all_readers = bursts(), readers()
    people = names_of({*all_readers, *(each.account_id for each in unusual)})
    note(SecurityKind.JOURNAL_READ, actor, about or None)
    return page(
        "retention/journal.html",
        found=found,
        unusual=unusual,
        people=people,
        account_id=account_id,
        about=about,
        since=since,
        kinds=SECURITY_KINDS,
        parts=PARTS,
        roles={role.value: ROLES[role] for role in Role},
        months=round(KEPT_FOR.days / 30.4),
    )
