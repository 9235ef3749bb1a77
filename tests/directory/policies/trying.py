"""Trying and adopting policies in tests, through the same actions as the pages."""

from refurb.directory.policies.actions import adopt_policy, effect_mark, try_policy
from refurb.directory.policies.queries import draft_of, newest_number, policy_named, standing_of
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import today
from tests.support.story import people


def text_with(name, *changes):
    """The text in force with some words of it replaced, each of which is there."""
    text = standing_of(policy_named(name)).text
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    return text


def tried(name, *changes, who=None, base=None, seen=0):
    """A trial of the text in force with some words replaced."""
    file = policy_named(name)
    with unit_of_work():
        return try_policy(who or people.actor(Role.ADMIN), file, text_with(name, *changes), base=base or newest_number(file), seen=seen)


def adopted(name, *changes, who=None, on=None, reason="Décision du bureau."):
    """The same, adopted."""
    if changes:
        tried(name, *changes, who=who)
    file, draft = policy_named(name), draft_of(name)
    with unit_of_work():
        return adopt_policy(
            who or people.actor(Role.ADMIN), file, seen=draft.revision, shown=effect_mark(file, draft.text), in_force_from=on or today(),
            decided_by="Le bureau", reason=reason,
        )  # fmt: skip
