"""Reads `dmidecode`: who made the machine, its shape, processor and memory modules; it knows no drives."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from refurb.inventory.readers import identity, memory, numbers
from refurb.inventory.readers.battery import is_virtual, together
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import BatteryFacts, HardwareFacts, RamModule, ReportWarning, warning

_HANDLE = re.compile(r"Handle (0x[0-9A-Fa-f]{1,8}),? DMI type")
_VERSION = re.compile(r"^# dmidecode ([\d.]{1,10})", re.MULTILINE)
_TITLES = frozenset(
    {
        "system information",
        "base board information",
        "chassis information",
        "processor information",
        "memory device",
        "memory module information",
        "physical memory array",
        "portable battery",
    }
)
_MAX_BLOCKS = 5_000
_RECOGNISED = re.compile(
    r"^# dmidecode |^[ \t]*Handle 0x[0-9A-Fa-f]{1,8},? DMI type|^SMBIOS \d{1,2}\.\d{1,2} present"
    r"|^(System|Base Board|Chassis) Information[ \t]*\n\s+\w",
    re.MULTILINE,
)


@dataclass(slots=True)
class _Block:
    """One structure of the table; of a key that comes twice, the first value is the structure's own."""

    title: str
    handle: str
    values: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        return self.values.get(name)


def is_dmidecode(head: str) -> bool:
    """Whether the beginning of a text is dmidecode's."""
    return _RECOGNISED.search(head) is not None


def read(text: str) -> HardwareFacts:
    """The facts of one report, with or without handles (`-q`), of all types or of some.

    Raises Unreadable (`report.no_machine`) where dmidecode found no table: a virtual machine, or no right to read it.
    """
    blocks = _blocks(text)
    system = next((block for block in blocks if block.title == "system information"), None)
    modules = tuple(_modules(blocks))
    shape = chassis(*(block.get("type") for block in blocks if block.title == "chassis information"))
    battery = together(_batteries(blocks))
    if system is None and not modules and shape is None and battery is None:
        raise Unreadable("report.no_machine")
    serial = identity.real(system.get("serial number")) if system else None
    version = _VERSION.search(text)
    return HardwareFacts(
        tool="dmidecode",
        tool_version=version.group(1) if version else None,
        manufacturer=identity.real_maker(system.get("manufacturer")) if system else None,
        model=_model(system) if system else None,
        serial=serial,
        uuid=identity.real_uuid(system.get("uuid")) if system else None,
        chassis=shape,
        cpu=next(_processors(blocks), None),
        ram_mb=sum(module.size_mb for module in modules) or None,
        ram_modules=modules,
        battery=battery,
        warnings=tuple(_reserves(system, serial)),
    )


def _reserves(system: _Block | None, serial: str | None) -> Iterator[ReportWarning]:
    if system is None:
        yield warning("hardware.partial")
    elif not serial:
        yield warning("hardware.no_identity")


def _blocks(text: str) -> list[_Block]:
    """The structures that we know by their title; the indents differ between versions, and get lost in copies."""
    found: list[_Block] = []
    handle, within = "", False
    for raw in text.split("\n"):
        line = raw.strip()
        numbered = _HANDLE.match(line)
        if numbered:
            handle, within = numbered.group(1).casefold(), False
        elif line.casefold() in _TITLES:
            found.append(_Block(line.casefold(), handle))
            within = True
        elif within and ":" in line:
            name, _, value = line.partition(":")
            found[-1].values.setdefault(name.strip().casefold(), value.strip())
        else:
            # The title of a structure that we do not read, in a report without handles.
            within = within and (not line or raw[0].isspace())
    return found[:_MAX_BLOCKS]


def _model(system: _Block) -> str | None:
    """The commercial name: Lenovo keeps it in the version."""
    return identity.commercial_name(system.get("manufacturer"), system.get("product name"), system.get("version"))


def _processors(blocks: Iterable[_Block]) -> Iterator[str]:
    for block in blocks:
        if block.title != "processor information" or "unpopulated" in (block.get("status") or "").casefold():
            continue
        if (block.get("type") or "central processor").casefold() != "central processor":
            continue
        family = identity.real(block.get("family"))
        name = identity.real(block.get("version")) or (family if family not in {"Other", "Unknown"} else None)
        if name and not name.casefold().startswith("not supported"):
            yield name


def _modules(blocks: Sequence[_Block]) -> Iterator[RamModule]:
    flash = {block.handle for block in blocks if block.title == "physical memory array" and "flash" in (block.get("use") or "").casefold()}
    found = [
        memory.module(
            memory.size_mb(block.get("size")),
            form=block.get("form factor"),
            kind=block.get("type"),
            speed=block.get("speed"),
            maker=block.get("manufacturer"),
            part=block.get("part number"),
            serial=block.get("serial number"),
            slot=block.get("locator"),
        )
        for block in blocks
        if block.title == "memory device"
        and (block.get("array handle") or "").casefold() not in flash
        and (block.get("type") or "").casefold() != "flash"
    ]
    yield from (each for each in found if each)
    if not found:
        yield from _old_modules(blocks)


def _old_modules(blocks: Iterable[_Block]) -> Iterator[RamModule]:
    """The modules of tables before SMBIOS 2.1, which know sizes and little else."""
    for block in blocks:
        if block.title == "memory module information":
            found = memory.module(
                memory.size_mb(block.get("enabled size") or block.get("installed size")),
                form=block.get("type"),
                kind=block.get("type"),
                slot=block.get("socket designation"),
            )
            if found:
                yield found


def _batteries(blocks: Iterable[_Block]) -> Iterator[BatteryFacts]:
    for block in blocks:
        if block.title != "portable battery":
            continue
        design = re.match(r"(\d{1,7}) mWh", block.get("design capacity") or "")
        maker, model = identity.real(block.get("manufacturer")), identity.real(block.get("name"))
        if is_virtual(maker, model, block.get("location")):
            continue
        capacity = numbers.whole(design.group(1)) if design else None
        if model or capacity:
            yield BatteryFacts(maker, model, capacity or None)
