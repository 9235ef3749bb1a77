"""Invite somebody, send it again, withdraw it, accept it."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from refurb.accounts.actions import open_account
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.invitations.queries import code_of
from refurb.accounts.models import Account
from refurb.accounts.queries import account_by_email, actor_of, token_digest
from refurb.accounts.rules import granted_within
from refurb.directory.models import Organisation
from refurb.kernel.deeds.access import SERVICE, Actor, Grant, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import kind_of, record
from refurb.kernel.deeds.security import SecurityKind, note
from refurb.kernel.deeds.terms import Term
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.addresses import read_address
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Forbidden, Refusal
from refurb.kernel.speech.words import _l

INVITE = "invite_person"
LASTS = timedelta(days=7)
KEPT_FOR = timedelta(days=90)
"""How long one that was withdrawn or never accepted is remembered, with the address that it was for."""


class AddressTaken(Refusal):
    """Somebody has an account with this address already."""

    code = "account.address_taken"
    status = 422


class InvitedAlready(Refusal):
    """This address was invited, and the invitation waits: it can be sent again."""

    code = "invitation.waits"
    status = 422


class InvitationOver(Refusal):
    """The link opens nothing: used, withdrawn, sent again since, or its week is over; the code says no more than that."""

    code = "invitation.over"
    status = 410


def invite(actor: Actor, *, name: str, email: str, grants: Sequence[Grant]) -> Invitation:
    """Invite somebody with these roles. Raises `AddressTaken`, `InvitedAlready`, and what `granted_within` refuses."""
    granted_within(actor, grants)
    address, instant = read_address(email).lower(), now()
    if account_by_email(address) is not None:
        raise AddressTaken(email=address)
    if db.session.scalar(select(Invitation.id).where(Invitation.email == address, *_WAITS)):
        raise InvitedAlready(email=address)
    assert actor.id is not None
    invitation = Invitation(
        email=address,
        name=name,
        roles=[[each.role.value, each.organisation_id, *([each.site_id] if each.site_id else [])] for each in grants],
        invited_by=actor.id,
        created_at=instant,
        sent_at=instant,
        ends_at=instant + LASTS,
        digest=f"{instant.isoformat()} {address}"[:64],
    )
    db.session.add(invitation)
    db.session.flush()
    _send(actor, invitation, "invited")
    return invitation


def invite_referent(actor: Actor, organisation_id: int, name: str, email: str) -> Invitation:
    """Invite whoever is reached at an organisation: she refers families for it, and invites her colleagues."""
    grants = [Grant(role, organisation_id) for role in (Role.PRESCRIBER, Role.REFERENT)]
    return invite(actor, name=name, email=email, grants=grants)


_WAITS = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))


def _send(actor: Actor, invitation: Invitation, move: str) -> None:
    invitation.digest = token_digest(code_of(invitation))
    happened = record(invitation, move, actor, roles=[each.role for each in invitation.grants])
    note(SecurityKind.INVITED, actor, f"invitation {invitation.id}")
    plan(INVITE, subject_kind=kind_of(invitation), subject_id=invitation.id, event=happened.position)


def send_again(actor: Actor, invitation: Invitation) -> None:
    """Give it another week by another link, vouched for by who sends it now; the one before opens nothing any more."""
    granted_within(actor, invitation.grants)
    _hold(invitation)
    assert actor.id is not None
    invitation.invited_by = actor.id
    invitation.sent_at = now()
    invitation.ends_at = invitation.sent_at + LASTS
    _send(actor, invitation, "sent_again")


def withdraw(actor: Actor, invitation: Invitation) -> None:
    """Take an invitation back: its link opens nothing any more."""
    granted_within(actor, invitation.grants)
    _hold(invitation)
    invitation.withdrawn_at = now()
    record(invitation, "withdrawn", actor)
    note(SecurityKind.INVITATION_WITHDRAWN, actor, f"invitation {invitation.id}")


def _hold(invitation: Invitation) -> None:
    lock(invitation)
    if not invitation.waits:
        raise InvitationOver


def refuse_over(invitation: Invitation) -> None:
    """Raise `InvitationOver` unless it opens something, and who invited could still give these roles."""
    inviter = db.session.get(Account, invitation.invited_by)
    if not invitation.is_open or inviter is None or not inviter.is_active:
        raise InvitationOver
    try:
        granted_within(actor_of(inviter), invitation.grants)
    except Forbidden as lost:
        raise InvitationOver from lost


def accept(invitation: Invitation, *, name: str, password: str | None, language: str) -> Account:
    """Open the account of whoever came by the link; without a password, who comes in by another service.

    Raises `InvitationOver`, `AddressTaken`, `WeakPassword`.
    """
    lock(invitation)
    refuse_over(invitation)
    if account_by_email(invitation.email) is not None:
        raise AddressTaken(email=invitation.email)
    account = open_account(SERVICE, email=invitation.email, name=name, grants=invitation.grants, password=password, language=language)
    invitation.accepted_at, invitation.account_id = now(), account.id
    record(invitation, "accepted", actor_of(account), account=account.id)
    note(SecurityKind.INVITATION_ACCEPTED, actor_of(account), f"invitation {invitation.id}")
    return account


def follow_merger(gone: Organisation, into: Organisation) -> tuple[str, str, list[int]]:
    """Have the invitations that wait for an organisation which is merged into another be for that one, each role once.

    Told are those that can be told apart again: those that named the one and not the other.
    """
    db.session.flush()
    apart = []
    for each in db.session.scalars(select(Invitation).where(*_WAITS).order_by(Invitation.id).with_for_update()):
        told = [(role, into.id if number == gone.id else number, *site) for role, number, *site in each.roles]
        if told != [tuple(pair) for pair in each.roles]:
            if into.id not in {number for _role, number, *_site in each.roles}:
                apart.append(each.id)
            each.roles = [list(pair) for pair in dict.fromkeys(told)]
    db.session.flush()
    return Invitation.__tablename__, "roles", apart


def _still_wait(numbers: Sequence[int], into: Organisation) -> list[Invitation]:
    """Those of some invitations that wait, for this organisation."""
    found = db.session.scalars(select(Invitation).where(*_WAITS, Invitation.id.in_(numbers)).order_by(Invitation.id).with_for_update())
    return [each for each in found if into.id in {number for _role, number, *_site in each.roles}]


def follow_parting(gone: Organisation, into: Organisation, numbers: Sequence[int], *, only_count: bool) -> int:
    """Have invitations that a merger took along wait for the organisation again that they were for; how many there are."""
    found = _still_wait(numbers, into)
    if not only_count:
        for each in found:
            each.roles = [[role, gone.id if number == into.id else number, *site] for role, number, *site in each.roles]
        db.session.flush()
    return len(found)


def _forget_invitations(numbers: Sequence[int]) -> None:
    for each in db.session.scalars(select(Invitation).where(Invitation.id.in_(numbers))):
        each.withdrawn_at = each.withdrawn_at or now()
        each.name, each.email = "", f"invitation{each.id}@invalid"


# Their history keeps no name.
forget_invitations = Term(
    key="accounts.invitations",
    who=_l("Personne invitée"),
    what=_l("invitation retirée ou restée sans réponse : nom, adresse"),
    remains=_l("Qu'une invitation a été faite, et quand"),
    lasts=KEPT_FOR,
    model=Invitation,
    past=lambda: Invitation.ends_at < now() - KEPT_FOR,
    rest=lambda: Invitation.accepted_at.is_(None) & (Invitation.name != ""),
    forget=_forget_invitations,
)
