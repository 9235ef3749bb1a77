"""Who is who: accounts and tokens, as actors."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Select, and_, bindparam, func, select

from refurb.accounts.factors.policy import sees_names
from refurb.accounts.models import Account, Door, OpenSession, RoleGrant, Token
from refurb.kernel.deeds.access import BOUND, GRANTS, PERSONS, ROLES, SERVICE, Actor, Grant, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.history import Event
from refurb.kernel.deeds.kept import Version, note_version
from refurb.kernel.deeds.progress import Work
from refurb.kernel.deeds.reads import Read
from refurb.kernel.speech.addresses import spelt_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _


def actor_of(account: Account) -> Actor:
    """The actor that an account is."""
    grants = tuple(each.grant for each in account.grants)
    return Actor(account.id, account.name, grants, _works_as(account.working_role, grants), account.language)


def actor_behind(work: Work) -> Actor:
    """Whoever asked for a work, as they are now: it does in their name what they may, where they may, and no more."""
    account = db.session.get(Account, work.owner_id) if work.owner_id is not None else None
    if account is None:
        return SERVICE
    return actor_of(account) if account.is_active else replace(actor_of(account), grants=(), working=None)


def _works_as(chosen: Role | None, grants: tuple[Grant, ...]) -> Role | None:
    """The role that somebody chose to work as, while she holds it; else the first that she was given."""
    held = [each.role for each in grants]
    return chosen if chosen in held else next(iter(held), None)


# Asked by every request: built once, over plain columns.
_accounts, _tokens, _sessions, _grants = Account.__table__, Token.__table__, OpenSession.__table__, RoleGrant.__table__
_ACTOR = (
    _accounts.c.id,
    _accounts.c.name,
    _accounts.c.language,
    _grants.c.role.label("granted"),
    _grants.c.organisation_id,
    _grants.c.site_id,
)
# A row for each of the account's roles.
_OF_SESSION = Read(
    select(*_ACTOR, _accounts.c.working_role, _sessions.c.id.label("session_id"), _sessions.c.proved, Version().label("version"))
    .select_from(
        _sessions.join(_accounts, _accounts.c.id == _sessions.c.account_id).outerjoin(_grants, _grants.c.account_id == _accounts.c.id)
    )
    .where(
        _sessions.c.digest == bindparam("digest"),
        _sessions.c.ends_at > bindparam("now"),
        _sessions.c.seen_at > bindparam("awake_since"),
        _accounts.c.is_active,
    )
    .order_by(_grants.c.id)
)
# A row for each organisation or site for which its account holds the token's one role.
_OF_TOKEN = Read(
    select(*_ACTOR, _tokens.c.role, _tokens.c.id.label("token_id"), _tokens.c.door, _tokens.c.used_at, _tokens.c.proved)
    .select_from(
        _tokens.join(_accounts, _accounts.c.id == _tokens.c.account_id).outerjoin(
            _grants, and_(_grants.c.account_id == _accounts.c.id, _grants.c.role == _tokens.c.role)
        )
    )
    .where(
        _tokens.c.digest == bindparam("digest"), _tokens.c.revoked_at.is_(None), _tokens.c.ends_at > bindparam("now"), _accounts.c.is_active
    )
    .order_by(_grants.c.id)
)


def _granted(rows: Sequence[Any]) -> tuple[Grant, ...]:
    return tuple(Grant(row.granted, row.organisation_id, row.site_id) for row in rows if row.granted is not None)


def actor_of_session(secret: str) -> tuple[Actor, int] | None:
    """The actor of a session's secret, and the session's id; None when it was ended, is over, slept too long, or its account is closed."""
    instant = now()
    awake_since = instant - current_app.config["PERMANENT_SESSION_LIFETIME"]
    rows = _OF_SESSION.all(digest=token_digest(secret), now=instant, awake_since=awake_since)
    if not rows:
        return None
    row, grants = rows[0], _granted(rows)
    note_version(row.version)  # It came along: the page is about to ask whether what it shows around itself is still true.
    is_open = sees_names({each.role for each in grants}, proved=row.proved)
    return Actor(
        row.id, row.name, grants, _works_as(row.working_role, grants), row.language, sees_names=is_open, proved=row.proved
    ), row.session_id


def accounts_of(organisation_ids: Collection[int]) -> dict[int, int]:
    """How many open accounts hold a role for each organisation, by its id: those named, or all that have any where none is named."""
    held = RoleGrant.organisation_id
    query = select(held, func.count(RoleGrant.account_id.distinct())).join(Account, Account.id == RoleGrant.account_id)
    query = query.where(Account.is_active, held.is_not(None))
    if organisation_ids:
        query = query.where(held.in_(organisation_ids))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(held)) if row[0] is not None}


def sessions_of(account_id: int) -> Sequence[OpenSession]:
    """The sessions of an account that open something, the one used last first."""
    awake_since = now() - current_app.config["PERMANENT_SESSION_LIFETIME"]
    return db.session.scalars(
        select(OpenSession)
        .where(OpenSession.account_id == account_id, OpenSession.ends_at > now(), OpenSession.seen_at > awake_since)
        .order_by(OpenSession.seen_at.desc(), OpenSession.id.desc())
    ).all()


def open_sessions() -> Sequence[Any]:
    """Who is signed in: account_id, the count of their sessions, when one was used last; whoever was there last first."""
    awake_since = now() - current_app.config["PERMANENT_SESSION_LIFETIME"]
    last = func.max(OpenSession.seen_at).label("seen_at")
    return db.session.execute(
        select(OpenSession.account_id, func.count().label("count"), last)
        .where(OpenSession.ends_at > now(), OpenSession.seen_at > awake_since)
        .group_by(OpenSession.account_id)
        .order_by(last.desc())
    ).all()


def token_digest(secret: str) -> str:
    """What is kept of a token; its 256 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever sent a token: the actor, the token's id, what it opens, and when it was last noted that it writes."""

    actor: Actor
    token_id: int
    door: Door
    used_at: datetime | None


