"""The checklist of each kind of device, from config/policy/checklists.toml: read once, and refused whole where a line is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

from refurb.inventory.checklists.questions import CAUSES, SEEN, Answer, Condition, Limits, Option, Presence, Question, Sort, Suggestion
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Permission, Role
from refurb.kernel.deeds.policy import read
from refurb.kernel.speech.typography import french

E = TypeVar("E", bound=StrEnum)

LONGEST_KEY = 48
LONGEST_ANSWER = 40
TEXTS = frozenset({"fr", "en", "short_fr", "short_en"})
FOR_ALL = frozenset({"type", "required", "if_present", "ask_if", "signed_by", "second_person", "reopened_by"})
MEASURED = frozenset({"unit", "decimals", "possible", "min", "max", "warn_below", "warn_above", "suggest"})
OF_SORT = {Sort.YES_NO: frozenset[str](), Sort.MEASURE: MEASURED, Sort.CHOICE: frozenset({"options"}), Sort.PHOTO: frozenset[str]()}


class ChecklistError(ValueError):
    """A checklist cannot be asked as it is written; the message names the file and the key, and says why."""


@dataclass(frozen=True)
class Checklist:
    """The questions for a kind, and the version of the policy they are from."""

    kind: DeviceKind
    version: str
    questions: tuple[Question, ...]

    def concerned_by(self, cause: str) -> tuple[Question, ...]:
        """The questions that a changed part re-opens: those that name it, or all of them when none does."""
        named = tuple(each for each in self.questions if cause in each.reopened_by)
        return named or self.questions


@lru_cache
def all_checklists() -> Mapping[DeviceKind, Checklist]:
    """The checklist of every kind; kinds without one of their own share `other`. Raises `ChecklistError`."""
    policy = read("checklists")
    return parse(policy.content, policy.version)


def checklist_of(kind: DeviceKind) -> Checklist:
    """The checklist of a kind."""
    return all_checklists()[kind]


def parse(content: Mapping[str, Any], version: str = "") -> Mapping[DeviceKind, Checklist]:
    """The checklists in the content of the policy file, every line of it validated. Raises `ChecklistError`."""
    unknown = content.keys() - set(DeviceKind)
    if unknown:
        raise _wrong(min(unknown), "no such kind of device")
    read_lists = {name: _questions(name, rows) for name, rows in content.items()}
    if DeviceKind.OTHER not in read_lists:
        raise _wrong(DeviceKind.OTHER, "missing: the kinds without a checklist of their own share it")
    return {kind: Checklist(kind, version, read_lists.get(kind, read_lists[DeviceKind.OTHER])) for kind in DeviceKind}


def _wrong(where: str, why: str) -> ChecklistError:
    return ChecklistError(f"config/policy/checklists.toml: {where}: {why}")


def _questions(name: str, rows: Any) -> tuple[Question, ...]:
    if not isinstance(rows, dict) or not rows:
        raise _wrong(name, "needs questions")
    found: dict[str, Question] = {}
    for key, row in rows.items():
        where = f"{name}.{key}"
        question = _question(where, key, row)
        condition = question.asked_if
        if condition is not None and condition.question is not None:
            if condition.question not in found:
                raise _wrong(where, f"ask_if names {condition.question!r}, which is no earlier question of {name}")
            offered = found[condition.question].answers()
            if foreign := sorted(condition.answers - set(offered)):
                raise _wrong(where, f"ask_if: {condition.question} is never answered {', '.join(foreign)}")
        found[key] = question
    return tuple(found.values())


def _question(where: str, key: str, row: Any) -> Question:
    if not isinstance(row, dict):
        raise _wrong(where, "needs a table with its texts")
    if not key.isascii() or not key.replace("_", "").isalnum() or len(key) > LONGEST_KEY:
        raise _wrong(where, f"a key is at most {LONGEST_KEY} letters, digits and _, without accents")
    sort = _word(where, "type", row.get("type", Sort.YES_NO.value), Sort)
    if missing := sorted(TEXTS - row.keys()):
        raise _wrong(where, f"missing: {', '.join(missing)}")
    if unknown := sorted(row.keys() - TEXTS - FOR_ALL - OF_SORT[sort]):
        raise _wrong(where, f"unknown for the type {sort}: {', '.join(unknown)}")
    return Question(
        key,
        {"fr": french(_text(where, row, "fr")), "en": _text(where, row, "en")},
        {"fr": french(_text(where, row, "short_fr")), "en": _text(where, row, "short_en")},
        sort=sort,
        required=_yes_no(where, row, "required", default=True),
        optional_part=_yes_no(where, row, "if_present"),
        options=_options(where, row.get("options")) if sort is Sort.CHOICE else (),
        limits=_limits(where, row) if sort is Sort.MEASURE else None,
        asked_if=_condition(where, row["ask_if"]) if "ask_if" in row else None,
        signers=_words(where, row, "signed_by", {*map(str, Role), *map(str, Permission)}),
        second_person=_yes_no(where, row, "second_person"),
        reopened_by=frozenset(_words(where, row, "reopened_by", CAUSES)),
        suggest=_word(where, "suggest", row["suggest"], Suggestion) if "suggest" in row else None,
    )


def _text(where: str, row: Mapping[str, Any], name: str) -> str:
    if not isinstance(row.get(name), str) or not row[name].strip():
        raise _wrong(where, f"{name} must be a text")
    return str(row[name])


def _yes_no(where: str, row: Mapping[str, Any], name: str, *, default: bool = False) -> bool:
    said = row.get(name, default)
    if not isinstance(said, bool):
        raise _wrong(where, f"{name} must be true or false")
    return said


def _word(where: str, name: str, said: Any, kind: type[E]) -> E:
    if said not in set(kind):
        raise _wrong(where, f"{name} must be one of: {', '.join(kind)}")
    return kind(said)


def _words(where: str, row: Mapping[str, Any], name: str, known: set[str] | frozenset[str]) -> tuple[str, ...]:
    said = row.get(name, [])
    if not isinstance(said, list) or any(each not in known for each in said):
        raise _wrong(where, f"{name} must be a list of: {', '.join(sorted(known))}")
    return tuple(said)


def _options(where: str, rows: Any) -> tuple[Option, ...]:
    if not isinstance(rows, list) or len(rows) < 2:
        raise _wrong(where, "options must be a list of two or more")
    found: list[Option] = []
    for row in rows:
        if not isinstance(row, dict) or row.keys() - {"value", "fr", "en", "passes"} or {"value", "fr", "en"} - row.keys():
            raise _wrong(where, "each option needs value, fr, en, and passes = false where it fails")
        value = _text(where, row, "value")
        if len(value) > LONGEST_ANSWER or value in {Answer.BESIDE, SEEN} or any(value == each.value for each in found):
            raise _wrong(where, f"the option {value!r} is too long, reserved, or there twice")
        texts = {"fr": french(_text(where, row, "fr")), "en": _text(where, row, "en")}
        found.append(Option(value, texts, _yes_no(where, row, "passes", default=True)))
    if not any(each.passes for each in found):
        raise _wrong(where, "no option passes")
    return tuple(found)


def _limits(where: str, row: Mapping[str, Any]) -> Limits:
    decimals = row.get("decimals", 0)
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 3:
        raise _wrong(where, "decimals must be a whole number from 0 to 3")
    possible = row.get("possible")
    if not isinstance(possible, list) or len(possible) != 2:
        raise _wrong(where, "possible must be [lowest, highest]: what lies outside is a slip of the hand")
    lowest, highest = (_number(where, "possible", each) for each in possible)
    bounds = {name: _number(where, name, row[name]) for name in ("min", "max", "warn_below", "warn_above") if name in row}
    if lowest >= highest or any(not lowest <= each <= highest for each in bounds.values()):
        raise _wrong(where, "min, max, warn_below and warn_above must lie within possible")
    least, most = bounds.get("min"), bounds.get("max")
    if least is not None and most is not None and least > most:
        raise _wrong(where, "min is above max: nothing would pass")
    return Limits(_text(where, row, "unit"), decimals, (lowest, highest), least, most, bounds.get("warn_below"), bounds.get("warn_above"))


def _number(where: str, name: str, said: Any) -> Decimal:
    if isinstance(said, bool) or not isinstance(said, int | float):
        raise _wrong(where, f"{name} must be a number")
    return Decimal(str(said))


def _condition(where: str, said: Any) -> Condition:
    if isinstance(said, dict) and said.keys() == {"answer", "is"}:
        answers = said["is"]
        if isinstance(said["answer"], str) and isinstance(answers, list) and answers and all(isinstance(each, str) for each in answers):
            return Condition(question=said["answer"], answers=frozenset(answers))
    if isinstance(said, dict) and said.keys() == {"has"}:
        return Condition(presence=_word(where, "ask_if.has", said["has"], Presence))
    raise _wrong(where, 'ask_if must be { answer = "KEY", is = ["ANSWER"] } or { has = "battery" }')
