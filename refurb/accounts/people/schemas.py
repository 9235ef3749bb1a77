"""What comes in about accounts and their roles."""

from collections.abc import Collection, Sequence
from typing import Any

from marshmallow import Schema, fields

from refurb.accounts.models import RoleGrant
from refurb.accounts.rules import SITES_OF
from refurb.accounts.words import SEES
from refurb.directory.sites.queries import many_sites, site_choices
from refurb.kernel.deeds.access import BOUND, PERSONS, ROLES, Grant, Role
from refurb.kernel.speech.errors import Fault, Invalid
from refurb.kernel.speech.words import _l, _lp
from refurb.kernel.web.fields import Email, Many, Password, Pick, Text, Tick, Word

ROLE_CHOICES = [(role.value, ROLES[role], SEES[role]) for role in PERSONS]


def _roles() -> Many:
    return Many(Word(Role, labels=ROLES), _l("Ce que la personne fera"), required=True)


ORGANISATION_OF: dict[Role, str] = {role: f"{role.value}_of" for role in PERSONS if role in BOUND}
"""The field that says for which organisation somebody holds each bound role."""


def _prescriber_of() -> Pick:
    return Pick(_l("Oriente pour quelle structure"), help=_l("Avec le rôle « Structure partenaire »."))


def _referent_of() -> Pick:
    return Pick(_l("Référent de quelle structure"), help=_l("Avec le rôle « Référent de structure »."))


def _facilitator_of() -> Pick:
    return Pick(_l("Réserve pour quelle structure"), help=_l("Avec le rôle « Animation d'une structure »."))


def _at(role: Role) -> Many:
    return Many(
        fields.Integer(error_messages={"invalid": "field.choice"}), ROLES[role], choices=site_choices, asked=many_sites, sometimes=True
    )


class _Named(Schema):
    """Who is invited."""

    name = Text(_l("Prénom et nom"), required=True, max=160, attrs={"autocomplete": "off"})
    email = Email(_l("Adresse de courriel"), required=True, attrs={"autocomplete": "off"})


class _Given(Schema):
    """The roles that somebody is given, those that are done at a place perhaps for some sites, the bound ones each for an organisation."""

    roles = _roles()
    technician_at = _at(Role.TECHNICIAN)
    dock_at = _at(Role.DOCK)
    desk_at = _at(Role.DESK)
    adviser_at = _at(Role.ADVISER)
    organiser_at = _at(Role.ORGANISER)
    trainer_at = _at(Role.TRAINER)
    prescriber_of = _prescriber_of()
    referent_of = _referent_of()
    facilitator_of = _facilitator_of()


class NewPerson(_Given, _Named):
    """Somebody who is invited."""


class PersonRoles(_Given):
    """The roles of somebody who has an account."""

    also = Many(Text(), _lp("account", "Aussi pour"), help=_l("Décochez ce que la personne ne fait plus."))
    more_role = Word(Role, _l("Un de ces rôles pour encore une structure"), labels={role: ROLES[role] for role in PERSONS if role in BOUND})
    more_of = Pick(_lp("account", "Laquelle"))


class NewColleague(Schema):
    """A colleague whom a partner's referent invites."""

    name = Text(_l("Prénom et nom"), required=True, max=160, attrs={"autocomplete": "off"})
    email = Email(
        _l("Courriel professionnel"),
        required=True,
        help=_l("Une adresse par personne : pas de boîte commune."),
        attrs={"autocomplete": "off"},
    )
    referent = Tick(_l("Référent aussi : pourra inviter et retirer des collègues"))


class HandedTo(Schema):
    """Who takes over what somebody has in hand."""

    to = Pick(_l("Confier ce qui est en cours à"))


class OpenMine(Schema):
    """What somebody who was invited says: the name as it is written, and a password."""

    name = Text(_l("Prénom et nom"), required=True, max=160, attrs={"autocomplete": "name"})
    password = Password(
        _l("Mot de passe"),
        required=True,
        help=_l("12 caractères au moins. Quelques mots qui ne vont pas ensemble se retiennent bien."),
        attrs={"autocomplete": "new-password"},
    )


class AccountsSeen(Schema):
    """Which accounts somebody has looked at."""

    accounts = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Comptes"), required=True)


def grants_of(facts: dict[str, Any], offered: Collection[int]) -> list[Grant]:
    """The grants that a form says: each bound role for its own organisation, among those offered, and for those that stay ticked.

    Each role that is done at a place is for the sites that are ticked beside it, or for all where none is.

    Raises `Invalid`, which names the field of each bound role without an organisation, and of sites that are ticked without their role.
    """
    faults = {ORGANISATION_OF[role]: [fault] for role in facts["roles"] if role in BOUND and (fault := _fault(role, facts, offered))}
    alone = [name for role, name in SITES_OF.items() if facts.get(name) and role not in facts["roles"]]
    faults |= {name: [Fault("account.site_without_role")] for name in alone}
    if faults:
        raise Invalid(faults)
    grants = [
        Grant(role, facts[ORGANISATION_OF[role]] if role in BOUND else None, site)
        for role in facts["roles"]
        for site in _sites_told(role, facts)
    ]
    also = [Grant(role, number) for role in facts["roles"] if role in BOUND for number in offered if also_key(role, number) in _also(facts)]
    return list(dict.fromkeys((*grants, *also, *_more(facts, offered))))


def _sites_told(role: Role, facts: dict[str, Any]) -> list[int | None]:
    return (facts.get(SITES_OF[role]) or [None]) if role in SITES_OF else [None]


def _more(facts: dict[str, Any], offered: Collection[int]) -> list[Grant]:
    """The one organisation more for which a role is given, if there is one."""
    role, number = facts.get("more_role"), facts.get("more_of")
    if role is None and number is None:
        return []
    if role is None or number is None:
        raise Invalid({"more_role" if role is None else "more_of": [Fault("field.required")]})
    if role not in BOUND or number not in offered:
        raise Invalid({"more_of" if role in BOUND else "more_role": [Fault("field.choice")]})
    return [Grant(role, number)]


def _fault(role: Role, facts: dict[str, Any], offered: Collection[int]) -> Fault | None:
    chosen = facts.get(ORGANISATION_OF[role])
    if chosen is None:
        return Fault("account.organisation_needed")
    return None if chosen in offered else Fault("field.choice")


def _also(facts: dict[str, Any]) -> list[str]:
    return facts.get("also") or []


def also_key(role: Role, organisation_id: int) -> str:
    """How a form says one more organisation for which somebody holds a role."""
    return f"{role.value}-{organisation_id}"


def roles_told(grants: Sequence[RoleGrant]) -> dict[str, Any]:
    """What a form begins with: the roles that somebody holds, the sites and the first organisation of each, and the others as ticks."""
    first: dict[Role, RoleGrant] = {}
    for each in grants:
        first.setdefault(each.role, each)
    bound = {ORGANISATION_OF[role]: each.organisation_id for role, each in first.items() if role in BOUND}
    placed = {name: [str(each.site_id) for each in grants if each.role is role and each.site_id] for role, name in SITES_OF.items()}
    return {"roles": [role.value for role in first], "also": [key for key, _said in also_choices(grants)], **placed, **bound}


def also_choices(grants: Sequence[RoleGrant]) -> list[tuple[str, str]]:
    """The organisations for which somebody holds a role that she holds for another one already: what is sent, what is read."""
    seen: set[Role] = set()
    choices = []
    for each in grants:
        if each.role in seen and each.organisation is not None:
            choices.append((also_key(each.role, each.organisation.id), f"{ROLES[each.role]}, {each.organisation.name}"))
        seen.add(each.role)
    return choices