def bearer_of(secret: str) -> Bearer | None:
    """Who a bearer token speaks for, unless it was revoked, is over or its account closed."""
    rows = _OF_TOKEN.all(digest=token_digest(secret), now=now())
    if not rows:
        return None
    row = rows[0]
    grants = _granted(rows) or _of_more(row)
    is_open = sees_names({each.role for each in grants}, proved=row.proved)
    actor = Actor(row.id, row.name, grants, row.role, row.language, by_token=True, sees_names=is_open, proved=row.proved)
    return Bearer(actor, row.token_id, row.door, row.used_at)


def _of_more(row: Any) -> tuple[Grant, ...]:
    """Who may more may make a token of less: it holds its role all the same, where its owner's reach, unless that one is bound."""
    if row.role in BOUND:
        return ()
    owner = actor_of(db.session.get_one(Account, row.id))
    return tuple(Grant(row.role, None, each) for each in sorted(owner.sites)) or (Grant(row.role),)


def _below(actor: Actor) -> list[Role]:
    """The roles that may do no more than this actor."""
    return [role for role in Role if is_covered(role, actor.roles)]


def is_covered(role: Role, held: Iterable[Role]) -> bool:
    """Whether the roles that somebody holds allow, together, all that one role does."""
    return GRANTS[role] <= frozenset().union(*(GRANTS[each] for each in held))


def stations(actor: Actor) -> Sequence[Token]:
    """The tokens that this actor may see and revoke, those that still open first, the newest first."""
    if not actor.may(Permission.STATION_WRITE):
        return []
    return db.session.scalars(
        select(Token).join(Token.account).where(Token.role.in_(_below(actor))).order_by(Token.revoked_at.is_not(None), Token.id.desc())
    ).all()


def station_of(actor: Actor, token_id: int) -> Token:
    """One of them; `NotFound` for any other."""
    token = db.session.get(Token, token_id)
    if token is None or not actor.may(Permission.STATION_WRITE) or token.role not in _below(actor):
        raise NotFound
    return token


