"""Which tool wrote a file, from its content alone, and the one reader that fits."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from refurb.inventory.readers import (
    battery,
    dmidecode,
    ereuse_raw,
    glpi,
    hwinfo,
    inxi,
    inxi_text,
    json_text,
    lsblk,
    lshw,
    lshw_text,
    lshw_xml,
    msinfo,
    nwipe,
    physical_disk,
    smartctl,
    smartctl_text,
    system_profiler,
    system_profiler_text,
    windows,
    wmi,
    yaml_text,
)
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import HardwareFacts
from refurb.inventory.readers.merge import merge
from refurb.inventory.readers.merge_drives import lists_drives
from refurb.inventory.readers.soldered import with_doubt
from refurb.inventory.readers.text import decode

_Facts = TypeVar("_Facts")

_HEAD = 20_000
_JSON_BEGINS = re.compile(r"\s*(?:\{|\[\s*(?:[\[{\"\]]|-?\d{1,20}\s*[,\]]|\Z))")
_XML_BEGINS = re.compile(r"^<(\?xml|list|node|REQUEST|MsInfo|plist)\b", re.MULTILINE)
_YAML_SNAPSHOT = re.compile(r"^(?:components|device) {0,3}:|^ {0,9}-? {0,3}type {0,3}: {0,9}'?\"?Snapshot\b", re.MULTILINE)
# Characters of a text tool's output that are looked at for its tool, and that are read: real ones stay under 200,000.
_LOOKED_AT = 2**18
_READ = 2**20
_BLANK_LINES = re.compile(r"\n{3,}")

_TEXTS: tuple[tuple[str, str], ...] = (
    (r"^# dmidecode |^Handle 0x[0-9A-Fa-f]{4}, DMI type", "dmidecode"),
    (r"^smartctl \d+\.\d|^=== START OF (INFORMATION|READ SMART)", "smartctl"),
    (r"^\d\d: .*\n  \[Created at ", "hwinfo"),
    (r"^\S{0,20}System:[ \n]+.*(Kernel|Host):|^\S{0,20}Machine:\s+Type:", "inxi"),
    (r"^[ \t]{0,9}Model Number: .*\n\s{0,9}Serial Number:|^security_password: |Issuing SECURITY_ERASE", "hdparm"),
    (r"^Windows(BuildLabEx|CurrentVersion|ProductName)\s*:|^Host Name: .*\n(.*\n)?OS Name:|^BiosSer", "Windows"),
    (r"^'?\"?type'?\"?: '?\"?Snapshot\b", "eReuse Workbench"),
    (r"^Sanitize (Progress|Status)\s+\((SPROG|SSTAT)\)", "nvme-cli"),
    (r"^[ \t]{0,9}(native-path: |POWER_SUPPLY_NAME=)", "upower"),
    (r"^[0-9a-f]{2}:[0-9a-f]{2}\.[0-9a-f] [A-Z]", "lspci"),
    (r"^ {2,8}\*-core\b", "lshw"),
    (r"^ {2,6}Hardware Overview:", "system_profiler"),
)
_TEXTS_COMPILED = tuple((re.compile(pattern, re.MULTILINE), tool) for pattern, tool in _TEXTS)

_XMLS: tuple[tuple[str, str], ...] = (
    (r"blancco", "Blancco"),
    (r"<REQUEST>", "GLPI Agent"),
    (r"<node [^>]{0,300}class=", "lshw -xml"),
    (r"<MsInfo>", "msinfo32"),
)
_NOT_A_COMPUTER = re.compile(r"<QUERY>\s*(NETDISCOVERY|SNMPQUERY|SNMP|NETINVENTORY)\s*</QUERY>", re.IGNORECASE)
_OTHER_ITEMS = frozenset({"phone", "printer", "networkequipment", "unmanaged"})
_OTHER_ACTIONS = frozenset({"netdiscovery", "netinventory", "snmpquery", "snmp"})


def read_hardware(data: bytes, filename: str | None = None) -> HardwareFacts:
    """The facts in one file of an inventory tool; several outputs in one file are read together.

    `filename` is what the upload was called; the content decides. Raises Unreadable and nothing else.
    """
    del filename
    facts = guarded(_hardware, decode(data))
    return with_doubt(facts) if lists_drives(facts.tool) else facts


def guarded(reader: Callable[[str], _Facts], text: str) -> _Facts:
    """What the reader finds; a text nested too deep for it is refused."""
    try:
        return reader(text)
    except RecursionError:
        raise Unreadable("report.damaged") from None


def _hardware(text: str) -> HardwareFacts:
    if is_json(text):
        return _from_documents(json_text.documents(text))
    if text.lstrip().startswith("<"):
        return _from_xml(text)
    plain = _BLANK_LINES.sub("\n\n", text)[:_READ]
    head = plain[:_LOOKED_AT]
    recognised = [read for fits, read in _READERS if fits(head)]
    if recognised:
        return _first_or_all([partial(read, plain) for read in recognised])
    # A prompt, a warning or the command itself may stand before what was printed.
    begins = json_text.beginning(text[:_HEAD])
    if begins is not None and not nwipe.is_nwipe(text[:_HEAD]):
        return _from_documents(json_text.documents(text[begins:]))
    if _XML_BEGINS.search(text[:_HEAD]):
        return _from_xml(text)
    raise other_text(text)


def is_yaml_snapshot(text: str) -> bool:
    """Whether a text may be a snapshot of eReuse Workbench kept as YAML."""
    return len(_YAML_SNAPSHOT.findall(text)) >= 2


def _part(value: Any) -> HardwareFacts:
    """What another tool printed inside a snapshot: its text, or its document parsed already."""
    return _hardware(value) if isinstance(value, str) else _from_documents([value])


def _first_or_all(recognised: list[Callable[[], HardwareFacts]]) -> HardwareFacts:
    """What the one reader finds, or what several find in outputs written one after the other."""
    found: list[HardwareFacts] = []
    refused: Unreadable | None = None
    for read in recognised:
        try:
            found.append(read())
        except Unreadable as unreadable:
            refused = refused or unreadable
    if not found:
        raise refused or Unreadable("report.not_this_tool")
    return merge(found)


def _from_documents(documents: list[Any]) -> HardwareFacts:
    groups: dict[int, list[Any]] = {}
    for document in documents:
        number = next((number for number, (fits, _) in enumerate(_DOCUMENTS) if fits(document)), None)
        if number is not None:
            groups.setdefault(number, []).append(document)
    if not groups:
        raise other_json(documents)
    return _first_or_all([partial(_DOCUMENTS[number][1], group) for number, group in groups.items()])


def _from_xml(text: str) -> HardwareFacts:
    head = text[:_HEAD]
    if system_profiler.is_plist(head):
        return system_profiler.read_plist(text)
    if lshw_xml.is_lshw_xml(head):
        return lshw_xml.read(text)
    if glpi.is_glpi_xml(head) and "blancco" not in head.casefold():
        return glpi.read_xml(text)
    if msinfo.is_nfo(head):
        return msinfo.read_nfo(text)
    raise other_text(text)


def _yaml(text: str) -> HardwareFacts:
    document = yaml_text.document(text)
    if not ereuse_raw.is_snapshot(document):
        raise Unreadable("report.not_this_tool")
    return ereuse_raw.read(document, _part)


_DOCUMENTS: tuple[tuple[Callable[[Any], bool], Callable[[list[Any]], HardwareFacts]], ...] = (
    (lshw.is_lshw, lshw.read),
    (smartctl.is_smartctl, smartctl.read),
    (inxi.is_inxi, lambda documents: inxi.read_json(documents[0])),
    (glpi.is_glpi, lambda documents: glpi.read_json(documents[0])),
    (windows.is_windows_json, lambda documents: windows.read_json(documents[0])),
    (lsblk.is_lsblk, lsblk.read),
    (physical_disk.is_physical_disk_json, physical_disk.read_json),
    (system_profiler.is_system_profiler, lambda documents: system_profiler.read_json(documents[0])),
    (ereuse_raw.is_snapshot, lambda documents: ereuse_raw.read(documents[0], _part)),
)
"""The readers of parsed documents, each with what it recognises; the first that fits takes a document."""

_READERS: tuple[tuple[Callable[[str], bool], Callable[[str], HardwareFacts]], ...] = (
    (dmidecode.is_dmidecode, dmidecode.read),
    (smartctl_text.is_smartctl_text, lambda text: smartctl.read(smartctl_text.documents(text))),
    (hwinfo.is_hwinfo, hwinfo.read),
    (inxi_text.is_inxi, inxi.read_text),
    (windows.is_windows, windows.read_text),
    (msinfo.is_msinfo, msinfo.read_msinfo),
    (msinfo.is_systeminfo, msinfo.read_systeminfo),
    (wmi.is_wmi, wmi.read),
    (physical_disk.is_physical_disk, physical_disk.read_text),
    (lshw_text.is_lshw_text, lshw_text.read),
    (system_profiler_text.is_system_profiler_text, system_profiler.read_text),
    (battery.is_battery, battery.read),
    (is_yaml_snapshot, _yaml),
)
"""The readers of texts, each with what it recognises."""


def is_json(text: str) -> bool:
    """Whether the text is meant as JSON: a log's date, a prompt and the heading of a section open with a bracket too."""
    return _JSON_BEGINS.match(text) is not None


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
