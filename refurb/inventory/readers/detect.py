"""Which tool wrote a file, from its content alone, and the one reader that fits."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from refurb.inventory.readers import json_text, lshw, nwipe, smartctl
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import HardwareFacts
from refurb.inventory.readers.text import decode

_Facts = TypeVar("_Facts")

_HEAD = 20_000

_TEXTS: tuple[tuple[str, str], ...] = (
    (r"^# dmidecode |^Handle 0x[0-9A-Fa-f]{4}, DMI type", "dmidecode"),
    (r"^smartctl \d+\.\d|^=== START OF (INFORMATION|READ SMART)", "smartctl"),
    (r"^\d\d: .*\n  \[Created at ", "hwinfo"),
    (r"^\S{0,20}System:[ \n]+.*(Kernel|Host):|^\S{0,20}Machine:\s+Type:", "inxi"),
    (r"^\s*Model Number: .*\n\s*Serial Number:|^security_password: |Issuing SECURITY_ERASE", "hdparm"),
    (r"^Windows(BuildLabEx|CurrentVersion|ProductName)\s*:|^Host Name: .*\n(.*\n)?OS Name:|^BiosSer", "Windows"),
    (r"^'?\"?type'?\"?: '?\"?Snapshot\b", "eReuse Workbench"),
    (r"^Sanitize (Progress|Status)\s+\((SPROG|SSTAT)\)", "nvme-cli"),
    (r"^\s*(native-path: |POWER_SUPPLY_NAME=)", "upower"),
    (r"^[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f] [A-Z]", "lspci"),
)
_TEXTS_COMPILED = tuple((re.compile(pattern, re.MULTILINE), tool) for pattern, tool in _TEXTS)

_XMLS: tuple[tuple[str, str], ...] = (
    (r"<list>\s*(<!--.*?-->\s*)*<node |<node [^>]*class=", "lshw -xml"),
    (r"<REQUEST>", "GLPI Agent"),
    (r"blancco", "Blancco"),
    (r"<MsInfo>", "msinfo32"),
)
_NOT_A_COMPUTER = re.compile(r"<QUERY>\s*(NETDISCOVERY|SNMPQUERY|SNMP|NETINVENTORY)\s*</QUERY>", re.IGNORECASE)
_OTHER_ITEMS = frozenset({"phone", "printer", "networkequipment", "unmanaged"})
_OTHER_ACTIONS = frozenset({"netdiscovery", "netinventory", "snmpquery", "snmp"})


def read_hardware(data: bytes, filename: str | None = None) -> HardwareFacts:
    """The facts in an inventory file (`lshw -json`, `smartctl --json`).

    `filename` is what the upload was called; the content decides. Raises Unreadable and nothing else.
    """
    del filename
    return guarded(_hardware, decode(data))


def guarded(reader: Callable[[str], _Facts], text: str) -> _Facts:
    """What the reader finds; a text nested too deep for it is refused."""
    try:
        return reader(text)
    except RecursionError:
        raise Unreadable("report.damaged") from None


def _hardware(text: str) -> HardwareFacts:
    if not is_json(text):
        raise other_text(text)
    documents = json_text.documents(text)
    if documents and all(map(lshw.is_lshw, documents)):
        return lshw.read(documents)
    if documents and all(map(smartctl.is_smartctl, documents)):
        return smartctl.read(documents)
    raise other_json(documents)


def is_json(text: str) -> bool:
    """Whether the text is meant as JSON: a log of nwipe opens with a bracket too, but a date follows it."""
    return re.match(r"\s*(\{|\[(?!\d{4}/))", text) is not None


def other_text(text: str) -> Unreadable:
    """The refusal of a text that is not JSON, naming the tool that wrote it where it is known."""
    head = text[:_HEAD]
    if head.lstrip().startswith("<"):
        return _other_xml(text, head)
    if nwipe.is_nwipe(head):
        return Unreadable("report.other_tool", tool="nwipe")
    for pattern, tool in _TEXTS_COMPILED:
        if pattern.search(head):
            return Unreadable("report.other_tool", tool=tool)
    return Unreadable("report.not_this_tool")


def _other_xml(text: str, head: str) -> Unreadable:
    if _NOT_A_COMPUTER.search(text):
        return Unreadable("report.not_a_computer", tool="GLPI Agent")
    for pattern, tool in _XMLS:
        if re.search(pattern, head, re.IGNORECASE):
            return Unreadable("report.other_tool", tool=tool)
    return Unreadable("report.not_this_tool")


def other_json(documents: list[Any]) -> Unreadable:
    """The refusal of parsed JSON, naming the tool that wrote it where it is known."""
    first = documents[0] if documents else None
    if isinstance(first, list):
        first = next((each for each in first if isinstance(each, dict)), None)
        if first and any(isinstance(key, str) and re.match(r"\d{3}#\d+#", key) for key in list(first)[:5]):
            return Unreadable("report.other_tool", tool="inxi")
    if not isinstance(first, dict):
        return Unreadable("report.not_this_tool")
    if _is_glpi(first) and _is_no_computer(first):
        return Unreadable("report.not_a_computer", tool="GLPI Agent")
    for tool, fits in _JSONS:
        if fits(first):
            return Unreadable("report.other_tool", tool=tool)
    return Unreadable("report.not_this_tool")


def _is_glpi(document: dict[str, Any]) -> bool:
    return {"deviceid", "content"} <= document.keys() or {"action", "content"} <= document.keys()


def _is_no_computer(document: dict[str, Any]) -> bool:
    return (
        str(document.get("itemtype", "")).casefold()[:40] in _OTHER_ITEMS
        or str(document.get("action", "")).casefold()[:40] in _OTHER_ACTIONS
    )


def _is_ereuse(document: dict[str, Any]) -> bool:
    return document.get("type") == "Snapshot" or ("data" in document and "uuid" in document) or "components" in document


def _is_nvme(document: dict[str, Any]) -> bool:
    return any(isinstance(value, dict) and "sstat" in value for value in list(document.values())[:8])


_JSONS: tuple[tuple[str, Callable[[dict[str, Any]], bool]], ...] = (
    ("GLPI Agent", _is_glpi),
    ("usody-sanitize", lambda document: {"steps", "device_info"} <= document.keys()),
    ("eReuse Workbench", _is_ereuse),
    ("nwipe --json", lambda document: {"report_metadata", "wipe_result"} <= document.keys()),
    ("nvme-cli", _is_nvme),
    ("systeminfo", lambda document: {"host_name", "os_name"} <= document.keys()),
)
