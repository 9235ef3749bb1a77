"""The administrator's pages of accounts: who may come in and for what, one person, the yearly look at rights."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, request
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from refurb.accounts.actions import end_sessions
from refurb.accounts.factors.actions import remind
from refurb.accounts.factors.arrival import freshly_proved
from refurb.accounts.factors.policy import FACTOR_KINDS, factor_policy, is_asked
from refurb.accounts.factors.queries import factors_of, kinds_held
from refurb.accounts.invitations.actions import AddressTaken, InvitedAlready, invite
from refurb.accounts.invitations.queries import waiting_invitations
from refurb.accounts.models import Account
from refurb.accounts.outside.queries import identities_of
from refurb.accounts.people.actions import change_roles, close_account, confirm_rights, reopen_account
from refurb.accounts.people.queries import (
    MOST_SHOWN,
    OURS,
    account_numbered,
    accounts_listed,
    count_closed,
    dormant,
    due_for_review,
    in_hand,
    organisations_with_accounts,
    takers_of,
    without_factor,
)
from refurb.accounts.people.schemas import (
    ORGANISATION_OF,
    ROLE_CHOICES,
    AccountsSeen,
    HandedTo,
    NewPerson,
    PersonRoles,
    also_choices,
    grants_of,
    roles_told,
)
from refurb.accounts.people.shown import account_history
from refurb.accounts.queries import other_administrators, sessions_of
from refurb.accounts.rules import SITES_OF, LastAdministrator, NoRole
from refurb.accounts.words import every_pair, forbidden_together
from refurb.directory.queries import organisations
from refurb.kernel.deeds.access import BOUND, PERSONS, ROLES, Actor, Permission, Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.words import _
from refurb.kernel.web.forms import Form
from refurb.kernel.web.guards import requires
from refurb.kernel.web.pages import go, page
from refurb.kernel.web.search import page_number, paged

blueprint = Blueprint("people", __name__)
P = Permission
FIELD_OF: dict[Any, str] = {AddressTaken: "email", InvitedAlready: "email", NoRole: "roles"}


def to_look_at(actor: Actor) -> int:
    """How many accounts and invitations need somebody's look: those whose time is over, and those that nobody uses."""
    missing = db.session.scalar(select(func.count()).select_from(without_factor().order_by(None).subquery())) or 0
    return sum(each.is_over for each in waiting_invitations(actor)) + len(dormant()) + missing


def _offered(account: Account | None = None) -> dict[int, str]:
    """The organisations for which a role may be given, by id: partners, borrowers, and those for which this person holds one already."""
    held = [each.organisation for each in account.grants if each.organisation] if account else []
    dealt_with = [each for each in organisations() if each.is_partner or each.is_borrower]
    return {each.id: each.name for each in (*dealt_with, *held)}


def _choices(account: Account | None = None) -> dict[str, list[Any]]:
    offered = [("", _("Aucune")), *((str(number), name) for number, name in _offered(account).items())]
    also = also_choices(account.grants) if account else []
    more = [("", _("Aucun")), *((role.value, ROLES[role]) for role in PERSONS if role in BOUND)]
    return {"roles": ROLE_CHOICES, "also": also, "more_role": more, **dict.fromkeys((*ORGANISATION_OF.values(), "more_of"), offered)}


def _role_asked() -> Role | None:
    return next((role for role in PERSONS if role == request.args.get("role")), None)


def _list_page(actor: Actor, form: Form) -> Response:
    words, role, closed = request.args.get("q", "").strip()[:80], _role_asked(), "fermes" in request.args
    offered = [(OURS, wired().home().name), *organisations_with_accounts()]
    of = next((number for number, _name in offered if str(number) == request.args.get("structure")), None)
    invitations = waiting_invitations(actor)
    found = paged(accounts_listed(words=words, role=role, of=of, closed=closed), page_number())
    return page(
        "accounts/people.html",
        found=found,
        factors=kinds_held({each.id for each in found.rows}),
        is_asked=is_asked,
        serving=factor_policy().kinds,
        kinds=FACTOR_KINDS,
        missing=db.session.scalars(without_factor().limit(MOST_SHOWN)).all(),
        invitations=invitations,
        over=[each for each in invitations if each.is_over],
        dormant=dormant(),
        due=len(due_for_review()),
        form=form,
        words=words,
        role=role,
        closed=closed,
        count_closed=count_closed(),
        together=every_pair(),
        of=of,
        offered=offered,
        roles=ROLES,
        sites_of=SITES_OF.values(),
        role_options=[(each.value, ROLES[each]) for each in PERSONS],
    )


@blueprint.get("/comptes")
@requires(P.ACCOUNT_ADMIN)
def people_list(actor: Actor) -> Response:
    """Who may come in: what needs a look first, then everybody, then the form that invites."""
    return _list_page(actor, Form(NewPerson, choices=_choices()))


