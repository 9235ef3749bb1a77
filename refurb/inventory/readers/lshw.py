"""Reads `lshw -json`, of every version: the machine, its memory, its internal drives, its network addresses."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from refurb.inventory.readers import identity, memory, numbers
from refurb.inventory.readers.battery import is_virtual, together
from refurb.inventory.readers.chassis import chassis
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import (
    BatteryFacts,
    Chassis,
    HardwareFacts,
    RamModule,
    ReportWarning,
    warning,
)
from refurb.inventory.readers.lshw_drives import drives
from refurb.inventory.readers.lshw_tree import Node, nodes, text_of


def is_lshw(document: Any) -> bool:
    """Whether a parsed document is a node of lshw, or a list of them."""
    if isinstance(document, list):
        return bool(document) and all(isinstance(each, dict) and is_lshw(each) for each in document)
    return isinstance(document, dict) and isinstance(document.get("id"), str) and isinstance(document.get("class"), str)


def read(documents: Iterable[Any]) -> HardwareFacts:
    """The facts of one lshw report; raises Unreadable (`report.no_machine`) when it holds nothing of a computer."""
    tree = list(nodes(documents))
    root = next((node for node in tree if node.kind == "system" and not node.above), None)
    inside, reserves = drives(tree)
    addresses = tuple(dict.fromkeys(_macs(tree)))
    if root is None and not inside and not addresses:
        raise Unreadable("report.no_machine")
    machine = _machine(root) if root else _Machine()
    modules = tuple(_ram_modules(tree))
    if root is None:
        reserves.append(warning("hardware.partial"))
    elif not machine.serial:
        reserves.append(warning("hardware.no_identity"))
    return HardwareFacts(
        tool="lshw",
        manufacturer=machine.manufacturer,
        model=machine.model,
        serial=machine.serial,
        uuid=machine.uuid,
        chassis=machine.chassis,
        cpu=next(_processors(tree), None),
        ram_mb=_ram_mb(tree, modules, reserves),
        ram_modules=modules,
        drives=tuple(inside),
        gpu=" + ".join(dict.fromkeys(_graphics(tree))) or None,
        battery=together(_batteries(tree)),
        macs=addresses,
        warnings=tuple(reserves),
    )


@dataclass(frozen=True, slots=True)
class _Machine:
    manufacturer: str | None = None
    model: str | None = None
    serial: str | None = None
    uuid: str | None = None
    chassis: Chassis | None = None


def _machine(root: Node) -> _Machine:
    configuration = root.configuration
    manufacturer = identity.real_maker(root.get("vendor"))
    return _Machine(
        manufacturer=manufacturer,
        model=_model(root, manufacturer),
        serial=identity.real(root.get("serial")),
        uuid=_uuid(root),
        chassis=chassis(configuration.get("chassis"), root.description),
    )


def _uuid(root: Node) -> str | None:
    """The UUID as dmidecode prints it.

    lshw up to B.02.18 prints the sixteen bytes as they lie in the table, in capitals, where SMBIOS since 2.6 means the first
    three fields as little-endian numbers (DSP0134, 7.2.1).
    """
    said = text_of(root.configuration.get("uuid"))
    uuid = identity.real_uuid(said)
    version = next((name for name in root.capabilities if name.startswith("smbios-")), "smbios-0")
    if uuid and said.strip() != uuid and identity.is_swapped_uuid(version.removeprefix("smbios-")):
        return identity.other_order(uuid)
    return uuid


def _model(root: Node, manufacturer: str | None) -> str | None:
    """The commercial name, without the SKU that lshw adds to the product."""
    product = without_sku(identity.clean(root.get("product")), identity.clean(root.configuration.get("sku")))
    return identity.commercial_name(manufacturer, product, root.get("version"))


def without_sku(product: str | None, sku: str | None) -> str | None:
    """The product without the stock number in brackets that lshw writes after it."""
    if not product:
        return None
    if sku and product.endswith(f"({sku})"):
        return product[: -len(sku) - 2].strip() or None
    # Older versions add the number without listing it: one word with a digit in it, or a forgotten filling.
    found = re.fullmatch(r"(.+?) \(([^()]*)\)", product)
    if found and (re.fullmatch(r"\S*\d\S*", found.group(2)) or identity.is_placeholder(found.group(2))):
        return found.group(1)
    return product


def _processors(tree: Iterable[Node]) -> Iterator[str]:
    # A second `cpu:1` without product is the same chip seen by ACPI.
    for node in tree:
        if node.kind == "processor" and not node.id.startswith("logicalcpu"):
            name = identity.real(node.get("product"))
            if name:
                yield name


def _ram_modules(tree: Iterable[Node]) -> Iterator[RamModule]:
    for node in tree:
        if node.kind != "memory" or not node.id.startswith("bank") or "[empty]" in node.description:
            continue
        above = node.above[-1] if node.above else None
        if "flash" in node.description.casefold() or (above and "flash" in above.description.casefold()):
            continue
        clock = numbers.whole(node.get("clock"))
        found = memory.module(
            numbers.mebibytes(node.get("size")),
            form=node.description,
            kind=node.description,
            speed=clock // 1_000_000 if clock else None,
            maker=node.get("vendor"),
            part=node.get("product"),
            serial=node.get("serial"),
            slot=node.get("slot"),
        )
        if found:
            yield found


def _ram_mb(tree: Iterable[Node], modules: tuple[RamModule, ...], reserves: list[ReportWarning]) -> int | None:
    """The installed memory in MiB: the sum of the modules where the firmware lists them, else what lshw counts."""
    counted = next(
        (
            size
            for node in tree
            if node.kind == "memory" and node.description.casefold() == "system memory"
            for size in [numbers.mebibytes(node.get("size"))]
            if size
        ),
        None,
    )
    summed = sum(module.size_mb for module in modules) or None
    if counted and summed and counted != summed:
        reserves.append(warning("hardware.ram_differs", kept=summed, other=counted))
    return summed or counted


def _graphics(tree: Iterable[Node]) -> Iterator[str]:
    for node in tree:
        name = identity.real(node.get("product")) if node.kind == "display" else None
        if name and not node.is_on_usb:
            yield name


def _batteries(tree: Iterable[Node]) -> Iterator[BatteryFacts]:
    for node in tree:
        if node.kind != "power" or not node.id.startswith("battery"):
            continue
        model = identity.real(node.get("product"))
        if is_virtual(model, node.get("vendor"), node.get("slot")):
            continue
        capacity = numbers.whole(node.get("capacity"), most=1_000_000)
        yield BatteryFacts(identity.real(node.get("vendor")), model, capacity or None)


def _macs(tree: Iterable[Node]) -> Iterator[str]:
    for node in tree:
        address = identity.mac(node.get("serial")) if node.kind == "network" else None
        if address is None or node.is_on_usb:
            continue
        if identity.is_drawn_by_lot(address) and (not node.businfo or _is_wireless(node)):
            continue
        if any(map(identity.is_virtual_network, node.names)):
            continue
        yield address


def _is_wireless(node: Node) -> bool:
    return "wireless" in node.description.casefold() or any(name.startswith("wl") for name in node.names)
