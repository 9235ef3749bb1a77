"""People who work here from a table: each is invited, and chooses a password herself."""

from collections.abc import Sequence
from typing import Any

from marshmallow import Schema, post_load
from sqlalchemy import select

from refurb.accounts.invitations.actions import invite
from refurb.accounts.invitations.models import Invitation
from refurb.accounts.queries import account_by_email
from refurb.directory.organisations.queries import organisations_like
from refurb.directory.sites.queries import kept_at
from refurb.exchange.headings import Headings
from refurb.exchange.kinds import AlreadyHere, Facts, RowKind
from refurb.exchange.lending import BORROWER_HEADINGS
from refurb.exchange.words import ExchangeKind
from refurb.kernel.deeds.access import BOUND, PERSONS, PLACED, ROLES, Actor, Grant, Permission, Role
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Email, Text, Wrong

HEADINGS: Headings = {
    **{name: BORROWER_HEADINGS[name] for name in ("name", "first_name", "last_name", "email")},
    "role": ("role", "profil", "profile", "habilitation", "groupe", "groups"),
    "organisation": ("structure", "organisation", "company", "employeur", "organisme"),
    "site": ("lieu du role", "lieu de travail", "lieu", "seulement a ce lieu", "site"),
}


class _RoleWord(Text):
    """A role by its name, in French or as the program writes it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = fold(super()._deserialize(value, attr, data, **kwargs) or "")
        if not text:
            return None
        found = next((role for role in PERSONS if text in {role.value, fold(ROLES[role].french)}), None)
        if found is None:
            raise Wrong("field.choice")
        return found


class _SiteName(Text):
    """One of the places at which things are kept, by its name; loaded as its id."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        text = fold(super()._deserialize(value, attr, data, **kwargs) or "")
        if not text:
            return None
        found = next((each for each in kept_at() if fold(each.name) == text), None)
        if found is None:
            raise Wrong("exchange.unknown_site")
        return found.id


class PersonRow(Schema):
    """One person in a table."""

    name = Text(_l("Nom et prénom"), max=160)
    first_name = Text(_lp("exchange", "Prénom"), max=80)
    last_name = Text(_l("Nom de famille"), max=80)
    email = Email(_l("Adresse de courriel professionnelle"), required=True)
    role = _RoleWord(_lp("exchange", "Rôle"), max=60)
    organisation = Text(_l("Structure partenaire"), max=200)
    site = _SiteName(_lp("exchange", "Seulement à ce lieu"), max=120)

    @post_load
    def join_names(self, facts: dict[str, Any], **_: Any) -> dict[str, Any]:
        """The first name and the family name are one name here."""
        both = " ".join(filter(None, (facts.pop("first_name", None), facts.pop("last_name", None))))
        return facts | {"name": facts.get("name") or both}


class _UnboundRole(Text):
    """A role that no organisation goes with."""

    widget = "select"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if text not in {role.value for role in _unbound()}:
            raise Wrong("field.choice")
        return text


def _unbound() -> Sequence[Role]:
    """The roles to choose for everybody at once; to administer is given to one person, by name."""
    return [role for role in PERSONS if role not in BOUND and role is not Role.ADMIN]


class PersonChoices(Schema):
    """What the import of people asks."""

    role = _UnboundRole(
        _l("Rôle, quand le fichier ne le dit pas"),
        required=True,
        choices=lambda: [(role.value, ROLES[role]) for role in _unbound()],
        help=_l("Les personnes d'une structure partenaire reçoivent le rôle de leur structure. Chaque rôle se corrige ensuite."),
    )


def _check(facts: Facts) -> None:
    if not facts["name"]:
        raise Invalid({"name": [Fault("field.required")]})
    if facts.get("organisation") and not organisations_like(facts["organisation"]):
        raise Invalid({"organisation": [Fault("exchange.unknown_organisation")]})
    if facts.get("role") in BOUND and not facts.get("organisation"):
        raise Invalid({"organisation": [Fault("exchange.organisation_needed")]})
    if facts.get("role") or facts.get("organisation"):
        _refuse_place(facts, facts.get("role") or Role.PRESCRIBER)


def _refuse_place(facts: Facts, role: Role) -> None:
    """A place goes with a role that is done at one, and with no other."""
    if facts.get("site") is not None and role not in PLACED:
        raise Invalid({"site": [Fault("exchange.role_at_no_site")]})


def _grant(facts: Facts, choices: Facts) -> Grant:
    """The role that a row tells, for its organisation where it is bound to one, and for its site where it tells one."""
    role = facts.get("role") or (Role.PRESCRIBER if facts.get("organisation") else Role(choices["role"]))
    _refuse_place(facts, role)
    return Grant(role, organisations_like(facts["organisation"])[0].id if role in BOUND else None, facts.get("site"))


def _found(facts: Facts) -> AlreadyHere | None:
    account = account_by_email(facts["email"])
    if account is not None:
        return AlreadyHere(account.id, "people.person", {"number": str(account.id)})
    waits = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    invited = db.session.scalar(select(Invitation.id).where(Invitation.email == facts["email"].lower(), *waits))
    return AlreadyHere(invited, "invitations.invitation", {"number": str(invited)}) if invited else None


def _store(actor: Actor, facts: Facts, choices: Facts) -> None:
    invite(actor, name=facts["name"], email=facts["email"], grants=[_grant(facts, choices)])


PEOPLE = RowKind(
    kind=ExchangeKind.PEOPLE,
    icon="user-plus",
    title=_l("Personnes qui travaillent ici"),
    about=_l("Chacune reçoit une invitation, et choisit son mot de passe."),
    permission=Permission.ACCOUNT_ADMIN,
    schema=PersonRow,
    headings=HEADINGS,
    one_of=(frozenset({"name", "email"}), frozenset({"last_name", "email"})),
    keys=lambda facts: {facts["email"].lower()},
    find=_found,
    store=_store,
    check=_check,
    choices=PersonChoices,
    endpoint="people.people_list",
)
