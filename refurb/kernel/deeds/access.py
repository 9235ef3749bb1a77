"""Who may do what: every permission, every role, and the table that joins them."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from refurb.kernel.speech.errors import Forbidden, Refusal
from refurb.kernel.speech.words import _l, _lp


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
    APPOINTMENT_WRITE = "appointment:write"
    TICKET_WORK = "ticket:work"
    TICKET_WRITE = "ticket:write"
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
    REPORT_EXACT = "report:exact"
    FUNDING_WRITE = "funding:write"
    ACCOUNT_OWN = "account:own"
    ACCOUNT_ADMIN = "account:admin"
    COLLEAGUE_WRITE = "colleague:write"
    STATION_WRITE = "station:write"
    SITE_WRITE = "site:write"
    ROTA_WRITE = "rota:write"
    EFFECT_READ = "effect:read"
    SETTINGS_WRITE = "settings:write"
    POLICY_READ = "policy:read"
    POLICY_WRITE = "policy:write"
    PRIVACY_READ = "privacy:read"
    PRIVACY_WRITE = "privacy:write"
    COMMITTEE_SIT = "committee:sit"
    HOME_VISIT = "visit:home"
    VISIT_COUNT = "visit:count"
    RESERVATION_WRITE = "reservation:write"
    MACHINE_WRITE = "machine:write"


P = Permission


class Role(StrEnum):
    """What somebody does here; a person may hold several, and what they allow adds up."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    TECHNICIAN = "technician"
    DOCK = "dock"
    DESK = "desk"
    ADVISER = "adviser"
    ORGANISER = "organiser"
    VISITOR = "visitor"
    TRAINER = "trainer"
    MEMBER = "member"
    PRESCRIBER = "prescriber"
    REFERENT = "referent"
    FACILITATOR = "facilitator"
    OBSERVER = "observer"
    STATION = "station"


ROLES = {
    Role.ADMIN: _l("Administration"),
    Role.COORDINATOR: _l("Coordination"),
    Role.TECHNICIAN: _l("Atelier"),
    Role.DOCK: _l("Réception des dons"),
    Role.DESK: _l("Accueil et prêt"),
    Role.ADVISER: _l("Conseil numérique"),
    Role.ORGANISER: _lp("role", "Cérémonies"),
    Role.VISITOR: _l("Bénévole à domicile"),
    Role.TRAINER: _lp("role", "Fablab"),
    Role.MEMBER: _l("Membre de commission"),
    Role.PRESCRIBER: _l("Structure partenaire"),
    Role.REFERENT: _l("Référent de structure"),
    Role.FACILITATOR: _l("Animation d'une structure"),
    Role.OBSERVER: _l("Observation"),
    Role.STATION: _l("Poste de travail"),
}

BOUND = frozenset({Role.PRESCRIBER, Role.REFERENT, Role.FACILITATOR})
"""The roles that are somebody's for one structure, and count within it alone."""

PLACED = frozenset({Role.TECHNICIAN, Role.DOCK, Role.DESK, Role.ADVISER, Role.ORGANISER, Role.TRAINER})
"""The roles that are done at a place: each may be given for one of our sites, and then changes nothing of what is at another."""

PERSONS = tuple(role for role in Role if role is not Role.STATION)
"""The roles of people; a bench is nobody."""


