"""What a deed is told, loaded through its schema: typed facts, or each fault beside its field."""

from collections.abc import Mapping
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError

from refurb.kernel.speech.errors import Fault, Invalid


def faults(messages: Any) -> list[Fault]:
    """The faults in marshmallow's nest of messages, flat."""
    if isinstance(messages, Fault):
        return [messages]
    if isinstance(messages, Mapping):
        return [fault for each in messages.values() for fault in faults(each)]
    if isinstance(messages, list | tuple):
        return [fault for each in messages for fault in faults(each)]
    text = str(messages)
    return [Fault(text if text.startswith("field.") else "field.invalid")]


def load(schema: type[Schema] | Schema, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The typed facts in what was told, or `Invalid` with each field's faults.

    What the schema does not know is left out; an empty text is as good as nothing told.
    """
    instance = schema() if isinstance(schema, type) else schema
    sent = {name: value for name, value in sent.items() if value != ""}
    try:
        loaded: dict[str, Any] = instance.load(sent, unknown=EXCLUDE)
    except ValidationError as error:
        messages = error.messages if isinstance(error.messages, dict) else {"_schema": error.messages}
        raise Invalid({name: faults(each) for name, each in messages.items()}) from error
    return loaded


def private_fields(schema: type[Schema]) -> frozenset[str]:
    """The fields of a schema in which people write freely."""
    return frozenset(name for name, each in schema().fields.items() if each.metadata.get("private"))
