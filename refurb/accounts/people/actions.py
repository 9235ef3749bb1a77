"""Change somebody's roles, close an account and open it again, take a colleague out of an organisation, confirm rights for a year."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from refurb.accounts.models import Account, OpenSession, RoleGrant, Token
from refurb.accounts.passwords.actions import end_what_is_pending
from refurb.accounts.people.queries import in_hand, takers_of
from refurb.accounts.queries import is_covered
from refurb.accounts.rules import COLLEAGUES, granted_within, somebody_administers
from refurb.kernel.deeds.access import Actor, Grant, Permission, Role, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import Event, kind_of, record
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Fault, Invalid, Refusal

TELL = "tell_of_account"


class ClosedAlready(Refusal):
    """The account is closed."""

    code = "account.closed"


class OpenAlready(Refusal):
    """The account is open."""

    code = "account.open"


def change_roles(actor: Actor, account: Account, grants: Sequence[Grant]) -> None:
    """Give somebody these roles in the place of those held; good from the next page on. Raises what `granted_within` refuses.

    What is kept keeps its place, so that papers go on naming the role that was given first. Tokens that do more than the roles that are
    left are revoked.
    """
    check(actor, Permission.ACCOUNT_ADMIN)
    granted_within(actor, grants)
    lock(account)
    before = {each.grant for each in account.grants}
    if Grant(Role.ADMIN) in before and Grant(Role.ADMIN) not in grants and account.is_active:
        somebody_administers(account.id)
    gained, lost = [each for each in grants if each not in before], before - set(grants)
    if not gained and not lost:
        return
    _replace(account, lost, gained)
    _tell(actor, account, record(account, "roles_changed", actor, given=_told(gained), taken=_told(lost)))
    note(SecurityKind.ROLES_CHANGED, actor, f"account {account.id}")


def _replace(account: Account, lost: set[Grant], gained: Sequence[Grant]) -> None:
    instant = now()
    account.grants = [each for each in account.grants if each.grant not in lost]
    account.grants += [RoleGrant.of(each, instant) for each in gained]
    db.session.flush()
    held = [each.role for each in account.grants]
    for token in db.session.scalars(select(Token).where(Token.account_id == account.id, Token.revoked_at.is_(None))):
        if not is_covered(token.role, held):
            token.revoked_at = instant


def _tell(actor: Actor, account: Account, done: Event) -> None:
    """Write to the person whose account it is, unless she did it herself."""
    if actor.id != account.id:
        plan(TELL, subject_kind=kind_of(account), subject_id=account.id, position=done.position)


def _told(grants: Sequence[Grant] | set[Grant]) -> list[list[Any]]:
    return sorted([each.role.value, each.organisation_id or 0, *([each.site_id] if each.site_id else [])] for each in grants)


def close_account(actor: Actor, account: Account, *, to: int | None = None) -> None:
    """Close an account: its sessions end at once, its history stays, and `to` takes over what is in hand.

    Raises `LastAdministrator`, and `Invalid` where there is something in hand and nobody was named who may take it.
    """
    check(actor, Permission.ACCOUNT_ADMIN)
    lock(account)
    if not account.is_active:
        raise ClosedAlready
    if any(each.role is Role.ADMIN for each in account.grants):
        somebody_administers(account.id)
    _hand_on(actor, account, None, to)
    _close(actor, account, to)


def _hand_on(actor: Actor, account: Account, organisation_id: int | None, to: int | None) -> None:
    held = in_hand(account.id, organisation_id)
    if not held:
        return
    if to is None:
        raise Invalid({"to": [Fault("field.required")]})
    if to not in {number for number, _name in takers_of(held)}:
        raise Invalid({"to": [Fault("field.choice")]})
    for each in held:
        each.charge.hand_on(actor, account.id, to, organisation_id)


def _close(actor: Actor, account: Account, to: int | None) -> None:
    account.is_active = False
    db.session.execute(delete(OpenSession).where(OpenSession.account_id == account.id))
    end_what_is_pending(account.id)
    _tell(actor, account, record(account, "closed", actor, to=to))
    note(SecurityKind.ACCOUNT_CLOSED, actor, f"account {account.id}")


def reopen_account(actor: Actor, account: Account) -> None:
    """Open an account again, with the roles that it had."""
    check(actor, Permission.ACCOUNT_ADMIN)
    lock(account)
    if account.is_active:
        raise OpenAlready
    account.is_active = True
    _tell(actor, account, record(account, "reopened", actor))
    note(SecurityKind.ACCOUNT_REOPENED, actor, f"account {account.id}")


def remove_colleague(actor: Actor, account: Account, organisation_id: int, *, to: int | None = None) -> None:
    """Take somebody out of an organisation: `to` takes over its files; who has no other role has no account any more.

    A role there that only an administrator gives, such as a facilitator's, is kept.
    """
    lock(account)
    here = [each.grant for each in account.grants if each.organisation_id == organisation_id]
    lost = {each for each in here if each.role in COLLEAGUES}
    granted_within(actor, sorted(lost, key=lambda each: each.role))
    _hand_on(actor, account, organisation_id, to)
    if len(lost) == len(account.grants):  # An account keeps its roles, so that it can be opened again as it was.
        _close(actor, account, to)
        return
    _replace(account, lost, ())
    _tell(actor, account, record(account, "roles_changed", actor, given=[], taken=_told(lost)))
    note(SecurityKind.ROLES_CHANGED, actor, f"account {account.id}")


def confirm_rights(actor: Actor, accounts: Sequence[Account]) -> None:
    """Confirm that these people still need what they may: the day is kept, and the question comes again in a year."""
    check(actor, Permission.ACCOUNT_ADMIN)
    for account in accounts:
        account.reviewed_at = now()
        record(account, "rights_confirmed", actor, roles=[each.role for each in account.grants])
    note(SecurityKind.RIGHTS_REVIEWED, actor, f"{len(accounts)} accounts")
