"""Reads PowerShell's `Get-ComputerInfo`, as text of any width or as JSON: the machine without drives, which it does not know."""

import re
from collections.abc import Mapping
from typing import Any

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import Chassis, HardwareFacts, warning

TOOL = "Get-ComputerInfo"
_LINE = re.compile(r"([A-Z][A-Za-z0-9]{2,60})[ \t]*: ?(.*)")
_RECOGNISED = re.compile(
    r"^(Windows(BuildLabEx|CurrentVersion|ProductName|EditionId)|Bios(Ser|Manufacturer|Version)\w*|Cs(Manufacturer|Model|Caption))\s*:",
    re.MULTILINE,
)
# The classes of Win32_ComputerSystem.PCSystemType, by name in text and by number in JSON.
_KINDS: Mapping[str, Chassis] = {
    **dict.fromkeys(("mobile", "2", "slate", "8"), "laptop"),
    **dict.fromkeys(("desktop", "1", "workstation", "3"), "desktop"),
    **dict.fromkeys(("enterpriseserver", "4", "sohoserver", "5", "performanceserver", "7"), "server"),
}


def is_windows(head: str) -> bool:
    """Whether the beginning of a text is that of Get-ComputerInfo."""
    return _RECOGNISED.search(head) is not None


def is_windows_json(document: Any) -> bool:
    """Whether a parsed document is that of `Get-ComputerInfo | ConvertTo-Json`."""
    return isinstance(document, dict) and "CsManufacturer" in document and "CsModel" in document


def read_text(text: str) -> HardwareFacts:
    """The facts of the text; raises Unreadable (`report.no_machine`) where it was run without the right to know them."""
    said: dict[str, str] = {}
    name = ""
    for line in text.split("\n"):
        found = _LINE.match(line)
        if found:
            name = found.group(1)
            said.setdefault(name, found.group(2).strip())
        elif name and line[:1].isspace() and line.strip() and len(said[name]) < 2_000:
            said[name] = f"{said[name]} {line.strip()}".strip()
    return _facts(said)


def read_json(document: Mapping[str, Any]) -> HardwareFacts:
    """The facts of the JSON; raises Unreadable (`report.no_machine`) where it was run without the right to know them."""
    return _facts({name: _spelt(value) for name, value in list(document.items())[:1000]})


def _spelt(value: Any) -> str:
    if isinstance(value, list):
        return "{" + ", ".join(_spelt(each) for each in value[:4] if not isinstance(each, list)) + "}"
    if isinstance(value, dict):
        return _spelt(value.get("Name")) if not isinstance(value.get("Name"), dict) else ""
    return "" if value is None else str(value)


def _facts(said: Mapping[str, str]) -> HardwareFacts:
    maker = identity.real(said.get("CsManufacturer"))
    # PowerShell 5.1 misspells two of the names.
    serial = identity.real(said.get("BiosSerialNumber") or said.get("BiosSeralNumber"))
    installed = numbers.whole(said.get("CsPhysicallyInstalledMemory") or said.get("CsPhyicallyInstalledMemory"))
    seen = numbers.mebibytes(said.get("CsTotalPhysicalMemory"))
    model = identity.commercial_name(maker, said.get("CsModel"), said.get("CsSystemFamily"))
    if not (maker or model or serial or installed):
        raise Unreadable("report.no_machine")
    reserves = [] if serial else [warning("hardware.no_identity")]
    if not installed and seen:
        reserves.append(warning("hardware.ram_as_seen", ram_mb=seen))
    return HardwareFacts(
        tool=TOOL,
        manufacturer=maker,
        model=model,
        serial=serial,
        chassis=_shape(said),
        cpu=_processor(said.get("CsProcessors", "")),
        ram_mb=installed // 1024 if installed else seen,  # KiB
        warnings=tuple(reserves),
    )


def _shape(said: Mapping[str, str]) -> Chassis | None:
    named = chassis(said.get("CsChassisSKUNumber"))
    return named or _KINDS.get((said.get("CsPCSystemTypeEx") or said.get("CsPCSystemType") or "").casefold())


def _processor(listed: str) -> str | None:
    """The first of "{Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz, …}"."""
    return identity.real(listed.strip("{} ").split(", ")[0].removesuffix("..."))
