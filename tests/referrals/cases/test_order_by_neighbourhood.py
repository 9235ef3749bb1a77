"""The order of the waiting list may name priority neighbourhoods, as prescribers tick them: ranks, counts, words, trial and replay."""

from typing import Any

import pytest

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.counts import differences
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.errors import Invalid
from refurb.referrals.cases.actions import allocate
from refurb.referrals.cases.counts import WAITING
from refurb.referrals.cases.preview import order_effect
from refurb.referrals.cases.priority import Needs, order
from refurb.referrals.cases.queries.waiting import rank_of, standing_of, waiting_list, waiting_page
from refurb.referrals.cases.replay import disagreements, replayed
from refurb.referrals.words import PriorityArea, Usage
from tests.directory.policies.trying import adopted
from tests.support.story import families, people

FIRST = (
    "[[priority]]\n",
    '[[priority]]\nkey = "quartier"\nneighbourhood = true\nfr = "Quartier prioritaire"\nen = "Priority neighbourhood"\n\n[[priority]]\n',
)


def waiting(area, **facts):
    return families.waiting(priority_area=area, **facts)


def references(**filters):
    return [row.reference for row in db.session.execute(waiting_list(**filters))]


def before_and_after():
    """The rule in force, and the same with neighbourhoods first; the latter is in force from now on."""
    before = order()
    adopted("eligibility", FIRST)
    return before, order()


@pytest.mark.both_databases
def test_ranks_pages_and_counts_follow_what_was_ticked(context):
    family = waiting(PriorityArea.NO, school_children=2)
    unknown, here = waiting(PriorityArea.UNKNOWN), waiting(PriorityArea.YES)
    assert references() == [family.reference, unknown.reference, here.reference]

    before_and_after()

    wanted = [here.reference, family.reference, unknown.reference]
    assert references(kind=DeviceKind.MONITOR) == wanted
    assert [row.reference for row in waiting_page(DeviceKind.MONITOR, 1).rows] == wanted
    assert [rank_of(each) for each in (here, family, unknown)] == [1, 2, 3]
    assert order().reasons(Needs.of(here)) == ["Quartier prioritaire (priorité 1)"]
    assert standing_of(unknown).ahead == {1: 1, 2: 1}
    with unit_of_work():
        unknown.priority_area = PriorityArea.YES
    assert rank_of(family) == 3
    assert not differences(WAITING)


def test_a_trial_says_who_would_be_served_instead(context):
    family, here = waiting(PriorityArea.NO, school_children=2), waiting(PriorityArea.YES)
    families.ready()
    before, after = before_and_after()
    effect = order_effect(before, after)
    assert {(each.reference, each.gains) for each in effect.changes} == {(here.reference, True), (family.reference, False)}


def test_a_decision_is_told_again_by_what_was_ticked_on_its_day(context):
    before_and_after()
    here = waiting(PriorityArea.YES)
    waiting(PriorityArea.NO, school_children=1)
    device = families.ready()
    with unit_of_work():
        decided = allocate(people.actor(Role.COORDINATOR), here, device)
    assert decided.rank == 1
    with unit_of_work():
        here.priority_area = PriorityArea.NO
    told = replayed(decided)
    assert (told.agrees, told.place, told.reasons) == (True, 1, ["Quartier prioritaire (priorité 1)"])
    assert not list(disagreements())


def test_what_was_decided_before_it_was_asked_is_still_told_again(context):
    waits = waiting(PriorityArea.YES, usage=Usage.JOB_SEARCH)
    device = families.ready()
    with unit_of_work():
        decided = allocate(people.actor(Role.COORDINATOR), waits, device)
        grounds: dict[str, Any] = {name: value for name, value in decided.grounds.items() if name != "priority_area"}
        decided.grounds = grounds
    assert replayed(decided).agrees


def test_only_a_yes_counts(app):
    before = order()
    assert [before.place_of(Needs(0, None, Usage.OTHER, now(), area)) for area in PriorityArea] == [4, 4, 4]


def test_the_last_sentence_has_no_condition(context):
    with pytest.raises(Invalid):
        adopted("eligibility", ('key = "others"\n', 'key = "others"\nneighbourhood = true\n'))
