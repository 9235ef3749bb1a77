"""A schema as a form on a page: what was typed is kept, each fault stands beside its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any

from flask import request
from marshmallow import Schema
from marshmallow import fields as kinds
from werkzeug.datastructures import MultiDict

from refurb.kernel.deeds.facts import load
from refurb.kernel.deeds.history import plain
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.dates import day_in
from refurb.kernel.speech.errors import Fault, Invalid, Refusal
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.words import _, day
from refurb.kernel.web.fields import OTHER_DAY, Date, File, Picture, other_day_of
from refurb.kernel.web.pictures import Taken


@dataclass
class BoundField:
    """One field as the page draws it."""

    name: str
    id: str
    label: Any
    help: Any
    error: str | None
    value: Any
    widget: str
    choices: Sequence[tuple[Any, ...]]
    optional: bool
    attrs: dict[str, Any]


@dataclass
class Form:
    """A schema, what was typed so far, and what is wrong with it; `field_of` names the field that a kind of refusal is about."""

    schema: type[Schema]
    start: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Sequence[tuple[Any, ...]]] = field(default_factory=dict)
    field_of: Mapping[type[Refusal], str] = field(default_factory=dict)
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    refusal: Refusal | None = None
    ruling: Any = None

    def __post_init__(self) -> None:
        self._declared: dict[str, kinds.Field[Any]] = self.schema().fields
        self._pictures: dict[str, Taken] | None = None

    def sent(self) -> dict[str, Any]:
        """What the browser sent for this schema's fields, its pictures among them; other files are the view's affair.

        A browser says nothing of a list of which nothing is ticked: the page that offered it tells (`offered`), where that is not the same
        as having been asked nothing.
        """
        sent: MultiDict[str, str] = request.form
        offered = sent.getlist("offered")
        told: dict[str, Any] = {
            name: sent.getlist(name) if isinstance(each, kinds.List) else _one(sent, name)
            for name, each in self._declared.items()
            if (name in sent or (name in offered and isinstance(each, kinds.List))) and not isinstance(each, File)
        }
        return told | self.take_pictures()

    def take_pictures(self) -> dict[str, Taken]:
        """The pictures that were sent, read once."""
        if self._pictures is None:
            sent = request.files.items() if any(isinstance(each, Picture) for each in self._declared.values()) else ()
            self._pictures = {name: Taken(each.read()) for name, each in sent if each.filename and self._takes_picture(name)}
        return self._pictures

    def _takes_picture(self, name: str) -> bool:
        return isinstance(self._declared.get(name), Picture)

    def load(self) -> dict[str, Any]:
        """The typed facts, or `Invalid`."""
        return load(self.schema, self.sent())

    def catching(self) -> "_Catching":
        """Keep a refusal raised inside as this form's fault, so that the page shows it and nothing typed is lost.

        Put it outside the unit of work: by the time the fault is kept, the unit has rolled back, and pictures are read before it opens.
        """
        return _Catching(self)

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows this form."""
        if self.refusal is not None:
            return self.refusal.status
        return 422 if self.faults else 200

    @property
    def errors(self) -> list[tuple[str | None, str]]:
        """For the summary: (id of the field or None, sentence)."""
        found: list[tuple[str | None, str]] = []
        if self.refusal is not None:
            found.append((None, sentence(self.refusal)))
        for name, faults in self.faults.items():
            found.extend((f"f-{name}" if name in self._declared else None, sentence(each)) for each in faults)
        return found

    @property
    def fields(self) -> list[BoundField]:
        """Every field that is asked, in the schema's order, ready to be drawn."""
        asked = {name: each.metadata.get("asked") for name, each in self._declared.items()}
        return [self.field(name) for name, is_asked in asked.items() if is_asked is None or is_asked()]

    def field(self, name: str) -> BoundField:
        """One field, ready to be drawn."""
        declared = self._declared[name]
        drawn = declared.metadata
        faults = self.faults.get(name)
        offered = self.choices.get(name)
        if offered is None:
            offered = drawn["choices"]() if drawn.get("choices") else []
        if drawn.get("widget") == "day":
            offered = _days()
        return BoundField(
            name=name,
            id=f"f-{name}",
            label=drawn.get("label") or name,
            help=drawn.get("help"),
            error=" ".join(sentence(each) for each in faults) if faults else None,
            value=self._value(name, declared),
            widget=drawn.get("widget") or "text",
            choices=offered,
            optional=not declared.required and not drawn.get("sometimes") and drawn.get("widget") not in {"checkbox", "hidden"},
            attrs=dict(drawn.get("attrs") or {}),
        )

    def _value(self, name: str, declared: kinds.Field[Any]) -> Any:
        if request.method == "POST":
            sent = request.form
            if isinstance(declared, kinds.List):
                return sent.getlist(name)
            if isinstance(declared, kinds.Boolean):
                return name in sent
            return self._typed(_one(sent, name), declared)
        value = plain(self.start.get(name))
        if isinstance(declared, kinds.List):
            return [str(each) for each in value or []]
        if isinstance(declared, kinds.Boolean):
            return bool(value)
        return "" if value is None else str(value)

    def _typed(self, typed: str, declared: kinds.Field[Any]) -> str:
        """What was typed; a day in the one spelling that a browser's picker shows again."""
        day = day_in(typed) if isinstance(declared, Date) else None
        return day.isoformat() if day else typed


def _one(sent: MultiDict[str, str], name: str) -> str:
    """What was sent for a field; of a date that is another day, the day that was picked."""
    told = sent.get(name, "")
    return sent.get(other_day_of(name), "") if told == OTHER_DAY and other_day_of(name) in sent else told


def _days() -> list[tuple[str, Any, str]]:
    """The days that a date offers first, each with its own words."""
    yesterday = today() - timedelta(days=1)
    return [(today().isoformat(), _("Aujourd'hui"), day(today(), "full")), (yesterday.isoformat(), _("Hier"), day(yesterday, "full"))]


class _Catching:
    """See `Form.catching`."""

    def __init__(self, form: Form) -> None:
        self._form = form

    def __enter__(self) -> None:
        self._form.take_pictures()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> bool:
        self._form.ruling = error.ruling if isinstance(error, Refusal) else None
        if isinstance(error, Invalid):
            self._form.faults = dict(error.fields)
        elif isinstance(error, Refusal) and type(error) in self._form.field_of:
            self._form.faults = {self._form.field_of[type(error)]: [Fault(error.code, **error.facts)]}
        elif isinstance(error, Refusal):
            self._form.refusal = error
        return isinstance(error, Refusal)