@blueprint.post("/comptes")
@requires(P.ACCOUNT_ADMIN)
@freshly_proved
def person_invite(actor: Actor) -> Response:
    """Invite somebody."""
    form = Form(NewPerson, choices=_choices(), field_of=FIELD_OF)
    with form.catching():
        facts = form.load()
        with unit_of_work():
            made = invite(actor, name=facts["name"], email=facts["email"], grants=grants_of(facts, _offered()))
            return go("invitations.invitation", done=_("Invitation créée."), number=made.id)
    return _list_page(actor, form)


@blueprint.route("/comptes/<int:number>", methods=["GET", "POST"])
@requires(P.ACCOUNT_ADMIN)
@freshly_proved
def person(actor: Actor, number: int) -> Response:
    """One person: roles, sessions, what is in hand, the history of the account."""
    account = account_numbered(number)
    form = _roles_form(account)
    if request.method == "POST":
        with form.catching():
            facts = form.load()
            with unit_of_work():
                change_roles(actor, account, grants_of(facts, _offered(account)))
                return go("people.person", done=_("Rôles enregistrés."), number=number)
    return _person_page(actor, account, form, _closing(account))


def _roles_form(account: Account) -> Form:
    start = roles_told(account.grants)
    return Form(PersonRoles, start=start, choices=_choices(account), field_of=FIELD_OF | {LastAdministrator: "roles"})


def _closing(account: Account) -> Form:
    return Form(
        HandedTo, choices={"to": [("", _("Choisir une personne")), *((str(n), name) for n, name in takers_of(in_hand(account.id)))]}
    )


def _person_page(actor: Actor, account: Account, form: Form, closing: Form) -> Response:
    is_admin = any(each.role is Role.ADMIN for each in account.grants)
    return page(
        "accounts/person.html",
        status=max(form.status, closing.status),
        account=account,
        form=form,
        closing=closing,
        sites_of=SITES_OF.values(),
        held=in_hand(account.id),
        together=forbidden_together([each.role for each in account.grants]),
        sessions=sessions_of(account.id),
        factors=factors_of(account.id),
        identities=identities_of(account.id),
        history=account_history(account),
        is_last=account.is_active and is_admin and not other_administrators(account.id, hold=False),
        own=account.id == actor.id,
        form_has_errors=bool(form.errors or closing.errors),
    )


@blueprint.post("/comptes/<int:number>/rappel")
@requires(P.ACCOUNT_ADMIN)
def person_remind(actor: Actor, number: int) -> Response:
    """Remind somebody that she has no second factor yet."""
    with unit_of_work():
        remind(actor, account_numbered(number))
        return go("people.people_list", done=_("Rappel envoyé."))


@blueprint.post("/comptes/<int:number>/fermer")
@requires(P.ACCOUNT_ADMIN)
@freshly_proved
def person_close(actor: Actor, number: int) -> Response:
    """Close an account, and hand on what is in hand."""
    account = account_numbered(number)
    form = _closing(account)
    with form.catching():
        facts = form.load()
        with unit_of_work():
            close_account(actor, account, to=facts.get("to"))
            return go("people.person", done=_("Compte fermé."), number=number)
    account = account_numbered(number)
    return _person_page(actor, account, _roles_form(account), form)


@blueprint.post("/comptes/<int:number>/rouvrir")
@requires(P.ACCOUNT_ADMIN)
@freshly_proved
def person_reopen(actor: Actor, number: int) -> Response:
    """Open an account again."""
    with unit_of_work():
        reopen_account(actor, account_numbered(number))
        return go("people.person", done=_("Compte rouvert."), number=number)


@blueprint.post("/comptes/<int:number>/sessions")
@requires(P.ACCOUNT_ADMIN)
def person_end_sessions(actor: Actor, number: int) -> Response:
    """Sign somebody out in every browser."""
    with unit_of_work():
        end_sessions(actor, account_numbered(number).id)
        return go("people.person", done=_("Toutes les connexions de ce compte sont fermées."), number=number)


@blueprint.route("/comptes/revue", methods=["GET", "POST"])
@requires(P.ACCOUNT_ADMIN)
def people_review(actor: Actor) -> Response:
    """The yearly look at rights: who has not been looked at for a year, by organisation, to be confirmed."""
    due = due_for_review()
    form = Form(AccountsSeen)
    if request.method == "POST":
        with form.catching():
            seen = set(form.load()["accounts"])
            with unit_of_work():
                confirm_rights(actor, [each for each in due if each.id in seen])
                return go("people.people_review", done=_("Droits confirmés."))
    return page("accounts/review.html", groups=_by_organisation(due), form=form, roles=ROLES)


def _by_organisation(accounts: Sequence[Account]) -> dict[str | None, list[Account]]:
    groups: dict[str | None, list[Account]] = {}
    for account in accounts:
        name = next((each.organisation.name for each in account.grants if each.organisation), None)
        groups.setdefault(name, []).append(account)
    return groups
