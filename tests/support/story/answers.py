"""What is answered to checklists in the story."""

from refurb.inventory.checklists.policy import checklist_of
from refurb.inventory.checklists.questions import Question, Sort
from refurb.inventory.checks.actions.checks import Answer, Told
from refurb.inventory.words.devices import DeviceKind


def plain_questions(kind: DeviceKind) -> list[Question]:
    """The questions of yes and no that every machine of the kind is asked."""
    return [each for each in checklist_of(kind).questions if each.sort is Sort.YES_NO and each.asked_if is None]


def all_good(kind: DeviceKind) -> dict[str, Told]:
    """Yes to all of them."""
    return {each.key: Told(Answer.YES) for each in plain_questions(kind)}
