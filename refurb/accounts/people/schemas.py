"""What comes in about accounts and their roles."""

from typing import Any

from marshmallow import Schema, fields

from refurb.accounts.words import SEES
from refurb.kernel.deeds.access import BOUND, PERSONS, ROLES, Grant, Role
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Email, Many, Password, Pick, Text, Tick, Word

ROLE_CHOICES = [(role.value, ROLES[role], SEES[role]) for role in PERSONS]


def _roles() -> Many:
    return Many(Word(Role, labels=ROLES), _l("Ce que la personne fera"), required=True)


def _organisation() -> Pick:
    return Pick(_l("Pour quelle structure"), help=_l("Pour les rôles d'une structure : orienter, inviter ses collègues, réserver."))


class NewPerson(Schema):
    """Somebody who is invited."""

    name = Text(_l("Prénom et nom"), required=True, max=160, attrs={"autocomplete": "off"})
    email = Email(_l("Adresse de courriel"), required=True, attrs={"autocomplete": "off"})
    roles = _roles()
    organisation_id = _organisation()


class PersonRoles(Schema):
    """The roles of somebody who has an account."""

    roles = _roles()
    organisation_id = _organisation()


class NewColleague(Schema):
    """A colleague whom a partner's referent invites."""

    name = Text(_l("Prénom et nom"), required=True, max=160, attrs={"autocomplete": "off"})
    email = Email(
        _l("E-mail professionnel"),
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


def grants_of(facts: dict[str, Any]) -> list[Grant]:
    """The grants that a form says: bound roles for the organisation that was chosen, the others for none."""
    organisation_id = facts.get("organisation_id")
    return [Grant(role, organisation_id if role in BOUND else None) for role in facts["roles"]]
