"""What a request says, before anybody reads it: text without invisible signs, numbers that a database can hold."""

from datetime import date
from itertools import chain
from typing import Any

from flask import Flask, Request, request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter, ValidationError
from werkzeug.utils import cached_property

from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.signs import clean, number_in, without_controls

LARGEST_NUMBER = 2**31 - 1
"""What an INTEGER column holds on every database (PostgreSQL 16, table 8.2)."""
DEEPEST_JSON = 32
"""Lists within objects within lists: whatever is nested deeper was not written for this service."""

MOST_JSON = 10_000
"""Values of one JSON body, those within lists and objects included: a loan of fifty kits, told piece by piece, has a third of it."""
MOST_FIELDS = 3_000
"""Fields of one form: the longest of ours has some hundreds."""


class TooMuchJson(ValueError):
    """A body of JSON that asks for more work than any deed of ours: it would hold the write lock that everybody waits for."""


class CleanRequest(Request):
    """A request whose arguments are clean lines, and whose form and names of files hold no control signs.

    A part of a form that bears no name answers no question (RFC 7578 §4.2 asks for one): it is not there. What is typed in a form is
    cleaned by its field, which knows whether it is one line; a password is kept as it is.
    """

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """The arguments of the address."""
        sent = super().args
        return ImmutableMultiDict([(name, clean(value, lines=False)) for name, value in sent.items(multi=True)])

    def _load_form_data(self) -> None:
        if "form" in self.__dict__:
            return
        super()._load_form_data()
        if sum(1 for _field in self.__dict__["form"].items(multi=True)) > MOST_FIELDS:
            self.__dict__["form"] = ImmutableMultiDict()
            raise RequestEntityTooLarge
        fields = [(name, without_controls(value)) for name, value in self.__dict__["form"].items(multi=True) if name is not None]
        self.__dict__["form"] = ImmutableMultiDict(fields)
        files = list(self.__dict__["files"].items(multi=True))
        self.__dict__["files"] = ImmutableMultiDict([(name, file) for name, file in files if name is not None])
        for file in (file for name, file in files if name is None):
            file.close()
        for file in chain.from_iterable(self.__dict__["files"].listvalues()):
            file.filename = clean(file.filename or "", lines=False)


class NumberInAddress(IntegerConverter):
    """A number that the database can hold; any other names nothing, and is answered 404."""

    def __init__(self, url_map: Any, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_NUMBER, **options})

    def to_python(self, value: str) -> int:
        """The number."""
        if len(value) > len(str(LARGEST_NUMBER)):
            raise ValidationError
        return int(super().to_python(value))


class _Clean:
    def to_python(self, value: str) -> str:
        """The text without invisible signs; what is nothing then names nothing."""
        text = clean(value, lines=False)
        if not text:
            raise ValidationError
        return text


class TextInAddress(_Clean, UnicodeConverter):
    """One segment of an address."""


class PathInAddress(_Clean, PathConverter):
    """The rest of an address."""


def number_asked(name: str) -> int | None:
    """A number among the address's arguments; nonsense is none."""
    return number_in(request.args.get(name))


def clean_json(sent: Any) -> Any:
    """What was sent as JSON, every text in it without control signs.

    Raises `TooMuchJson` for more values than any deed asks for, and `ValueError` for what is nested too deep or is no number.
    """
    if _outnumbers(sent, MOST_JSON, DEEPEST_JSON) < 0:
        raise TooMuchJson
    return _cleaned(sent, DEEPEST_JSON)


def _outnumbers(value: Any, left: int, deeper: int) -> int:
    """How many more values there may be after this one; below nought where there are too many."""
    left -= 1
    if isinstance(value, dict | list) and deeper > 0:
        for each in value.values() if isinstance(value, dict) else value:
            if left < 0:
                break
            left = _outnumbers(each, left, deeper - 1)
    return left


def _cleaned(value: Any, deeper: int) -> Any:
    if isinstance(value, str):
        return without_controls(value)
    if isinstance(value, float) and not -1e300 < value < 1e300:
        raise ValueError("not a number")
    if isinstance(value, dict | list):
        if deeper == 0:
            raise ValueError("nested too deep")
        if isinstance(value, list):
            return [_cleaned(each, deeper - 1) for each in value]
        return {without_controls(name): _cleaned(each, deeper - 1) for name, each in value.items()}
    return value


def setup(app: Flask) -> None:
    """Have every address read by these converters, whichever blueprint names one."""
    app.url_map.converters |= {"default": TextInAddress, "string": TextInAddress, "path": PathInAddress, "int": NumberInAddress}


def day_asked(name: str) -> date | None:
    """The day that an address names; None where it is none, or of a year from which nobody can count on or back."""
    day = day_in(request.args.get(name, ""))
    return day if day is not None and 1900 <= day.year < 2200 else None
