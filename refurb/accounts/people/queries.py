"""Looking up accounts: the list, one with its colleagues, what needs a look, what somebody has in hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import Select, func, or_, select
from sqlalchemy import false as sql_false
from sqlalchemy import true as sql_true
from sqlalchemy.orm import selectinload

from refurb.accounts.factors.policy import factor_policy
from refurb.accounts.factors.queries import with_factor
from refurb.accounts.models import Account, RoleGrant
from refurb.accounts.rules import COLLEAGUES
from refurb.directory.agenda.planned import ThingsThere
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import Actor, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.wired import Charge, wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import NotFound
from refurb.kernel.speech.words import _n

DORMANT_AFTER = timedelta(days=334)
"""Eleven months without coming: somebody is asked whether the account is still needed."""
REVIEWED_EVERY = timedelta(days=365)
MOST_SHOWN = 20
OURS = 0
"""What stands for our own house where accounts are asked by organisation."""


def accounts_listed(*, words: str = "", role: Role | None = None, of: int | None = None, closed: bool = False) -> Select[Account]:
    """The accounts by name, those of a role, of an organisation (`OURS`: of none) or that are called so; the closed ones apart."""
    query = select(Account).options(selectinload(Account.grants).joinedload(RoleGrant.organisation))
    query = query.where(Account.is_active.is_not(closed)).order_by(Account.name, Account.id)
    if words:
        like = f"%{words.lower()}%"
        query = query.where(or_(Account.name.ilike(like), Account.email.like(like)))
    if role is not None:
        query = query.where(Account.id.in_(select(RoleGrant.account_id).where(RoleGrant.role == role)))
    if of is not None:
        held = RoleGrant.organisation_id.is_(None) if of == OURS else RoleGrant.organisation_id == of
        query = query.where(Account.id.in_(select(RoleGrant.account_id).where(held)))
    return query


def organisations_with_accounts() -> list[tuple[int, str]]:
    """The organisations for which somebody holds a role, by name: id, name."""
    held = select(RoleGrant.organisation_id).where(RoleGrant.organisation_id.is_not(None))
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(held)).order_by(Organisation.search)
    return [(row.id, row.name) for row in db.session.execute(query)]


def count_closed() -> int:
    """How many accounts are closed."""
    return db.session.scalar(select(func.count()).select_from(Account).where(Account.is_active.is_(False))) or 0


def account_numbered(number: int) -> Account:
    """One account; `NotFound` where there is none."""
    found = db.session.get(Account, number)
    if found is None:
        raise NotFound
    return found


def dormant() -> Sequence[Account]:
    """The open accounts that nobody has used for eleven months."""
    quiet = now() - DORMANT_AFTER
    return db.session.scalars(
        select(Account)
        .where(Account.is_active, Account.created_at < quiet, or_(Account.signed_in_at.is_(None), Account.signed_in_at < quiet))
        .order_by(Account.signed_in_at, Account.id)
        .limit(MOST_SHOWN)
    ).all()


def without_factor() -> Select[Account]:
    """The open accounts from which a second factor is asked and that have none, by name; a partner's people are looked after by it.

    None in a demonstration, whose people are invented.
    """
    asked = RoleGrant.role.in_(factor_policy().roles), RoleGrant.organisation_id.is_(None)
    missing = Account.id.in_(select(RoleGrant.account_id).where(*asked)), Account.id.not_in(with_factor())
    return accounts_listed().where(*missing, sql_false() if current_app.config["DEMO"] else sql_true())


def due_for_review() -> Sequence[Account]:
    """The open accounts whose rights nobody has confirmed for a year, since they were opened or looked at last."""
    before = now() - REVIEWED_EVERY
    return db.session.scalars(
        accounts_listed().where(or_(Account.reviewed_at < before, Account.reviewed_at.is_(None) & (Account.created_at < before)))
    ).all()


def colleagues(organisation_id: int) -> Sequence[Account]:
    """Who holds a colleague's role for an organisation, by name."""
    holding = select(RoleGrant.account_id).where(RoleGrant.organisation_id == organisation_id, RoleGrant.role.in_(COLLEAGUES))
    return db.session.scalars(accounts_listed().where(Account.id.in_(holding))).all()


def organisations_led(actor: Actor) -> list[int]:
    """The ids of the organisations whose colleagues the actor looks after."""
    return sorted(actor.organisations_for(Permission.COLLEAGUE_WRITE))


def colleague_for(actor: Actor, number: int) -> tuple[Account, int]:
    """A colleague whom the actor looks after, and for which organisation; `NotFound` for anybody else."""
    account = account_numbered(number)
    led = [each.organisation_id for each in account.grants if each.role in COLLEAGUES and each.organisation_id in organisations_led(actor)]
    if not led or led[0] is None:
        raise NotFound
    return account, led[0]


@dataclass(frozen=True)
class ThingsInHand:
    """One kind of thing that somebody has in hand: how many, in words, and who may take them over."""

    charge: Charge
    count: int
    takers: frozenset[int]

    @property
    def said(self) -> str:
        """How many of what."""
        return str(self.charge.said(self.count))


def in_hand(account_id: int, organisation_id: int | None = None) -> list[ThingsInHand]:
    """What somebody has in hand, all or for one organisation, each kind with who may take it over."""
    found = [(each, each.count(account_id, organisation_id)) for each in wired().charges]
    return [ThingsInHand(each, count, frozenset(each.takers(account_id, organisation_id)) - {account_id}) for each, count in found if count]


def takers_of(held: Sequence[ThingsInHand]) -> list[tuple[int, str]]:
    """Who may take over all of it: id and name, by name."""
    if not held:
        return []
    able = frozenset.intersection(*(each.takers for each in held))
    rows: Any = db.session.execute(select(Account.id, Account.name).where(Account.id.in_(able), Account.is_active).order_by(Account.name))
    return [(row.id, row.name) for row in rows]


def roles_at(site_id: int) -> list[ThingsThere]:
    """The roles that are given for a place: they are given for another, or for all, before it is given up."""
    held = RoleGrant.site_id == site_id, Account.is_active
    query = select(func.count()).select_from(RoleGrant).join(Account, Account.id == RoleGrant.account_id).where(*held)
    count = db.session.scalar(query) or 0
    return [ThingsThere(_n("%(num)s rôle donné pour ce seul lieu", "%(num)s rôles donnés pour ce seul lieu", count), count)]