_BENCH = {
    P.DONATION_READ, P.DONATION_RECEIVE, P.DEVICE_READ, P.DEVICE_INTAKE, P.DEVICE_DIAGNOSE, P.DEVICE_ERASE, P.DEVICE_CHECK,
    P.DEVICE_APPROVE, P.DEVICE_FLAG, P.DEVICE_WORK, P.DEVICE_MERGE, P.DEVICE_DISCARD, P.PART_WRITE, P.LABEL_PRINT, P.DIRECTORY_READ,
    P.ACCOUNT_OWN, P.STATION_WRITE, P.TICKET_WORK,
}  # fmt: skip
_COUNTER = {
    P.DEVICE_READ, P.DEVICE_POOL, P.LABEL_PRINT, P.LOAN_READ, P.LOAN_WRITE, P.BORROWER_READ, P.BORROWER_WRITE, P.ITEM_WRITE,
    P.MACHINE_WRITE, P.DIRECTORY_READ, P.ACCOUNT_OWN, P.ROTA_WRITE, P.TICKET_WORK, P.TICKET_WRITE, P.VISIT_COUNT,
}  # fmt: skip
_OFFICE = _BENCH | _COUNTER | {
    P.DONATION_WRITE, P.REFERRAL_READ, P.REFERRAL_WRITE, P.REFERRAL_DECIDE, P.ALLOCATION_WRITE, P.HANDOVER_WRITE,
    P.APPOINTMENT_WRITE, P.CEREMONY_READ, P.CEREMONY_WRITE, P.PAPER_READ, P.PAPER_ISSUE, P.DIRECTORY_WRITE, P.REPORT_READ, P.EFFECT_READ,
    P.SITE_WRITE, P.POLICY_READ,
}  # fmt: skip
_DOCK = {
    P.DONATION_READ, P.DONATION_RECEIVE, P.DEVICE_READ, P.DEVICE_INTAKE, P.LABEL_PRINT, P.ACCOUNT_OWN,
}  # fmt: skip

# A technician never sees a name, a prescriber only the people of her own organisation, an adviser those for whom she wrote herself
# (`Actor.organisations_for`, `everywhere`), an observer only counts.
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(Permission),
    Role.COORDINATOR: frozenset(_OFFICE | {P.PRIVACY_READ, P.PRIVACY_WRITE, P.REPORT_EXACT, P.FUNDING_WRITE}),
    Role.TECHNICIAN: frozenset(_BENCH),
    Role.DOCK: frozenset(_DOCK),
    Role.DESK: frozenset(_COUNTER | {P.HANDOVER_WRITE}),
    Role.ADVISER: frozenset(_COUNTER | {P.REFERRAL_READ, P.REFERRAL_WRITE, P.HANDOVER_WRITE, P.APPOINTMENT_WRITE}),
    # The door of a ceremony: whoever is called comes up there, and is handed her computer.
    Role.ORGANISER: frozenset({P.CEREMONY_READ, P.CEREMONY_WRITE, P.HANDOVER_WRITE, P.DIRECTORY_READ, P.ACCOUNT_OWN}),
    Role.VISITOR: frozenset({P.HOME_VISIT, P.ACCOUNT_OWN}),
    Role.TRAINER: frozenset({P.MACHINE_WRITE, P.BORROWER_READ, P.BORROWER_WRITE, P.ACCOUNT_OWN}),
    Role.MEMBER: frozenset({P.COMMITTEE_SIT, P.ACCOUNT_OWN}),
    Role.PRESCRIBER: frozenset({P.REFERRAL_READ, P.REFERRAL_WRITE, P.ACCOUNT_OWN}),
    Role.REFERENT: frozenset({P.COLLEAGUE_WRITE, P.ACCOUNT_OWN}),
    Role.FACILITATOR: frozenset({P.RESERVATION_WRITE, P.ACCOUNT_OWN}),
    Role.OBSERVER: frozenset({P.REPORT_READ, P.ACCOUNT_OWN}),
    Role.STATION: frozenset({P.DEVICE_READ, P.DEVICE_DIAGNOSE, P.DEVICE_ERASE}),
}

OWN_WORK: dict[Role, frozenset[Permission]] = {
    Role.DESK: frozenset({P.HANDOVER_WRITE}),
    Role.ADVISER: frozenset({P.REFERRAL_READ, P.REFERRAL_WRITE, P.HANDOVER_WRITE}),
}
"""What a role allows only on what its holder began herself; hand-overs also on what somebody comes for that day (`cases.scope`)."""


