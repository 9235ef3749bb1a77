"""How the checks of a device stand: which questions are asked of it, which are answered well, and which keep it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from refurb.inventory.checklists.policy import Checklist
from refurb.inventory.checklists.questions import Presence, Question
from refurb.inventory.words.devices import DeviceKind

# What every machine of a kind has; of the others, the hardware reports tell.
WITH_BATTERY = frozenset({DeviceKind.LAPTOP, DeviceKind.TABLET, DeviceKind.SMARTPHONE})
WITH_SCREEN = WITH_BATTERY | {DeviceKind.MONITOR}


class Answers(Protocol):
    """What is known of a device when its checks are judged: its gate, or whatever looks like it."""

    @property
    def drives(self) -> int: ...
    @property
    def answers(self) -> Mapping[str, bool]: ...
    @property
    def said(self) -> Mapping[str, str]: ...
    @property
    def confirmed(self) -> frozenset[str]: ...
    @property
    def shown(self) -> frozenset[Presence]: ...


@dataclass(frozen=True)
class ChecksStanding:
    """The questions asked of a device, in order; of the required ones, those without an answer, failed, or in wait of a second person."""

    asked: tuple[Question, ...]
    missing: tuple[Question, ...]
    failed: tuple[Question, ...]
    unconfirmed: tuple[Question, ...]
    passed: tuple[Question, ...]

    @property
    def required(self) -> tuple[Question, ...]:
        """The questions that must pass."""
        return tuple(each for each in self.asked if each.required)


def present(kind: DeviceKind, gate: Answers) -> frozenset[Presence]:
    """What a device has, by its kind, its reports and its drives."""
    sure = {
        Presence.BATTERY: kind in WITH_BATTERY,
        Presence.SCREEN: kind in WITH_SCREEN,
        Presence.DRIVE: gate.drives > 0,
    }
    return gate.shown | {each for each, has in sure.items() if has}


def asked_of(checklist: Checklist, said: Mapping[str, str], has: frozenset[Presence]) -> tuple[Question, ...]:
    """The questions that are asked, given the answers so far; the answer to a question that is not asked opens no other."""
    asked: list[Question] = []
    heard: dict[str, str] = {}
    for question in checklist.questions:
        if question.asked_if is None or question.asked_if.holds(heard, has):
            asked.append(question)
            if question.key in said:
                heard[question.key] = said[question.key]
    return tuple(asked)


def standing_of(checklist: Checklist, gate: Answers) -> ChecksStanding:
    """How the checks stand; an answer that waits for its second person has not passed, whether its question is required or not."""
    asked = asked_of(checklist, gate.said, present(checklist.kind, gate))
    good = [each for each in asked if gate.answers.get(each.key, False)]
    waiting = [each for each in good if each.second_person and each.key not in gate.confirmed]
    required = [each for each in asked if each.required]
    return ChecksStanding(
        asked,
        missing=tuple(each for each in required if each.key not in gate.answers),
        failed=tuple(each for each in required if gate.answers.get(each.key) is False),
        unconfirmed=tuple(each for each in waiting if each.required),
        passed=tuple(each for each in good if each not in waiting),
    )
