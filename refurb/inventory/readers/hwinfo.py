"""Reads hwinfo's long text: its blocks of hardware, and the SMBIOS table inside the block of the BIOS."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from refurb.inventory.readers import identity, memory, numbers
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.devices import is_virtual_device
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import DriveFacts, HardwareFacts, Medium, RamModule, ReportWarning, warning
from refurb.inventory.readers.lshw_drives import is_external_model
from refurb.inventory.readers.panels import Panel, largest, named, own_panel

_BLOCK = re.compile(r"^\d{2,4}: \S.{0,200}", re.MULTILINE)
_RECOGNISED = re.compile(r"^\d{2,4}: .{1,200}\n +\[Created at ", re.MULTILINE)
_LINE = re.compile(r"( {2,8})([A-Za-z][^:\n]{0,60}):(?: (.*))?")
_QUOTED = re.compile(r'"([^"\n]{0,200})"')
_BYTES = re.compile(r"\((\d{1,19}) bytes\)")
_SECTORS = re.compile(r"(\d{1,19}) sectors a (\d{1,5}) bytes")
_PANEL_SIZE = re.compile(r"(\d{2,4})x(\d{2,4}) mm")
_IN_BRACKETS = re.compile(r"\(([^()]{1,60})\)")
_MAX_BLOCKS = 3_000


@dataclass(slots=True)
class _Block:
    """One piece of hardware; `tables` are the structures of SMBIOS that stand inside the BIOS's block."""

    head: str
    values: dict[str, str] = field(default_factory=dict)
    resolutions: list[str] = field(default_factory=list)
    tables: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def get(self, name: str) -> str:
        return self.values.get(name, "")

    def is_a(self, kind: str) -> bool:
        return self.get("Hardware Class") == kind

    @property
    def is_on_usb(self) -> bool:
        return "/usb" in self.get("SysFS Device Link") or "usb-storage" in self.get("Driver") or "uas" in _words(self.get("Driver"))


def is_hwinfo(head: str) -> bool:
    """Whether the beginning of a text is hwinfo's."""
    return _RECOGNISED.search(head) is not None


def read(text: str) -> HardwareFacts:
    """The facts of one report; raises Unreadable (`report.no_machine`) when it holds nothing of a computer."""
    blocks = list(_blocks(text))
    tables = [table for block in blocks for table in block.tables]
    system = _table(tables, "System Info")
    inside, reserves = _drives(blocks)
    modules = tuple(_modules(tables))
    cpu = next((name for block in blocks if block.is_a("cpu") for name in [identity.real(_quoted(block.get("Model")))] if name), None)
    if not (system or inside or modules or cpu):
        raise Unreadable("report.no_machine")
    serial = identity.real(_quoted(system.get("Serial", "")))
    if not serial:
        reserves.append(warning("hardware.no_identity"))
    maker = identity.real_maker(_quoted(system.get("Manufacturer", "")))
    shape = chassis(_bracketed(_table(tables, "Chassis Info").get("Type", "")), *(_quoted(block.get("Formfactor")) for block in blocks))
    return HardwareFacts(
        tool="hwinfo",
        manufacturer=maker,
        model=identity.commercial_name(maker, _quoted(system.get("Product", "")), _quoted(system.get("Version", ""))),
        serial=serial,
        uuid=identity.real_uuid(system.get("UUID")),
        chassis=shape,
        cpu=cpu,
        ram_mb=sum(module.size_mb for module in modules) or _seen_ram(blocks, reserves),
        ram_modules=modules,
        drives=tuple(inside),
        gpu=" + ".join(dict.fromkeys(_graphics(blocks))) or None,
        display=own_panel(_displays(blocks), shape),
        macs=tuple(dict.fromkeys(_macs(blocks))),
        warnings=tuple(reserves),
    )


def _blocks(text: str) -> Iterator[_Block]:
    starts = [found.start() for found in _BLOCK.finditer(text)][:_MAX_BLOCKS]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        lines = text[start:end].split("\n")
        block = _Block(lines[0])
        for line in lines[1:]:
            found = _LINE.match(line)
            if found:
                _place(block, len(found.group(1)), found.group(2), (found.group(3) or "").strip())
        yield block


def _place(block: _Block, indent: int, name: str, value: str) -> None:
    if indent <= 2:
        if name == "Resolution":
            block.resolutions.append(value)
        block.values.setdefault(name, value)
        if re.match(r"#\d", value):  # "System Info: #1": its own lines stand deeper
            block.tables.append((name, {}))
    elif block.tables:
        block.tables[-1][1].setdefault(name, value)


def _table(tables: Iterable[tuple[str, dict[str, str]]], name: str) -> dict[str, str]:
    return next((values for title, values in tables if title == name), {})


def _quoted(value: str) -> str | None:
    found = _QUOTED.search(value)
    return found.group(1) if found else None


def _bracketed(value: str) -> str | None:
    found = _IN_BRACKETS.search(value)
    return found.group(1) if found else None


def _words(value: str) -> list[str]:
    return _QUOTED.findall(value)


