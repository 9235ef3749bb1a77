"""Reads `lshw -xml`: the same tree as the JSON, so that one reader understands both."""

import re
from typing import Any

from refurb.inventory.readers import lshw, xml_tree
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import HardwareFacts
from refurb.inventory.readers.xml_tree import Element

_RECOGNISED = re.compile(r"<node [^>]{0,300}\bclass=|<list>\s*<node ")
_PLAIN = ("description", "product", "vendor", "businfo", "version", "serial", "slot", "dev", "physid")
_NUMBERS = ("size", "capacity", "clock", "width")


def is_lshw_xml(head: str) -> bool:
    """Whether the beginning of a text is lshw's XML."""
    return _RECOGNISED.search(head) is not None


def read(text: str) -> HardwareFacts:
    """The facts of one report; raises Unreadable when it is cut, no XML, or holds nothing of a computer."""
    found = [node for root in xml_tree.roots(text) for node in _top(root)]
    if not found:
        raise Unreadable("report.not_this_tool")
    return lshw.read([_node(each) for each in found])


def _top(root: Element) -> list[Element]:
    return list(root.all("node")) if root.name == "list" else [root] if root.name == "node" else []


def _node(element: Element) -> dict[str, Any]:
    """One node as lshw's JSON has it; the depth is bounded by the tree's."""
    node: dict[str, Any] = {"id": element.attributes.get("id", ""), "class": element.attributes.get("class", "")}
    node.update({child.name: child.text.strip() for child in element.children if child.name in _PLAIN})
    for child in element.children:
        if child.name in _NUMBERS:
            node[child.name] = child.text.strip()
            node["units"] = child.attributes.get("units") if child.name == "size" else node.get("units")
    node["logicalname"] = [child.text.strip() for child in element.all("logicalname")]
    node["configuration"] = {
        each.attributes.get("id", ""): each.attributes.get("value", "") for part in element.all("configuration") for each in part.children
    }
    node["capabilities"] = [each.attributes.get("id", "") for part in element.all("capabilities") for each in part.children]
    node["children"] = [_node(child) for child in element.all("node")]
    return node