OF_PERSONS = frozenset({
    P.REFERRAL_READ, P.REFERRAL_WRITE, P.REFERRAL_DECIDE, P.ALLOCATION_WRITE, P.HANDOVER_WRITE, P.CEREMONY_READ, P.CEREMONY_WRITE,
    P.LOAN_READ, P.LOAN_WRITE, P.BORROWER_READ, P.BORROWER_WRITE, P.PRIVACY_READ, P.PRIVACY_WRITE, P.TICKET_WRITE,
    P.HOME_VISIT,
})  # fmt: skip
"""What is allowed on things that bear the name of somebody who receives or borrows: a role that has any asks for a second factor."""


@dataclass(frozen=True, slots=True)
class Grant:
    """One role that somebody holds; a bound one (`BOUND`) for the organisation whose id stands beside it.

    One that is done at a place (`PLACED`) may be for one site alone; None: for each of them.
    """

    role: Role
    organisation_id: int | None = None
    site_id: int | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does the deed: a person, a bench's token, or the service itself. Passed as an argument, never looked up.

    `working` is the role as which a person works at the moment: it chooses the navigation and the home page, and takes no right away.
    """

    id: int | None
    name: str
    grants: tuple[Grant, ...]
    working: Role | None = None
    language: str = "fr"
    # A token is passed from hand to hand: it does not show which person holds it.
    by_token: bool = False
    # Whether the names of people who receive or borrow are open to this actor (`kernel.deeds.personal`).
    sees_names: bool = True
    # Whether a second factor stands behind this session, or this token, whatever is asked of the actor's roles.
    proved: bool = True

    @property
    def roles(self) -> tuple[Role, ...]:
        """The roles that this actor holds, each once, in the order in which they are told everywhere."""
        held = {each.role for each in self.grants}
        return tuple(role for role in Role if role in held)

    def may(self, permission: Permission) -> bool:
        """Whether one of this actor's roles includes the permission."""
        return any(permission in GRANTS[each.role] for each in self.grants)

    def everywhere(self, permission: Permission) -> bool:
        """Whether the permission holds for whatever there is: by a role that is bound to no organisation, nor to one's own work."""
        return any(
            permission in GRANTS[each.role] and permission not in OWN_WORK.get(each.role, ())
            for each in self.grants
            if each.organisation_id is None
        )

    def organisations_for(self, permission: Permission) -> frozenset[int]:
        """The ids of the organisations within which a bound role gives the permission."""
        return frozenset(
            each.organisation_id for each in self.grants if each.organisation_id is not None and permission in GRANTS[each.role]
        )

    def sites_for(self, permission: Permission) -> frozenset[int] | None:
        """The ids of the sites to whose things alone the permission reaches; None where one of the actor's roles gives it at each."""
        given = [each.site_id for each in self.grants if permission in GRANTS[each.role]]
        return None if None in given else frozenset(each for each in given if each is not None)

    @property
    def sites(self) -> frozenset[int]:
        """The ids of the sites at which this actor works, by roles that are each for one; none for who works at all of them."""
        given = {each.site_id for each in self.grants if each.role in PLACED or each.role in (Role.ADMIN, Role.COORDINATOR)}
        return frozenset() if None in given else frozenset(each for each in given if each is not None)

    def on_own_work(self, permission: Permission) -> bool:
        """Whether a role gives the permission on what the actor began herself."""
        return any(permission in OWN_WORK.get(each.role, ()) for each in self.grants)

    def role_for(self, permission: Permission, place: int | None = None) -> Role | None:
        """The role by which this actor may: the one she works as if it allows it, else the first that does; None if none does.

        `place`: the site of what the deed is done to, by which a role that is for another one does not count.
        """
        near = {each.role for each in self.grants if None in (place, each.site_id) or each.site_id == place}
        able = [role for role in self.roles if permission in GRANTS[role] and role in near]
        return self.working if self.working in able else next(iter(able), None)


