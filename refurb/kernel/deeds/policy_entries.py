"""What may stand behind a key of a policy file: numbers, texts, words, dates, lists and tables, each refused in plain words."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields

from refurb.kernel.deeds.policy import PolicySchema, Wrongly

# Any leap year: a date without its year is one that some year has.
_LEAP_YEAR = 2000


def _wrong(english: str, code: str, **facts: Any) -> ValidationError:
    return ValidationError(Wrongly(english, code, **facts))


class PolicyEntry(fields.Field[Any]):
    """A key of a policy file; it must be there unless it has a default.

    `label`, `help` and `unit` say on a page what it is; `law` why it is not for the territory to change: then no page changes it.
    """

    default_error_messages: dict[str, str | list[Any] | dict[Any, Any]] = {"required": "is missing", "null": "is missing"}

    def __init__(
        self,
        *,
        label: Any = None,
        help: Any = None,  # noqa: A002 - called so in every field
        unit: Any = None,
        law: Any = None,
        **options: Any,
    ) -> None:
        self.label, self.help, self.unit, self.law = label, help, unit, law
        options.setdefault("required", "load_default" not in options)
        super().__init__(**options)


class WholeEntry(PolicyEntry):
    """A whole number between two bounds, both included. `says` is how people read each, where it stands for something."""

    def __init__(self, least: int = 0, most: int = 1_000_000, *, says: Mapping[Any, Any] | None = None, **options: Any) -> None:
        self.least, self.most, self.says = least, most, says or {}
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise _wrong(f"must be a whole number from {self.least} to {self.most}", "policy.whole", least=self.least, most=self.most)
        return value


class FigureEntry(PolicyEntry):
    """A number, with or without decimals, between two bounds, both included."""

    def __init__(self, least: float, most: float, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.least <= value <= self.most:
            raise _wrong(
                f"must be a number from {self.least:g} to {self.most:g}", "policy.figure", least=f"{self.least:g}", most=f"{self.most:g}"
            )
        return float(value)


class TextEntry(PolicyEntry):
    """A text that says something."""

    def __init__(self, longest: int = 500, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise _wrong("must be a text between quotes", "policy.text")
        if len(value) > self.longest:
            raise _wrong(f"must be a text of at most {self.longest} letters", "policy.long", most=self.longest)
        return value


class WordEntry(PolicyEntry):
    """One of a few words; typed as the enumeration that knows them, where there is one. `says` is how people read them."""

    def __init__(self, words: type[StrEnum] | Iterable[str], *, says: Mapping[Any, Any] | None = None, **options: Any) -> None:
        self.says = says or {}
        self.kind = words if isinstance(words, type) else None
        self.words = tuple(str(each) for each in words)
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise _wrong(f"must be one of: {', '.join(self.words)}", "policy.word", words=", ".join(self.words))
        return self.kind(value) if self.kind else value


class YesNoEntry(PolicyEntry):
    """True or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise _wrong("must be true or false", "policy.yes_no")
        return value


class DayEntry(PolicyEntry):
    """A date, such as 2026-12-24."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise _wrong("must be a date without quotes, such as 2026-12-24", "policy.day")
        return value


class HourEntry(PolicyEntry):
    """A time of day, such as 09:00:00."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.time:
        if not isinstance(value, dt.time) or value.tzinfo is not None:
            raise _wrong("must be a time without quotes, such as 09:00:00", "policy.hour")
        return value


class YearlyEntry(PolicyEntry):
    """A date that comes every year, such as "12-25"; read as (month, day)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[int, int]:
        found = re.fullmatch(r"(\d\d)-(\d\d)", value) if isinstance(value, str) else None
        try:
            day = dt.date(_LEAP_YEAR, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            raise _wrong('must be a month and a day, such as "12-25"', "policy.yearly")
        return day.month, day.day


class PatternEntry(PolicyEntry):
    """A regular expression, in which case does not matter; an empty one finds itself everywhere."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> re.Pattern[str]:
        if not isinstance(value, str):
            raise _wrong("must be a pattern between quotes", "policy.text")
        try:
            return re.compile(value, re.IGNORECASE)
        except re.error as error:
            raise _wrong(f"is not a pattern: {error}", "policy.pattern", why=str(error)) from error


class ListEntry(PolicyEntry):
    """A list of entries of one kind."""

    def __init__(self, inner: PolicyEntry, *, least: int = 0, **options: Any) -> None:
        self.inner, self.least = inner, least
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _wrong("must be a list between brackets", "policy.list")
        if len(value) < self.least:
            raise _wrong(f"must hold {self.least} entries at least", "policy.few", least=self.least)
        return tuple(_each(self.inner, dict(enumerate(value))).values())


class FixedEntry(PolicyEntry):
    """A list of a fixed length, each place with a meaning of its own."""

    def __init__(self, *inner: PolicyEntry, shape: str, **options: Any) -> None:
        self.inner, self.shape = inner, shape
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(self.inner):
            raise _wrong(f"must be {self.shape}", "policy.shape")
        found, wrong = [], dict[Any, Any]()
        for place, (entry, each) in enumerate(zip(self.inner, value, strict=True)):
            try:
                found.append(entry.deserialize(each))
            except ValidationError as error:
                wrong[place] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return tuple(found)


class TableEntry(PolicyEntry):
    """A table of keys of one kind, each with an entry of the same kind; `what` names a key in the refusal of one that is unknown.

    `says` is how people read the keys.
    """

    def __init__(
        self,
        inner: PolicyEntry,
        *,
        keys: type[StrEnum] | None = None,
        what: str = "key",
        least: int = 0,
        says: Mapping[Any, Any] | None = None,
        **options: Any,
    ) -> None:
        self.inner, self.keys, self.what, self.least, self.says = inner, keys, what, least, says or {}
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _wrong("must be a table", "policy.table")
        if len(value) < self.least:
            raise _wrong(f"must hold {self.least} at least", "policy.few", least=self.least)
        known = {str(each): each for each in self.keys or value}
        unknown = {key: [Wrongly(f"there is no such {self.what}", "policy.unknown_key")] for key in value if key not in known}
        found = _each(self.inner, {key: each for key, each in value.items() if key in known}, unknown)
        return {known[key]: each for key, each in found.items()}


class PartEntry(PolicyEntry):
    """A table with a shape of its own."""

    def __init__(self, schema: type[PolicySchema], **options: Any) -> None:
        self.schema = schema()
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise _wrong("must be a table", "policy.table")
        return self.schema.load(value)


class MovedEntry(PolicyEntry):
    """A key that had a meaning once; the refusal says where it is said now."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(required=False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        raise _wrong(f"is said in {self.where} now", "policy.moved", where=self.where)


def _each(inner: PolicyEntry, values: Mapping[Any, Any], wrong: Mapping[Any, Any] | None = None) -> dict[Any, Any]:
    """Every value as the entry reads it, or one refusal with all that is wrong, by key."""
    found, refused = dict[Any, Any](), dict(wrong or {})
    for key, value in values.items():
        try:
            found[key] = inner.deserialize(value)
        except ValidationError as error:
            refused[key] = error.messages
    if refused:
        raise ValidationError(refused)
    return found
