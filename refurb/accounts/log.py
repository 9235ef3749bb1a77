"""The administrator's page of security: who is signed in, and the log of what concerns the safety of the service."""

from contextlib import suppress

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.wrappers import Response

from refurb.accounts.actions import end_sessions
from refurb.accounts.queries import known_people, open_sessions
from refurb.kernel.deeds.access import ROLES, Actor, Permission
from refurb.kernel.deeds.security import KEPT_FOR, SECURITY_KINDS, SecurityEvent, SecurityKind
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.words import _
from refurb.kernel.web.asked import number_asked
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number, paged

blueprint = Blueprint("security", __name__)


def _kind_asked() -> SecurityKind | None:
    with suppress(ValueError):
        return SecurityKind(request.args.get("quoi", ""))
    return None


@blueprint.get("/securite")
@requires(Permission.ACCOUNT_ADMIN)
def security_log(_actor: Actor) -> Response:
    """Who is signed in now, and the log, the newest first; by kind, or of one account."""
    kind, account_id = _kind_asked(), number_asked("compte")
    query = select(SecurityEvent).order_by(SecurityEvent.id.desc())
    if kind is not None:
        query = query.where(SecurityEvent.kind == kind)
    if account_id is not None:
        query = query.where(SecurityEvent.account_id == account_id)
    found, signed_in = paged(query, page_number()), open_sessions()
    people = known_people({*(row.account_id for row in found.rows), *(row.account_id for row in signed_in), account_id})
    return page(
        "accounts/security.html",
        found=found,
        kind=kind,
        kinds=SECURITY_KINDS,
        account_id=account_id if account_id in people else None,
        people=people,
        roles=ROLES,
        signed_in=signed_in,
        months=round(KEPT_FOR.days / 30.4),
    )


@blueprint.post("/securite/comptes/<int:number>/fermer")
@requires(Permission.ACCOUNT_ADMIN)
def security_end_sessions(actor: Actor, number: int) -> Response:
    """Sign somebody out in every browser."""
    with unit_of_work():
        end_sessions(actor, number)
    return go("security.security_log", done=_("Toutes les connexions de ce compte sont fermées."))
