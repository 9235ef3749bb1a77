"""YAML as eReuse Workbench kept its older snapshots: plain data only, no aliases, dates left as they are written."""

from typing import Any

import yaml

from refurb.inventory.readers.errors import Unreadable

_MAX_CHARACTERS = 2**20
_MAX_DEPTH = 50
_MAX_NODES = 60_000


class _Plain(yaml.CSafeLoader):
    """Safe types less the dates, which would lose how their zone was written."""


_Plain.yaml_implicit_resolvers = {
    sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for sign, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def document(text: str) -> Any:
    """The one document of the text; raises Unreadable (`report.damaged`) when it is none, too large, or uses aliases."""
    if len(text) > _MAX_CHARACTERS:
        raise Unreadable("report.damaged")
    try:
        _refuse_tricks(text)
        return yaml.load(text, Loader=_Plain)  # noqa: S506 - it is a safe loader with one type less
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        raise Unreadable("report.damaged") from None


def _refuse_tricks(text: str) -> None:
    """Aliases make small files large; depth and number cost memory before anything is known of them."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Plain)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or depth > _MAX_DEPTH or count > _MAX_NODES:
            raise Unreadable("report.damaged")
