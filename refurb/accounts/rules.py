"""What must hold of the roles that somebody is given; each rule raises the refusal that says what is wrong."""

from collections.abc import Sequence

from refurb.accounts.queries import other_administrators
from refurb.directory.sites.queries import kept_at
from refurb.kernel.deeds.access import BOUND, PERSONS, PLACED, Actor, Grant, Permission, Role, check
from refurb.kernel.speech.errors import Fault, Forbidden, Invalid, Refusal

COLLEAGUES = frozenset({Role.PRESCRIBER, Role.REFERENT})
"""What a partner's referent may give to her colleagues."""
SITES_OF: dict[Role, str] = {role: f"{role.value}_at" for role in PERSONS if role in PLACED}
"""The field that says at which sites alone somebody holds each role that is done at a place."""


class NoRole(Refusal):
    """Nobody has an account without a role."""

    code = "account.no_role"
    status = 422


class OrganisationNeeded(Refusal):
    """One of the roles is somebody's for one organisation, and none was named."""

    code = "account.organisation_needed"
    status = 422


class LastAdministrator(Refusal):
    """Nobody else administers: who does stays, until somebody else does too."""

    code = "account.last_administrator"


def granted_within(actor: Actor, grants: Sequence[Grant]) -> None:
    """Who gives these roles may: an administrator any, a referent those of her colleagues and within her own organisation."""
    if not grants:
        raise NoRole
    if any(each.role not in PERSONS or (each.role in BOUND) != (each.organisation_id is not None) for each in grants):
        raise OrganisationNeeded
    offered = {each.id for each in kept_at()}
    wrong = {each.role for each in grants if each.site_id is not None and (each.role not in PLACED or each.site_id not in offered)}
    if wrong:
        raise Invalid({SITES_OF.get(role, "roles"): [Fault("field.choice")] for role in wrong})
    if actor.may(Permission.ACCOUNT_ADMIN):
        check(actor, Permission.ACCOUNT_ADMIN)
        return
    check(actor, Permission.COLLEAGUE_WRITE)
    within = actor.organisations_for(Permission.COLLEAGUE_WRITE)
    if any(each.role not in COLLEAGUES or each.organisation_id not in within for each in grants):
        raise Forbidden(permission=Permission.ACCOUNT_ADMIN.value)


def somebody_administers(account_id: int) -> None:
    """Somebody else than this account administers; the rows that say so are held until the end of the unit."""
    if not other_administrators(account_id):
        raise LastAdministrator
