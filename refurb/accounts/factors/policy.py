"""The roles of config/policy/second_factor.toml: to whom names stay closed without a second factor."""

from collections.abc import Collection
from typing import Any

from refurb.kernel.deeds.access import PERSONS, Role
from refurb.kernel.deeds.policy import PolicyFile, PolicySchema
from refurb.kernel.deeds.policy_entries import ListEntry, PartEntry, WordEntry


class SecondFactorSchema(PolicySchema):
    """The shape of second_factor.toml."""

    required_of = ListEntry(WordEntry(Role))


def _required_of(content: dict[str, Any], _version: str) -> frozenset[Role]:
    return frozenset(content["required_of"]) & frozenset(PERSONS)


SECOND_FACTOR = PolicyFile("second_factor", PartEntry(SecondFactorSchema), _required_of)


def sees_names(roles: Collection[Role], *, proved: bool) -> bool:
    """Whether names are open to somebody with these roles: with a second factor behind the session, or where no role asks one."""
    return proved or SECOND_FACTOR.in_force().isdisjoint(roles)
