"""A template asks a state what it means; which states answer yes stands here, and no template knows a list of them."""

import re
from pathlib import Path

import pytest

from refurb.ceremonies.guests.words import GuestAnswer
from refurb.ceremonies.words import Attendance, CeremonyState
from refurb.directory.rota.words import PassageState
from refurb.inventory.devices.states import device_machine
from refurb.inventory.waste.words import WasteState
from refurb.inventory.words.devices import DeviceState
from refurb.inventory.words.donations import DonationState
from refurb.kernel.deeds.progress import WorkState
from refurb.lending.reservations.words import ReservationState
from refurb.lending.upkeep.words import UpkeepState
from refurb.lending.waits.words import WaitState
from refurb.lending.words import ItemState
from refurb.referrals.aftersales.words import TicketState
from refurb.referrals.committees.words import CommitteeState
from refurb.referrals.endowed import EndowmentState
from refurb.referrals.handovers.words import InvitationState
from refurb.referrals.words import AllocationState, ReferralState

TEMPLATES = Path(__file__).parents[2] / "refurb" / "templates"

AT_BENCH = {"received", "to_erase", "erasing", "to_refurbish", "testing"}
YES = {
    UpkeepState: {"is_done": {"done"}},
    DeviceState: {
        "is_testing": {"testing"},
        "is_at_bench": AT_BENCH,
        "is_past_the_gate": {"ready", "reserved", "handed_over", "in_pool"},
        "is_with_a_family": {"handed_over"},
        "is_mergeable": {*AT_BENCH, "ready"},
    },
    DonationState: {
        "is_announced": {"announced"},
        "awaits_an_answer": {"needs_information"},
        "is_accepted": {"accepted"},
        "is_refused": {"refused"},
        "is_cancelled": {"cancelled"},
        "will_not_come": {"refused", "cancelled"},
        "is_over": {"closed", "refused", "cancelled"},
    },
    WasteState: {"is_collected": {"collected"}},
    ItemState: {
        "is_available": {"available"},
        "is_to_check": {"to_check"},
        "needs_care": {"to_check", "incomplete", "in_repair", "lost"},
        "is_with_us": {"available", "to_check", "incomplete", "in_repair"},
    },
    ReferralState: {
        "is_draft": {"draft"},
        "is_submitted": {"submitted"},
        "awaits_an_answer": {"needs_information"},
        "is_waiting": {"waiting"},
        "is_refused": {"refused"},
        "is_before_allocation": {"draft", "submitted", "needs_information", "waiting"},
        "is_with_us": {"submitted", "waiting", "allocated"},
        "is_under_way": {"submitted", "needs_information", "waiting", "allocated"},
    },
    CommitteeState: {"is_prepared": {"prepared"}, "is_in_session": {"in_session"}, "is_closed": {"closed"}},
    ReservationState: {"is_pending": {"pending"}, "is_to_come": {"pending", "held", "approved"}, "is_packable": {"held", "approved"}},
    WaitState: {"is_waiting": {"waiting"}, "is_offered": {"offered"}},
    PassageState: {"is_off": {"moved", "cancelled"}},
    AllocationState: {"is_active": {"active"}, "is_fulfilled": {"fulfilled"}, "is_cancelled": {"cancelled"}},
    TicketState: {
        "is_unanswered": {"open"},
        "is_appointed": {"appointed"},
        "is_closed": {"closed"},
        "is_swap": {"swap"},
    },
    Attendance: {"is_expected": {"expected"}, "is_served": {"served"}, "is_absent": {"absent"}},
    CeremonyState: {"is_planned": {"planned"}, "is_held": {"held"}, "is_to_come": {"planned", "held"}},
    GuestAnswer: {
        "is_coming": {"coming"},
        "is_waiting": {"waiting"},
        "is_declined": {"declined"},
        "is_off": {"off"},
    },
    InvitationState: {
        "is_open": {"invited", "chosen", "declined"},
        "is_chosen": {"chosen"},
        "is_fetched": {"came"},
        "is_missed": {"absent"},
    },
    WorkState: {"is_stopped": {"stopped"}},
    EndowmentState: {"is_granted": {"granted"}, "is_given": {"given"}},
}
EACH = [(states, name) for states, names in YES.items() for name in names]


@pytest.mark.parametrize(("states", "name"), EACH, ids=lambda each: each if isinstance(each, str) else each.__name__)
def test_a_predicate_is_true_of_its_states_only(states, name):
    assert {state.value for state in states if getattr(state, name)} == YES[states][name]


@pytest.mark.parametrize("states", YES, ids=lambda states: states.__name__)
def test_every_predicate_of_a_state_is_told_here(states):
    assert {name for name, value in vars(states).items() if isinstance(value, property)} == set(YES[states])


def test_what_may_be_merged_is_what_the_life_cycle_lets_merge():
    assert {state for state in DeviceState if state.is_mergeable} == device_machine["merge"].sources


def test_no_template_decides_by_the_name_of_a_state():
    by_name = re.compile(r"""\b(?:state|allocation)\b(?:\.value)? *(?:[!=]=|(?:not )?in\b) *(?:["'(\[]|\w+State\.)""")
    found = [
        f"{template.relative_to(TEMPLATES)}:{number}"
        for template in sorted(path for path in TEMPLATES.rglob("*.*") if path.is_file())
        for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1)
        if by_name.search(line)
    ]
    assert found == []


def test_no_template_asks_a_state_for_what_it_cannot_say():
    text = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.*") if path.is_file())
    asked = set(re.findall(r"\b(?:state|allocation)\.((?:is|will|needs|awaits)_\w+)", text))
    assert asked == {name for names in YES.values() for name in names}