def _modules(tables: Iterable[tuple[str, dict[str, str]]]) -> Iterator[RamModule]:
    for title, values in tables:
        if title != "Memory Device":
            continue
        found = memory.module(
            memory.size_mb(values.get("Size")),
            form=_bracketed(values.get("Form Factor", "")),
            kind=_bracketed(values.get("Type", "")),
            speed=values.get("Speed"),
            maker=_quoted(values.get("Manufacturer", "")),
            part=_quoted(values.get("Part Number", "")),
            serial=_quoted(values.get("Serial", "")),
            slot=_quoted(values.get("Location", "")),
        )
        if found:
            yield found


def _seen_ram(blocks: Iterable[_Block], reserves: list[ReportWarning]) -> int | None:
    """What the kernel sees: "3 GB + 256 MB"."""
    said = next((block.get("Memory Size") for block in blocks if block.is_a("memory") and block.get("Memory Size")), "")
    size = sum(memory.size_mb(part) or 0 for part in said.split("+")[:4]) or None
    if size:
        reserves.append(warning("hardware.ram_as_seen", ram_mb=size))
    return size


def _drives(blocks: Iterable[_Block]) -> tuple[list[DriveFacts], list[ReportWarning]]:
    found: list[DriveFacts] = []
    reserves: list[ReportWarning] = []
    for block in blocks:
        if not block.is_a("disk") or is_virtual_device(block.get("Device File")):
            continue
        drive = _drive(block)
        if block.is_on_usb or is_external_model(drive.model):
            if drive.size_bytes:
                reserves.append(warning("drive.external_left_out", model=drive.model))
        elif drive.serial or (drive.size_bytes or 0) > numbers.DISKETTE:
            found.append(drive)
            if not drive.serial:
                reserves.append(warning("drive.no_serial", model=drive.model))
    return found, reserves


def _drive(block: _Block) -> DriveFacts:
    device = block.get("Device File")
    serial = None if device.startswith("/dev/vd") else identity.real_drive_serial(_quoted(block.get("Serial ID")))
    model = _full_model(block, serial) or identity.real(_quoted(block.get("Model")))
    vendor = identity.real(_quoted(block.get("Vendor")))
    return DriveFacts(
        manufacturer=identity.drive_maker(vendor, model) or vendor,
        model=model,
        serial=serial,
        size_bytes=_size(block),
        medium=_medium(device, model or ""),
        interface=_interface(block, device),
    )


def _full_model(block: _Block, serial: str | None) -> str | None:
    """The whole name, from the link that udev makes of it and of the serial; hwinfo itself cuts it to sixteen characters."""
    found = re.search(r"/dev/disk/by-id/(?:ata|nvme)-([^,\s]{1,120})", block.get("Device Files"))
    if not found or not serial or not found.group(1).endswith(f"_{serial}"):
        return None
    return identity.real(found.group(1).removesuffix(f"_{serial}").replace("_", " "))


def _size(block: _Block) -> int | None:
    exact = _BYTES.search(block.get("Capacity"))
    if exact:
        return numbers.drive_bytes(exact.group(1))
    sectors = _SECTORS.match(block.get("Size"))
    return numbers.drive_bytes(int(sectors.group(1)) * int(sectors.group(2))) if sectors else None


def _medium(device: str, model: str) -> Medium:
    if device.startswith("/dev/nvme"):
        return "nvme"
    if device.startswith("/dev/mmcblk"):
        return "emmc"
    return "ssd" if identity.is_solid_state(model) else "unknown"


def _interface(block: _Block, device: str) -> str | None:
    if device.startswith("/dev/nvme"):
        return "nvme"
    if device.startswith("/dev/mmcblk"):
        return "mmc"
    if "ahci" in _words(block.get("Driver")):
        return "sata"
    return "ata" if "/ata" in block.get("SysFS Device Link") else None


def _graphics(blocks: Iterable[_Block]) -> Iterator[str]:
    for block in blocks:
        if not block.is_a("graphics card"):
            continue
        name, chip, machine = (identity.real(_quoted(block.get(each))) for each in ("Model", "Device", "SubDevice"))
        # Where the machine's maker has named the card after the machine, hwinfo calls the card so too.
        found = chip if chip and (name is None or (machine and machine in name)) else name
        if found:
            yield found


def _displays(blocks: Iterable[_Block]) -> Iterator[Panel]:
    for block in blocks:
        size = _PANEL_SIZE.match(block.get("Size")) if block.is_a("monitor") else None
        if size:
            name = named(_quoted(block.get("Model")))
            yield Panel(name, int(size.group(1)), int(size.group(2)), largest(block.resolutions))


def _macs(blocks: Iterable[_Block]) -> Iterator[str]:
    for block in blocks:
        if not (block.is_a("network interface") or block.is_a("network")) or block.is_on_usb or not block.get("SysFS Device Link"):
            continue
        address = identity.mac(block.get("Permanent HW Address") or block.get("HW Address"))
        name = block.get("Device File")
        if address and not identity.is_virtual_network(name) and not (identity.is_drawn_by_lot(address) and name.startswith("wl")):
            yield address
