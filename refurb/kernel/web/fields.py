"""What comes in, field by field: the types of every form and of the API, each saying what is wrong by code."""

import datetime as dt
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, fields
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from refurb.kernel.speech.addresses import UnusableAddress, read_address, spelt_address
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.dates import day_in, moment_in
from refurb.kernel.speech.errors import Fault
from refurb.kernel.speech.signs import clean
from refurb.kernel.speech.telephones import read_phone
from refurb.kernel.web.asked import LARGEST_NUMBER
from refurb.kernel.web.pictures import Taken, clean_picture, from_base64
from refurb.kernel.web.redrawn import PictureRefused

OTHER_DAY = "other"
"""What a form sends where another day than today or yesterday is picked; the day comes in a field of its own (`other_day_of`)."""

EARLIEST = dt.date(1990, 1, 1)
FURTHEST = dt.timedelta(days=3660)


def other_day_of(name: str) -> str:
    """The name of the input in which another day is picked for a date."""
    return f"{name}-other"


Messages = dict[str, str | list[Any] | dict[Any, Any]]


class Wrong(ValidationError):
    """One fault of one field, as a code of the refusals catalogue."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__([Fault(code, **facts)])


class _FormField:
    """What every field of ours shares: a label, help, how it is drawn, and codes instead of English sentences."""

    default_error_messages: Messages = {
        "required": "field.required",
        "null": "field.required",
        "invalid": "field.invalid",
        "validator_failed": "field.invalid",
    }

    def __init__(
        self,
        label: Any = None,
        *,
        help: Any = None,  # noqa: A002 - the field's help is called so everywhere
        widget: str | None = None,
        choices: Callable[[], list[tuple[str, Any]]] | None = None,
        attrs: Mapping[str, Any] | None = None,
        sometimes: bool = False,
        private: bool = False,
        asked: Callable[[], bool] | None = None,
        **options: Any,
    ) -> None:
        if not options.get("required") and "load_default" not in options:
            options.setdefault("load_default", None)
            options.setdefault("allow_none", True)
        options["metadata"] = {
            "label": label,
            "help": help,
            "widget": widget or getattr(self, "widget", "text"),
            "choices": choices,
            # Needed in some cases, which another field tells: then it is not said to be optional.
            "sometimes": sometimes,
            # Free text, in which somebody may have named a person: the machine keeps it beside the history, never in it.
            "private": private,
            # Whether a form asks it at all; where it does not, it is not told.
            "asked": asked,
            "attrs": {**getattr(self, "attrs", {}), **(attrs or {})},
        }
        super().__init__(**options)


class Text(_FormField, fields.String):
    """One line of text, trimmed, with no control characters; an empty one counts as none."""

    keeps_lines = False

    def __init__(self, label: Any = None, *, max: int = 200, pattern: Any = None, **options: Any) -> None:  # noqa: A002
        self.longest, self.pattern = max, pattern
        options["attrs"] = {"maxlength": max, **options.get("attrs", {})}
        super().__init__(label, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = clean(super()._deserialize(value, attr, data, **kwargs) or "", lines=self.keeps_lines)
        if len(text) > self.longest:
            raise Wrong("field.too_long", most=self.longest, length=len(text))
        if self.required and not text:
            raise Wrong("field.required")
        if text and self.pattern and not self.pattern.match(text):
            raise Wrong("field.invalid")
        return text


class Password(_FormField, fields.String):
    """A password, kept sign by sign as it was typed: two blanks in it are two."""

    widget = "password"
    longest = 1000

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > self.longest:
            raise Wrong("field.too_long", most=self.longest, length=len(text))
        return text


class LongText(Text):
    """Several lines of text."""

    widget = "textarea"
    keeps_lines = True

    def __init__(self, label: Any = None, *, max: int = 2000, **options: Any) -> None:  # noqa: A002
        super().__init__(label, max=max, **options)


class Email(Text):
    """An e-mail address in its one form; only a message proves that somebody is there.

    One that is `known` names somebody, as it was once entered: nothing is written to it, so whether that could be done is not asked.
    """

    widget = "email"
    attrs = {"autocomplete": "email"}

    def __init__(self, label: Any = None, *, known: bool = False, **options: Any) -> None:
        self.known = known
        super().__init__(label, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text or self.known:
            return spelt_address(text)
        try:
            return read_address(text)
        except UnusableAddress as refusal:
            raise Wrong(refusal.code) from refusal


class Phone(Text):
    """A telephone number; kept in E.164."""

    widget = "tel"
    attrs = {"autocomplete": "tel"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        number = read_phone(text)
        if number is None:
            raise Wrong("field.phone")
        return number


class Siren(Text):
    """A SIREN: nine digits, the last a Luhn key (INSEE)."""

    attrs = {"inputmode": "numeric"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        digits = "".join(text.split())
        if not digits.isdecimal() or len(digits) != 9:
            raise Wrong("field.siren_length", length=len(digits))
        try:
            return str(siren.validate(digits))
        except NumberError:
            raise Wrong("field.siren_key") from None


class Siret(Text):
    """A SIRET: fourteen digits, SIREN and establishment number, with a Luhn key (INSEE)."""

    attrs = {"inputmode": "numeric"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text:
            return text
        try:
            return str(siret.validate("".join(text.split())))
        except NumberError:
            raise Wrong("field.siret") from None


class Number(_FormField, fields.Integer):
    """A whole number between two bounds."""

    widget = "number"
    default_error_messages: Messages = {"invalid": "field.number", "too_large": "field.number"}

    def __init__(self, label: Any = None, *, min: int = 0, max: int = 100_000, **options: Any) -> None:  # noqa: A002
        self.least, self.most = min, max
        options["attrs"] = {"min": min, "max": max, "inputmode": "numeric", **options.get("attrs", {})}
        super().__init__(label, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, bool) or (isinstance(value, str) and len(value) > 20):
            raise Wrong("field.number")
        number = super()._deserialize(value.strip() if isinstance(value, str) else value, attr, data, **kwargs)
        if not self.least <= number <= self.most:
            raise Wrong("field.out_of_range", least=self.least, most=self.most)
        return number


class Date(_FormField, fields.Date):
    """A calendar date, not before 1990 unless said otherwise, and in the future only where that makes sense.

    `within` is for how many days back it still tells something: what was checked long ago is to be checked again.
    """

    widget = "date"
    default_error_messages: Messages = {"invalid": "field.date", "format": "field.date"}

    def __init__(self, label: Any = None, *, future: bool = False, past: bool = True, within: int | None = None, **options: Any) -> None:
        """`widget="day"` offers today and yesterday first, and a picker for another day."""
        self.future, self.past, self.within = future, past, within
        super().__init__(label, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.date:
        day = day_in(value) if isinstance(value, str) else None
        if day is None:
            raise Wrong("field.date")
        if day < EARLIEST:
            raise Wrong("field.date_too_old", year=day.year)
        if not self.future and day > today():
            raise Wrong("field.date_in_future", year=day.year)
        if not self.past and day < today():
            raise Wrong("field.date_past")
        if self.within is not None and day < today() - dt.timedelta(days=self.within):
            raise Wrong("field.date_stale", since=today() - dt.timedelta(days=self.within))
        if day > today() + FURTHEST:
            raise Wrong("field.date_too_far", year=day.year)
        return day


class Moment(_FormField, fields.NaiveDateTime):
    """A date and time on the territory's wall clock, to come unless said otherwise."""

    widget = "datetime-local"
    default_error_messages: Messages = {"invalid": "field.moment", "format": "field.moment"}

    def __init__(self, label: Any = None, *, past: bool = False, **options: Any) -> None:
        self.past = past
        super().__init__(label, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> dt.datetime:
        moment = (moment_in(value) if isinstance(value, str) else None) or super()._deserialize(value, attr, data, **kwargs)
        if moment.date() < EARLIEST:
            raise Wrong("field.date_too_old", year=moment.year)
        if moment.date() > today() + FURTHEST:
            raise Wrong("field.date_too_far", year=moment.year)
        if not self.past and moment.date() < today():
            raise Wrong("field.date_past")
        return moment


class Year(Number):
    """A year of birth, of somebody who lives and may ask for something: no more than 115 years ago, no less than 10."""

    oldest, youngest = 115, 10

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, min=1900, max=2100, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        year = super()._deserialize(value, attr, data, **kwargs)
        if year is not None and year > now().year:
            raise Wrong("field.year_in_future", year=year, maybe=year - 100)
        if year is not None and not self.youngest <= now().year - year <= self.oldest:
            raise Wrong("field.year_of_birth", year=year, age=now().year - year)
        return year


class Word(_FormField, fields.Field[Any]):
    """One value of a `StrEnum`; its words on screen come from the labels given."""

    widget = "select"

    def __init__(self, kind: type[StrEnum], label: Any = None, *, labels: Mapping[Any, Any], **options: Any) -> None:
        self.kind = kind
        super().__init__(label, choices=lambda: [(member.value, labels[member]) for member in labels], **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> StrEnum | None:
        if value is None:
            return None
        try:
            return self.kind(value)
        except ValueError:
            raise Wrong("field.choice") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        return None if value is None else str(value)


class Pick(_FormField, fields.Integer):
    """The id of one row among those offered; what is offered is what the actor may pick."""

    widget = "select"
    default_error_messages: Messages = {"invalid": "field.choice", "too_large": "field.choice"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        number = super()._deserialize(value, attr, data, **kwargs)
        if not 0 < number <= LARGEST_NUMBER:
            raise Wrong("field.choice")
        offered = self.metadata["choices"]
        if offered is not None and str(number) not in {key for key, _ in offered()}:
            raise Wrong("field.choice")
        return number


class Tick(_FormField, fields.Boolean):
    """A box to tick; unticked when absent. One that `must` be ticked is refused otherwise."""

    widget = "checkbox"
    default_error_messages: Messages = {"invalid": "field.invalid"}

    def __init__(self, label: Any = None, *, must: bool = False, **options: Any) -> None:
        self.must = must
        if must:
            options |= {"required": True, "error_messages": {"required": "field.must_tick"}}
        else:
            options.setdefault("load_default", False)
        super().__init__(label, **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        ticked = bool(super()._deserialize(value, attr, data, **kwargs))
        if self.must and not ticked:
            raise Wrong("field.must_tick")
        return ticked


class File(_FormField, fields.Field[Any]):
    """One file, or several, chosen on a form; their bytes are the view's affair, and only there is it known whether any was sent."""

    widget = "file"


class Picture(File):
    """One picture, taken with the phone's camera or chosen; loaded as the bytes to keep (`clean_picture`); in JSON it is base64."""

    attrs = {"accept": "image/jpeg,image/png,image/webp", "capture": "environment"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bytes:
        if not isinstance(value, Taken | bytes | str):
            raise Wrong("picture.unreadable")
        try:
            if isinstance(value, Taken):
                return value.content()
            return clean_picture(value if isinstance(value, bytes) else from_base64(value))
        except PictureRefused as refusal:
            raise Wrong(refusal.code, **refusal.facts) from refusal


class Many(_FormField, fields.List[Any]):
    """Several values of one field."""

    widget = "checks"

    def __init__(self, inner: fields.Field[Any], label: Any = None, **options: Any) -> None:
        self._inner = inner
        _FormField.__init__(self, label, cls_or_instance=inner, **options)