SERVICE = Actor(None, "Refurb", (Grant(Role.ADMIN),))

# What was asked last in this thread, and of whom: by it a deed knows under which role it is done.
_allowed: ContextVar[tuple[int | None, Permission] | None] = ContextVar("allowed", default=None)


def check(actor: Actor, permission: Permission) -> None:
    """Raise `Forbidden` unless the actor has the permission."""
    if not actor.may(permission):
        raise Forbidden(permission=permission.value)
    _allowed.set((actor.id, permission))


def title_of(actor: Actor, subject: Any = None) -> Role | None:
    """« Au titre de » : the role by which the actor was allowed what was asked last; None for the service, which holds no title.

    `subject` is what the deed is done to: a role that is for another site than the one where it is does not count.
    """
    if actor.working is None:
        return None
    asked = _allowed.get()
    place = place_of(subject) if any(each.site_id for each in actor.grants) else None
    return (actor.role_for(asked[1], place) if asked and asked[0] == actor.id else None) or actor.working


class Elsewhere(Refusal):
    """What the deed is done to is at another site than the one for which the actor was given the role."""

    code = "site.elsewhere"


# The permission that the page asks on which what is being done is asked.
_at_door: ContextVar[Permission | None] = ContextVar("at_door", default=None)


@contextmanager
def at_door(permission: Permission) -> Iterator[None]:
    """What is done within is asked on a page that asks this permission: a narrower one that moves a thing counts there (`Move.also`)."""
    token = _at_door.set(permission)
    try:
        yield
    finally:
        _at_door.reset(token)


def asked_at_door() -> Permission | None:
    """The permission that the page asks on which what is being done is asked; None where no page asks."""
    return _at_door.get()


# The place at which what is being done is done, where that is another than the one that keeps the thing.
_done_at: ContextVar[int | None] = ContextVar("done_at", default=None)


@contextmanager
def done_at(place: int) -> Iterator[None]:
    """What is done within is done at this site, wherever the things are kept that it is done to: one that is out comes back at any desk."""
    token = _done_at.set(place)
    try:
        yield
    finally:
        _done_at.reset(token)


def place_of(subject: Any) -> int | None:
    """The id of the site where a thing is; None for what is at none.

    It says so itself, by `site_id`, and by `stands_at_id` while it is elsewhere than at its own; or its class names in `STANDS_WITH`
    what it is with: the device of an allocation. In the state that its class names in `AWAY` it is at none; within `done_at` it is there.
    """
    if (here := _done_at.get()) is not None:
        return here
    found = subject
    while (beside := getattr(type(found), "STANDS_WITH", None)) is not None:
        found = getattr(found, beside)
    away = getattr(type(found), "AWAY", None)
    if away is not None and found.state is away:
        return None
    return getattr(found, "stands_at_id", None) or getattr(found, "site_id", None)


def check_place(actor: Actor, subject: Any, permission: Permission | None = None) -> None:
    """Raise `Elsewhere` where the subject is at a site to which no role reaches that gives the permission, by default the one asked last.

    The history asks it of every deed, and the life cycles of every button.
    """
    sites = _reached(actor, permission)
    if sites:
        _refuse_beyond(sites, place_of(subject))


def check_site(actor: Actor, place: int | None, permission: Permission | None = None) -> None:
    """Raise `Elsewhere` as `check_place` does, of a site itself: for a deed whose subject is at none."""
    _refuse_beyond(_reached(actor, permission), place)


def _reached(actor: Actor, permission: Permission | None) -> frozenset[int] | None:
    asked = _allowed.get()
    needed = permission or (asked[1] if asked and asked[0] == actor.id else None)
    return actor.sites_for(needed) if needed is not None else None


def _refuse_beyond(sites: frozenset[int] | None, place: int | None) -> None:
    if sites and place is not None and place not in sites:
        raise Elsewhere(there=place, sites=sorted(sites))
