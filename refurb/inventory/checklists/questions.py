"""What a question of a checklist is: what may be answered to it, what an answer is worth, who may sign it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from refurb.inventory.words.parts import PartKind
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.words import language


class Answer(StrEnum):
    """What can be answered to a question of yes and no; each is asked so that yes is good. The last is for an optional part."""

    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "na"


class Sort(StrEnum):
    """How a question is answered."""

    YES_NO = "yes_no"
    MEASURE = "measure"
    CHOICE = "choice"
    PHOTO = "photo"


class AnswerVerdict(StrEnum):
    """What an answer is worth."""

    PASSED = "passed"
    RESERVED = "reserved"
    FAILED = "failed"


class Presence(StrEnum):
    """What a machine may have, on which a question can depend."""

    BATTERY = "battery"
    SCREEN = "screen"
    DRIVE = "drive"


class Suggestion(StrEnum):
    """What a hardware report may have measured already."""

    BATTERY_HEALTH = "battery_health"
    RAM_GB = "ram_gb"


# What re-opens a question beside the kinds of parts: a drive that came, left or was changed.
DRIVE = "drive"
CAUSES = frozenset({DRIVE, *(kind.value for kind in PartKind)})

# What a photo is answered with; the picture itself stands beside the answer.
SEEN = "photo"


class NotAnAnswer(ValueError):
    """What was said cannot be an answer to the question; `fault` says why, for the field of the form."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.code)
        self.fault = fault


@dataclass(frozen=True)
class Option:
    """One of the answers offered by a choice."""

    value: str
    texts: Mapping[str, str]
    passes: bool

    @property
    def text(self) -> str:
        """The answer in the reader's language."""
        return self.texts[language()]


@dataclass(frozen=True)
class Limits:
    """Between what a measure passes, inclusive; outside `warn` it passes with a reserve, outside `possible` it is a slip of the hand."""

    unit: str
    decimals: int
    possible: tuple[Decimal, Decimal]
    least: Decimal | None = None
    most: Decimal | None = None
    warn_below: Decimal | None = None
    warn_above: Decimal | None = None

    def verdict(self, measured: Decimal) -> AnswerVerdict:
        """What a measure is worth."""
        if (self.least is not None and measured < self.least) or (self.most is not None and measured > self.most):
            return AnswerVerdict.FAILED
        low = self.warn_below is not None and measured < self.warn_below
        high = self.warn_above is not None and measured > self.warn_above
        return AnswerVerdict.RESERVED if low or high else AnswerVerdict.PASSED


@dataclass(frozen=True)
class Condition:
    """When a question is asked: another one has one of these answers, or the machine has something."""

    question: str | None = None
    answers: frozenset[str] = frozenset()
    presence: Presence | None = None

    def holds(self, said: Mapping[str, str], present: frozenset[Presence]) -> bool:
        """Whether it is so; `said` are the answers to the questions that are asked themselves."""
        if self.question is not None:
            return said.get(self.question) in self.answers
        return self.presence in present


@dataclass(frozen=True)
class Question:
    """One check: its key for ever, the question and its short name in French and English, and how it is answered.

    `required` says whether it must pass, `optional_part` whether it is about a part that not every machine has, `signers` the roles and
    permissions of which one is needed, `second_person` whether another account must confirm, `reopened_by` the changes that void it.
    """

    key: str
    texts: Mapping[str, str]
    shorts: Mapping[str, str]
    sort: Sort = Sort.YES_NO
    required: bool = True
    optional_part: bool = False
    options: tuple[Option, ...] = ()
    limits: Limits | None = None
    asked_if: Condition | None = None
    signers: tuple[str, ...] = ()
    second_person: bool = False
    reopened_by: frozenset[str] = frozenset()
    suggest: Suggestion | None = None

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return self.texts[language()]

    @property
    def short(self) -> str:
        """What is checked, in a word or two, for lists of what remains."""
        return self.shorts[language()]

    def may_sign(self, actor: Actor) -> bool:
        """Whether this person may answer or confirm it."""
        permissions = {Permission(each) for each in self.signers if ":" in each}
        return not self.signers or any(role in self.signers for role in actor.roles) or any(actor.may(each) for each in permissions)

    def read(self, said: str) -> str:
        """The answer as it is kept: a measure with a point and its decimals. Raises `NotAnAnswer`."""
        if said == Answer.NOT_APPLICABLE:
            if not self.optional_part:
                raise NotAnAnswer(Fault("check.every_machine_has_it"))
            return said
        if self.limits is not None:
            return self._read_measure(said, self.limits)
        if said not in self.answers():
            raise NotAnAnswer(Fault("field.choice"))
        return said

    def answers(self) -> tuple[str, ...]:
        """The answers that are offered, in their order; none for a measure."""
        offered: tuple[str, ...] = ()
        if self.sort is Sort.YES_NO:
            offered = (Answer.YES, Answer.NO)
        elif self.sort is Sort.CHOICE:
            offered = tuple(each.value for each in self.options)
        elif self.sort is Sort.PHOTO:
            offered = (SEEN,)
        return (*offered, Answer.NOT_APPLICABLE) if self.optional_part else offered

    def verdict(self, kept: str) -> AnswerVerdict:
        """What an answer is worth, as it is kept; one that the policy no longer offers counts as failed, so that it is asked again."""
        if kept == Answer.NOT_APPLICABLE or self.sort is Sort.PHOTO:
            return AnswerVerdict.PASSED
        if self.limits is not None:
            try:
                return self.limits.verdict(Decimal(kept))
            except ArithmeticError:
                return AnswerVerdict.FAILED
        if self.sort is Sort.CHOICE:
            return AnswerVerdict.PASSED if any(each.value == kept and each.passes for each in self.options) else AnswerVerdict.FAILED
        return AnswerVerdict.PASSED if kept == Answer.YES else AnswerVerdict.FAILED

    @staticmethod
    def _read_measure(said: str, limits: Limits) -> str:
        typed = said.strip().removesuffix(limits.unit).replace(",", ".").replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
        try:
            measured = Decimal(typed[:20])
        except ArithmeticError:
            raise NotAnAnswer(Fault("check.not_a_number")) from None
        least, most = limits.possible
        if not measured.is_finite() or not least <= measured <= most:
            raise NotAnAnswer(Fault("check.implausible", least=str(least), most=str(most), unit=limits.unit))
        return str(measured.quantize(Decimal(1).scaleb(-limits.decimals)))
