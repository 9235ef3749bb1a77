"""The tree that lshw prints, walked without recursion and without trusting its types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_MAX_NODES = 10_000
_MAX_DEPTH = 60


@dataclass(frozen=True, slots=True)
class Node:
    """One node with the nodes above it, the root first."""

    raw: dict[str, Any]
    above: tuple["Node", ...] = ()

    def get(self, name: str) -> Any:
        return self.raw.get(name)

    @property
    def id(self) -> str:
        return text_of(self.raw.get("id"))

    @property
    def kind(self) -> str:
        return text_of(self.raw.get("class"))

    @property
    def description(self) -> str:
        return text_of(self.raw.get("description")).strip()

    @property
    def businfo(self) -> str:
        return text_of(self.raw.get("businfo"))

    @property
    def configuration(self) -> dict[str, Any]:
        found = self.raw.get("configuration")
        return found if isinstance(found, dict) else {}

    @property
    def capabilities(self) -> set[str]:
        """The names of the capabilities; their texts are translated and say nothing more."""
        found = self.raw.get("capabilities")
        names = found if isinstance(found, (dict, list)) else ()
        return {name.casefold() for name in names if isinstance(name, str)}

    @property
    def names(self) -> list[str]:
        """Logical names: lshw prints one as text, several as a list."""
        found = self.raw.get("logicalname")
        return [name for name in (found if isinstance(found, list) else [found]) if isinstance(name, str)]

    @property
    def is_on_usb(self) -> bool:
        """Whether the node hangs on a USB port: the technician's key, a dock, a card reader."""
        return any(node.businfo.startswith("usb@") for node in (self, *self.above))

    def children(self) -> Iterator["Node"]:
        found = self.raw.get("children")
        for child in found if isinstance(found, list) else []:
            if isinstance(child, dict):
                yield Node(child, (*self.above, self))


def nodes(documents: Iterable[Any]) -> Iterator[Node]:
    """Every node, parents first; stops after 10,000, fifty times the largest real machine."""
    waiting = [Node(each) for each in reversed(list(_roots(documents)))]
    count = 0
    while waiting and count < _MAX_NODES:
        node = waiting.pop()
        count += 1
        yield node
        if len(node.above) < _MAX_DEPTH:
            waiting.extend(reversed(list(node.children())))


def _roots(documents: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for document in documents:
        for each in document if isinstance(document, list) else [document]:
            if isinstance(each, dict):
                yield each


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""
