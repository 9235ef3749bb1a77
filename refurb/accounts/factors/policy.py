"""From whom a second factor is asked before names open, and which kinds serve, from config/policy/accounts.toml.

CNIL, délibération n° 2025-019 du 20 mars 2025: two factors of different kinds are recommended to whoever sees people in difficulty;
a code sent to the mailbox is a second step, and no second factor.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.kernel.deeds.access import GRANTS, OF_PERSONS, PERSONS, ROLES, Permission, Role
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import ListEntry, PartEntry, WordEntry
from refurb.kernel.speech.words import _, _l, _lp


class FactorKind(StrEnum):
    """What somebody may prove herself with a second time."""

    APPLICATION = "application"
    KEY = "key"
    CARD = "card"


FACTOR_KINDS = {
    FactorKind.APPLICATION: _lp("factor", "Application"),
    FactorKind.KEY: _lp("factor", "Clé"),
    FactorKind.CARD: _l("Carte de codes"),
}

_OF_THE_DESK = {Permission.LOAN_READ, Permission.LOAN_WRITE, Permission.BORROWER_READ, Permission.BORROWER_WRITE, Permission.TICKET_WRITE}
_OF_FAMILIES = OF_PERSONS - _OF_THE_DESK
ALWAYS_ASKED = frozenset(role for role in PERSONS if GRANTS[role] & _OF_FAMILIES)
"""The roles that see the people who are helped: no territory leaves them out."""
_ASKED_ANYWAY = frozenset({Role.VISITOR})
"""Those of them that came to see somebody after versions were adopted: asked, whether a version names them or not."""


@dataclass(frozen=True)
class FactorPolicy:
    """The roles from which a second factor is asked, and the kinds that serve."""

    roles: frozenset[Role]
    kinds: frozenset[FactorKind]


class SecondFactorSchema(PolicySchema):
    """From whom, and with what."""

    roles = ListEntry(
        WordEntry([role.value for role in PERSONS], says={role.value: ROLES[role] for role in PERSONS}),
        label=_l("Demandé à ces rôles"),
        help=_l("Sans second facteur, ils entrent et travaillent, et les noms leur restent fermés."),
    )
    kinds = ListEntry(
        WordEntry(FactorKind, says=FACTOR_KINDS),
        least=1,
        label=_l("Ce qui sert de second facteur"),
        help=_l("Jamais un code par courriel : qui lit la boîte aurait les deux."),
    )

    @validates_schema
    def _whoever_sees_families_is_asked(self, data: dict[str, Any], **_options: Any) -> None:
        left_out = [ROLES[role] for role in PERSONS if role in ALWAYS_ASKED - _ASKED_ANYWAY and role.value not in data["roles"]]
        if left_out:
            names = ", ".join(str(each) for each in left_out)
            why = Wrongly("must name every role that sees people who are helped", "policy.factor_floor", roles=names)
            raise ValidationError(why, "roles")


class AccountsSchema(PolicySchema):
    """The shape of accounts.toml."""

    second_factor = PartEntry(SecondFactorSchema, label=_lp("factor", "Second facteur"))


def _made(content: dict[str, Any], _version: str) -> FactorPolicy:
    told = content["second_factor"]
    return FactorPolicy(_ASKED_ANYWAY.union(Role(each) for each in told["roles"]), frozenset(told["kinds"]))


def _summary(made: FactorPolicy) -> str:
    kinds = ", ".join(str(FACTOR_KINDS[each]).lower() for each in FactorKind if each in made.kinds)
    return _("Second facteur demandé à %(count)s rôles : %(kinds)s.", count=len(made.roles), kinds=kinds)


ACCOUNTS = PolicyFile("accounts", PartEntry(AccountsSchema), _made, _lp("factor", "Second facteur"), PolicyGroup.HOUSE, _summary)


def factor_policy() -> FactorPolicy:
    """The policy in force; raises `PolicyError`."""
    return ACCOUNTS.in_force()


def is_asked(roles: Collection[Role]) -> bool:
    """Whether a second factor is asked from somebody with these roles."""
    return not factor_policy().roles.isdisjoint(roles)


def sees_names(roles: Collection[Role], *, proved: bool) -> bool:
    """Whether names are open to somebody with these roles: with a second factor behind the session, or where no role asks one."""
    return proved or not is_asked(roles)
