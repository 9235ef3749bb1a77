"""Who may do what: every permission, every role, and the table that joins them."""

from dataclasses import dataclass
from enum import StrEnum

from refurb.kernel.speech.errors import Forbidden
from refurb.kernel.speech.words import _l


class Permission(StrEnum):
    """One deed or one reading that can be allowed; named subject:verb."""

    DONATION_READ = "donation:read"
    DONATION_WRITE = "donation:write"
    DONATION_RECEIVE = "donation:receive"
    DEVICE_READ = "device:read"
    DEVICE_INTAKE = "device:intake"
    DEVICE_DIAGNOSE = "device:diagnose"
    DEVICE_ERASE = "device:erase"
    DEVICE_CHECK = "device:check"
    DEVICE_APPROVE = "device:approve"
    DEVICE_FLAG = "device:flag"
    DEVICE_WORK = "device:work"
    DEVICE_MERGE = "device:merge"
    DEVICE_DISCARD = "device:discard"
    DEVICE_POOL = "device:pool"
    PART_WRITE = "part:write"
    LABEL_PRINT = "label:print"
    REFERRAL_READ = "referral:read"
    REFERRAL_WRITE = "referral:write"
    REFERRAL_DECIDE = "referral:decide"
    ALLOCATION_WRITE = "allocation:write"
    HANDOVER_WRITE = "handover:write"
    CEREMONY_READ = "ceremony:read"
    CEREMONY_WRITE = "ceremony:write"
    LOAN_READ = "loan:read"
    LOAN_WRITE = "loan:write"
    BORROWER_READ = "borrower:read"
    BORROWER_WRITE = "borrower:write"
    ITEM_WRITE = "item:write"
    PAPER_READ = "paper:read"
    PAPER_ISSUE = "paper:issue"
    DIRECTORY_READ = "directory:read"
    DIRECTORY_WRITE = "directory:write"
    REPORT_READ = "report:read"
    ACCOUNT_OWN = "account:own"
    ACCOUNT_ADMIN = "account:admin"
    STATION_WRITE = "station:write"
    SITE_WRITE = "site:write"
    EFFECT_READ = "effect:read"
    SETTINGS_WRITE = "settings:write"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"


P = Permission


class Role(StrEnum):
    """What somebody is here; one per account."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    TECHNICIAN = "technician"
    DESK = "desk"
    PRESCRIBER = "prescriber"
    OBSERVER = "observer"
    STATION = "station"


ROLES = {
    Role.ADMIN: _l("Administration"),
    Role.COORDINATOR: _l("Coordination"),
    Role.TECHNICIAN: _l("Atelier"),
    Role.DESK: _l("Accueil et prêt"),
    Role.PRESCRIBER: _l("Structure partenaire"),
    Role.OBSERVER: _l("Observation"),
    Role.STATION: _l("Poste de travail"),
}


_BENCH = {
    P.DONATION_READ, P.DONATION_RECEIVE, P.DEVICE_READ, P.DEVICE_INTAKE, P.DEVICE_DIAGNOSE, P.DEVICE_ERASE, P.DEVICE_CHECK,
    P.DEVICE_APPROVE, P.DEVICE_FLAG, P.DEVICE_WORK, P.DEVICE_MERGE, P.DEVICE_DISCARD, P.PART_WRITE, P.LABEL_PRINT, P.DIRECTORY_READ,
    P.ACCOUNT_OWN, P.STATION_WRITE,
}  # fmt: skip
_COUNTER = {
    P.DEVICE_READ, P.DEVICE_POOL, P.LABEL_PRINT, P.LOAN_READ, P.LOAN_WRITE, P.BORROWER_READ, P.BORROWER_WRITE, P.ITEM_WRITE,
    P.DIRECTORY_READ, P.ACCOUNT_OWN,
}  # fmt: skip
_OFFICE = _BENCH | _COUNTER | {
    P.DONATION_WRITE, P.REFERRAL_READ, P.REFERRAL_WRITE, P.REFERRAL_DECIDE, P.ALLOCATION_WRITE, P.HANDOVER_WRITE, P.CEREMONY_READ,
    P.CEREMONY_WRITE, P.PAPER_READ, P.PAPER_ISSUE, P.DIRECTORY_WRITE, P.REPORT_READ, P.EFFECT_READ,
    P.SITE_WRITE, P.POLICY_READ,
}  # fmt: skip

# A technician never sees a name, a prescriber only the people of her own organisation (her scope), an observer only counts.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.COORDINATOR: frozenset(_OFFICE),
    Role.TECHNICIAN: frozenset(_BENCH),
    Role.DESK: frozenset(_COUNTER),
    Role.PRESCRIBER: frozenset({P.REFERRAL_READ, P.REFERRAL_WRITE, P.ACCOUNT_OWN}),
    Role.OBSERVER: frozenset({P.REPORT_READ, P.ACCOUNT_OWN}),
    Role.STATION: frozenset({P.DEVICE_READ, P.DEVICE_DIAGNOSE, P.DEVICE_ERASE}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does the deed: a person, a bench's token, or the service itself. Passed as an argument, never looked up."""

    id: int | None
    name: str
    role: Role
    organisation_id: int | None = None
    language: str = "fr"
    # A token is passed from hand to hand: it does not show which person holds it.
    by_token: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether this actor's role includes the permission."""
        return permission in GRANTS[self.role]


SERVICE = Actor(None, "Refurb", Role.ADMIN)


def check(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor has the permission."""
    if not actor.may(permission):
        raise Forbidden(permission=permission.value)
