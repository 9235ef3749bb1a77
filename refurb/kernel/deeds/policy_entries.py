"""What may stand behind a key of a policy file: numbers, texts, words, dates, lists and tables, each refused in plain words."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields

from refurb.kernel.deeds.policy import PolicySchema

# Any leap year: a date without its year is one that some year has.
_LEAP_YEAR = 2000


class PolicyEntry(fields.Field[Any]):
    """A key of a policy file; it must be there unless it has a default."""

    default_error_messages: dict[str, str | list[Any] | dict[Any, Any]] = {"required": "is missing", "null": "is missing"}

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", "load_default" not in options)
        super().__init__(**options)


class WholeEntry(PolicyEntry):
    """A whole number between two bounds, both included."""

    def __init__(self, least: int = 0, most: int = 1_000_000, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise ValidationError(f"must be a whole number from {self.least} to {self.most}")
        return value


class FigureEntry(PolicyEntry):
    """A number, with or without decimals, between two bounds, both included."""

    def __init__(self, least: float, most: float, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.least <= value <= self.most:
            raise ValidationError(f"must be a number from {self.least:g} to {self.most:g}")
        return float(value)


class TextEntry(PolicyEntry):
    """A text that says something."""

    def __init__(self, longest: int = 500, **options: Any) -> None:
        self.longest = longest
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValidationError("must be a text between quotes")
        if len(value) > self.longest:
            raise ValidationError(f"must be a text of at most {self.longest} letters")
        return value


class WordEntry(PolicyEntry):
    """One of a few words; typed as the enumeration that knows them, where there is one."""

    def __init__(self, words: type[StrEnum] | Iterable[str], **options: Any) -> None:
        self.kind = words if isinstance(words, type) else None
        self.words = tuple(str(each) for each in words)
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValidationError(f"must be one of: {', '.join(self.words)}")
        return self.kind(value) if self.kind else value


class YesNoEntry(PolicyEntry):
    """True or false."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("must be true or false")
        return value


class DayEntry(PolicyEntry):
    """A date, such as 2026-12-24."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise ValidationError("must be a date without quotes, such as 2026-12-24")
        return value


class HourEntry(PolicyEntry):
    """A time of day, such as 09:00:00."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.time:
        if not isinstance(value, dt.time) or value.tzinfo is not None:
            raise ValidationError("must be a time without quotes, such as 09:00:00")
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
            raise ValidationError('must be a month and a day, such as "12-25"')
        return day.month, day.day


class PatternEntry(PolicyEntry):
    """A regular expression, in which case does not matter; an empty one finds itself everywhere."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> re.Pattern[str]:
        if not isinstance(value, str):
            raise ValidationError("must be a pattern between quotes")
        try:
            return re.compile(value, re.IGNORECASE)
        except re.error as error:
            raise ValidationError(f"is not a pattern: {error}") from error


class ListEntry(PolicyEntry):
    """A list of entries of one kind."""

    def __init__(self, inner: PolicyEntry, *, least: int = 0, **options: Any) -> None:
        self.inner, self.least = inner, least
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise ValidationError("must be a list between brackets")
        if len(value) < self.least:
            raise ValidationError(f"must hold {self.least} entries at least")
        return tuple(_each(self.inner, dict(enumerate(value))).values())


class FixedEntry(PolicyEntry):
    """A list of a fixed length, each place with a meaning of its own."""

    def __init__(self, *inner: PolicyEntry, shape: str, **options: Any) -> None:
        self.inner, self.shape = inner, shape
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) != len(self.inner):
            raise ValidationError(f"must be {self.shape}")
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
    """A table of keys of one kind, each with an entry of the same kind; `what` names a key in the refusal of one that is unknown."""

    def __init__(self, inner: PolicyEntry, *, keys: type[StrEnum] | None = None, what: str = "key", least: int = 0, **options: Any) -> None:
        self.inner, self.keys, self.what, self.least = inner, keys, what, least
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ValidationError("must be a table")
        if len(value) < self.least:
            raise ValidationError(f"must hold {self.least} at least")
        known = {str(each): each for each in self.keys or value}
        unknown = {key: [f"there is no such {self.what}"] for key in value if key not in known}
        found = _each(self.inner, {key: each for key, each in value.items() if key in known}, unknown)
        return {known[key]: each for key, each in found.items()}


class PartEntry(PolicyEntry):
    """A table with a shape of its own."""

    def __init__(self, schema: type[PolicySchema], **options: Any) -> None:
        self.schema = schema()
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError("must be a table")
        return self.schema.load(value)


class MovedEntry(PolicyEntry):
    """A key that had a meaning once; the refusal says where it is said now."""

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(required=False)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        raise ValidationError(f"is said in {self.where} now")


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
