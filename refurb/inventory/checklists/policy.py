"""The checklist of each kind of device, from config/policy/checklists.toml: read once, and refused whole where a line is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, pre_load, validates_schema

from refurb.inventory.checklists.questions import CAUSES, SEEN, Answer, Condition, Limits, Option, Presence, Question, Sort, Suggestion
from refurb.inventory.words.devices import DEVICE_KINDS, DeviceKind
from refurb.kernel.deeds.access import Permission, Role
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema
from refurb.kernel.deeds.policy_entries import (
    FigureEntry,
    FixedEntry,
    ListEntry,
    PartEntry,
    TableEntry,
    TextEntry,
    WholeEntry,
    WordEntry,
    YesNoEntry,
)
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _l, _lp, _n

LONGEST_KEY = 48
LONGEST_ANSWER = 40
MEASURED = frozenset({"unit", "decimals", "possible", "min", "max", "warn_below", "warn_above", "suggest"})
OF_ANOTHER_SORT = {
    Sort.YES_NO: MEASURED | {"options"},
    Sort.MEASURE: frozenset({"options"}),
    Sort.CHOICE: MEASURED,
    Sort.PHOTO: MEASURED | {"options"},
}


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


class OptionSchema(PolicySchema):
    """One answer of a choice."""

    value = TextEntry(LONGEST_ANSWER, label=_l("Mot gardé"))
    fr = TextEntry(label=_l("Réponse en français"))
    en = TextEntry(label=_l("Réponse en anglais"))
    passes = YesNoEntry(load_default=True, label=_l("Permet de remettre"))

    @validates_schema
    def _may_be_kept(self, data: dict[str, Any], **_: Any) -> None:
        if data["value"] in {Answer.NOT_APPLICABLE, SEEN}:
            raise ValidationError("is a word with a meaning of its own", "value")


class ConditionSchema(PolicySchema):
    """When a question is asked."""

    answer = TextEntry(LONGEST_KEY, load_default=None, label=_l("Question d'avant"))
    answers = ListEntry(TextEntry(LONGEST_ANSWER), least=1, data_key="is", load_default=None, label=_l("Sa réponse est"))
    has = WordEntry(Presence, load_default=None, label=_l("La machine a"))

    @validates_schema
    def _is_one_condition(self, data: dict[str, Any], **_: Any) -> None:
        given = {name for name, value in data.items() if value is not None}
        if given not in ({"answer", "answers"}, {"has"}):
            raise ValidationError('must be { answer = "KEY", is = ["ANSWER"] } or { has = "battery" }')


def _bound(label: Any) -> FigureEntry:
    return FigureEntry(-1_000_000, 1_000_000, load_default=None, label=label)


class QuestionSchema(PolicySchema):
    """One question, whatever its sort."""

    sort = WordEntry(Sort, data_key="type", load_default=Sort.YES_NO, label=_lp("policy", "Sorte"))
    fr = TextEntry(label=_l("Question en français"))
    en = TextEntry(label=_l("Question en anglais"))
    short_fr = TextEntry(label=_l("Nom court en français"))
    short_en = TextEntry(label=_l("Nom court en anglais"))
    required = YesNoEntry(load_default=True, label=_l("Empêche de remettre"))
    if_present = YesNoEntry(load_default=False, label=_l("« Sans objet » accepté"))
    ask_if = PartEntry(ConditionSchema, load_default=None, label=_l("Demandée seulement si"))
    signed_by = ListEntry(WordEntry((*Role, *Permission)), load_default=(), label=_l("À signer par"))
    second_person = YesNoEntry(load_default=False, label=_l("Une seconde personne confirme"))
    reopened_by = ListEntry(WordEntry(sorted(CAUSES)), load_default=(), label=_l("Rouverte par un changement de"))
    options = ListEntry(PartEntry(OptionSchema), least=2, load_default=None, label=_l("Réponses proposées"))
    unit = TextEntry(20, load_default=None, label=_lp("policy", "Unité"))
    decimals = WholeEntry(0, 3, load_default=0, label=_lp("policy", "Décimales"))
    possible = FixedEntry(
        FigureEntry(-1_000_000, 1_000_000), FigureEntry(-1_000_000, 1_000_000),
        shape="[lowest, highest]: what lies outside is a slip of the hand", load_default=None,
        label=_l("Valeurs possibles"),
    )  # fmt: skip
    min = _bound(_l("Réussit à partir de"))
    max = _bound(_l("Réussit jusqu'à"))
    warn_below = _bound(_l("Réserve en dessous de"))
    warn_above = _bound(_l("Réserve au-dessus de"))
    suggest = WordEntry(Suggestion, load_default=None, label=_l("Proposée par le relevé"))

    @pre_load
    def _knows_no_key_of_another_sort(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        sort = data.get("type", Sort.YES_NO)
        others = next((keys for each, keys in OF_ANOTHER_SORT.items() if each == sort), frozenset[str]())
        foreign = sorted(data.keys() & others)
        if foreign:
            raise ValidationError({name: [f"is unknown for the type {sort}"] for name in foreign})
        return data

    @validates_schema
    def _has_what_its_sort_needs(self, data: dict[str, Any], **_: Any) -> None:
        needed = {Sort.MEASURE: ("unit", "possible"), Sort.CHOICE: ("options",)}.get(data["sort"], ())
        if missing := [name for name in needed if data[name] is None]:
            raise ValidationError({name: ["is missing"] for name in missing})
        if data["sort"] is Sort.CHOICE:
            _options_can_be_chosen(data["options"])
        elif data["sort"] is Sort.MEASURE:
            _bounds_can_be_met(data)


def _options_can_be_chosen(options: tuple[dict[str, Any], ...]) -> None:
    if len({each["value"] for each in options}) < len(options):
        raise ValidationError("a value is there twice", "options")
    if not any(each["passes"] for each in options):
        raise ValidationError("no option passes", "options")


def _bounds_can_be_met(row: dict[str, Any]) -> None:
    lowest, highest = row["possible"]
    if lowest >= highest:
        raise ValidationError("the lowest must be below the highest", "possible")
    outside = [name for name in ("min", "max", "warn_below", "warn_above") if row[name] is not None and not lowest <= row[name] <= highest]
    if outside:
        raise ValidationError({name: ["must lie within possible"] for name in outside})
    if row["min"] is not None and row["max"] is not None and row["min"] > row["max"]:
        raise ValidationError("is above max: nothing would pass", "min")


class QuestionsEntry(TableEntry):
    """The questions of one kind, in their order; a condition speaks of an earlier one."""

    def __init__(self) -> None:
        super().__init__(PartEntry(QuestionSchema), least=1)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Question]:
        rows = super()._deserialize(value, attr, data, **kwargs)
        found: dict[str, Question] = {}
        wrong: dict[str, Any] = {}
        for key, row in rows.items():
            question = _question(key, row)
            if why := _wrong_key(key):
                wrong[key] = [why]
            elif why := _wrong_condition(question.asked_if, found):
                wrong[key] = {"ask_if": [why]}
            found[key] = question
        if wrong:
            raise ValidationError(wrong)
        return found


def _wrong_key(key: str) -> str | None:
    if key.isascii() and key.replace("_", "").isalnum() and len(key) <= LONGEST_KEY:
        return None
    return f"a key is at most {LONGEST_KEY} letters, digits and _, without accents"


def _wrong_condition(condition: Condition | None, earlier: Mapping[str, Question]) -> str | None:
    if condition is None or condition.question is None:
        return None
    if condition.question not in earlier:
        return f"{condition.question!r} is no earlier question of this kind"
    foreign = sorted(condition.answers - set(earlier[condition.question].answers()))
    return f"{condition.question} is never answered {', '.join(foreign)}" if foreign else None


class ChecklistsEntry(TableEntry):
    """The whole file: kinds of device, and their questions."""

    def __init__(self) -> None:
        super().__init__(QuestionsEntry(), keys=DeviceKind, what="kind of device", says=DEVICE_KINDS)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        found = super()._deserialize(value, attr, data, **kwargs)
        if DeviceKind.OTHER not in found:
            raise ValidationError({DeviceKind.OTHER.value: ["is missing: the kinds without a checklist of their own share it"]})
        return found


def _checklists(content: dict[DeviceKind, dict[str, Question]], version: str) -> Mapping[DeviceKind, Checklist]:
    lists = {kind: tuple(questions.values()) for kind, questions in content.items()}
    return {kind: Checklist(kind, version, lists.get(kind, lists[DeviceKind.OTHER])) for kind in DeviceKind}


def _question(key: str, row: Mapping[str, Any]) -> Question:
    return Question(
        key,
        _texts(row["fr"], row["en"]),
        _texts(row["short_fr"], row["short_en"]),
        sort=row["sort"],
        required=row["required"],
        optional_part=row["if_present"],
        options=tuple(Option(each["value"], _texts(each["fr"], each["en"]), each["passes"]) for each in row["options"] or ()),
        limits=_limits(row) if row["sort"] is Sort.MEASURE else None,
        asked_if=_condition(row["ask_if"]),
        signers=row["signed_by"],
        second_person=row["second_person"],
        reopened_by=frozenset(row["reopened_by"]),
        suggest=row["suggest"],
    )


def _texts(fr: str, en: str) -> dict[str, str]:
    return {"fr": french(fr), "en": en}


def _limits(row: Mapping[str, Any]) -> Limits:
    lowest, highest = (_decimal(each) for each in row["possible"])
    least, most, low, high = (None if row[name] is None else _decimal(row[name]) for name in ("min", "max", "warn_below", "warn_above"))
    return Limits(row["unit"], row["decimals"], (lowest, highest), least, most, low, high)


def _decimal(figure: float) -> Decimal:
    """The figure as it was written: 60 for 60, 70.5 for 70.5."""
    return Decimal(f"{figure:.10g}")


def _condition(row: Mapping[str, Any] | None) -> Condition | None:
    if row is None:
        return None
    if row["has"] is not None:
        return Condition(presence=row["has"])
    return Condition(question=row["answer"], answers=frozenset(row["answers"]))


def _summary(made: Mapping[DeviceKind, Checklist]) -> str:
    counts = ((kind, len(each.questions)) for kind, each in made.items() if kind in _TOLD)
    return ", ".join(
        _n("%(kind)s %(num)s question", "%(kind)s %(num)s questions", count, kind=str(DEVICE_KINDS[kind])) for kind, count in counts
    )


_TOLD = (DeviceKind.LAPTOP, DeviceKind.DESKTOP, DeviceKind.TABLET, DeviceKind.SMARTPHONE)

CHECKLISTS = PolicyFile("checklists", ChecklistsEntry(), _checklists, _l("Contrôles par nature d'appareil"), PolicyGroup.WORKSHOP, _summary)


def all_checklists() -> Mapping[DeviceKind, Checklist]:
    """The checklist of every kind; kinds without one of their own share `other`. Raises `PolicyError`."""
    return CHECKLISTS.in_force()


def checklist_of(kind: DeviceKind) -> Checklist:
    """The checklist of a kind."""
    return all_checklists()[kind]