def account_by_email(email: str) -> Account | None:
    """The account of an e-mail address, whatever its case."""
    return db.session.scalar(select(Account).where(Account.email == spelt_address(email).lower()))


def other_administrators(account_id: int, *, hold: bool = True) -> list[int]:
    """The open accounts that administer, besides one; with `hold` their rows are held, so that it stays true until the unit ends."""
    query = select(Account.id).where(Account.is_active, Account.id.in_(holders_of(Permission.ACCOUNT_ADMIN))).order_by(Account.id)
    found = db.session.scalars(query.with_for_update() if hold else query).all()
    return [each for each in found if each != account_id]


def names_of(ids: set[int | None]) -> dict[int, str]:
    """The names of some accounts, for the history's « by whom »."""
    wanted = {each for each in ids if each is not None}
    if not wanted:
        return {}
    return {row.id: row.name for row in db.session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))}


def reachable(account_id: int) -> tuple[str, str] | None:
    """The address and the language of somebody whose account is open; None for anybody else."""
    found = db.session.execute(select(Account.email, Account.language).where(Account.id == account_id, Account.is_active)).one_or_none()
    return (found.email, found.language) if found else None


def people_who_may(permission: Permission) -> Sequence[Any]:
    """Everybody with an account one of whose roles includes a permission: id, name; by name."""
    return db.session.execute(
        select(Account.id, Account.name).where(Account.id.in_(holders_of(permission)), Account.is_active).order_by(Account.name)
    ).all()


def holders_of(permission: Permission) -> Select[int]:
    """The ids of the accounts that hold a role which includes a permission."""
    return select(RoleGrant.account_id).where(RoleGrant.role.in_([role for role, granted in GRANTS.items() if permission in granted]))


def known_people(ids: set[int | None]) -> dict[int, tuple[str, Role]]:
    """The name and the first role of some people, for the papers that say who did what."""
    wanted = {each for each in ids if each is not None}
    rows = db.session.execute(select(Account.id, Account.name, Account.role).where(Account.id.in_(wanted))) if wanted else ()
    return {row.id: (row.name, row.role) for row in rows}


def doers_of(events: Iterable[Event]) -> dict[int, str]:
    """By the id of each event, who did it; « au titre de » with it where she holds another role than that one too."""
    done = [(each.id, each.actor_id, each.as_role) for each in events if each.actor_id is not None]
    names = names_of({account_id for _number, account_id, _role in done})
    held: dict[int, set[Role]] = defaultdict(set)
    for account_id, role in db.session.execute(select(RoleGrant.account_id, RoleGrant.role).where(RoleGrant.account_id.in_(names))):
        held[account_id].add(role)
    return {number: _doer(names[who], as_role, held[who]) for number, who, as_role in done if who in names}


def _doer(name: str, as_role: str | None, held: set[Role]) -> str:
    if as_role is None or held == {as_role}:
        return name
    return _("%(name)s, au titre de « %(role)s »", name=name, role=str(ROLES[Role(as_role)]))


def name_of(account_id: int | None) -> str | None:
    """The name of whoever did something, for the sentences that say who."""
    return names_of({account_id}).get(account_id) if account_id is not None else None


def address_of(account_id: int | None) -> str | None:
    """Where somebody who signs in is written to."""
    found = db.session.get(Account, account_id) if account_id is not None else None
    return found.email if found else None


def able(permission: Permission) -> list[tuple[int, str]]:
    """The people with an open account who may do something, by account and name, in the order of their names."""
    roles = [role for role in PERSONS if permission in GRANTS[role]]
    held = select(RoleGrant.account_id).where(RoleGrant.role.in_(roles))
    query = select(Account.id, Account.name).where(Account.is_active, Account.id.in_(held)).order_by(Account.name, Account.id)
    return [(row.id, row.name) for row in db.session.execute(query)]
