"""The drives inside a machine according to lshw: disks, NVMe and eMMC, without keys, readers and optical units."""

import re
from collections.abc import Iterator, Sequence

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.facts import DriveFacts, Medium, ReportWarning, warning
from refurb.inventory.readers.lshw_tree import Node

_EXTERNAL = re.compile(
    r"flash ?disk|data ?traveler|multi-?card|sd/mmc|card ?reader|usb ?disk|storage media|compact ?flash|mass storage"
    r"|\b(cf|sm|ms|sd|xd)[ -]?(card|reader)",
    re.IGNORECASE,
)
_OPTICAL = re.compile(r"cd-?rom|dvd[+-]?r|\b(dvd|cd|bd|blu-?ray)\b.*(reader|writer|rom|ram)", re.IGNORECASE)
_MMC_CARD = re.compile(r"mmc@\d+:")
_SPINS = re.compile(r"\d{4,5}rpm")


def drives(tree: Sequence[Node]) -> tuple[list[DriveFacts], list[ReportWarning]]:
    """The internal drives in the order of the report, each serial once, and what was left out or is missing.

    A drive without a readable size is kept when it has a serial: a locked or dying disk still holds data.
    """
    reserves: list[ReportWarning] = []
    found: dict[str, DriveFacts] = {}
    for node in filter(_is_drive, tree):
        drive = _drive(node)
        if not _is_external(node, drive):
            if drive.serial or (drive.size_bytes or 0) > numbers.DISKETTE:
                found.setdefault(drive.serial or f"#{len(found)}", drive)
        elif drive.size_bytes:
            reserves.append(warning("drive.external_left_out", model=drive.model))
    if any(map(_is_bare_nvme_controller, tree)) and not any(drive.medium == "nvme" for drive in found.values()):
        reserves.append(warning("hardware.nvme_not_described"))
    for drive in found.values():
        reserves.extend(_reserves(drive))
    return list(found.values()), reserves


def _reserves(drive: DriveFacts) -> Iterator[ReportWarning]:
    if not drive.serial:
        yield warning("drive.no_serial", model=drive.model)
    elif not drive.size_bytes:
        yield warning("drive.no_size", serial=drive.serial)


def _is_bare_nvme_controller(node: Node) -> bool:
    """Whether lshw up to B.02.18 saw an NVMe controller and could not say which drive it is."""
    return (
        node.kind == "storage"
        and node.description.casefold().startswith(("non-volatile memory controller", "nvm express controller"))
        and not _is_nvme(node)
    )


def _is_nvme(node: Node) -> bool:
    return node.kind == "storage" and (node.id.split(":")[0] == "nvme" or any(re.fullmatch(r"/dev/nvme\d+", name) for name in node.names))


def _is_mmc(node: Node) -> bool:
    if node.description.casefold() in {"sdio device", "sd card"} or node.capabilities & {"sd", "sdio"}:
        return False
    return _is_card(node) and not any(_is_card(above) for above in node.above)


def _is_card(node: Node) -> bool:
    return _MMC_CARD.match(node.businfo) is not None


def _is_drive(node: Node) -> bool:
    if _is_nvme(node) or _is_mmc(node):
        return True
    if node.kind != "disk" or any(above.kind == "disk" or _is_nvme(above) for above in node.above):
        return False  # a medium of its drive, or a namespace of its controller
    if any(_is_card(each) for each in (node, *node.above)):
        return False  # an SD card, or a partition interface of an eMMC
    return not (node.id.startswith(("cdrom", "medium")) or is_optical(node.description))


def _is_external(node: Node, drive: DriveFacts) -> bool:
    return node.is_on_usb or is_external_model(drive.model)


def is_external_model(model: str | None) -> bool:
    """Whether a model's name is that of a key or of a card reader."""
    return _EXTERNAL.search(model or "") is not None


def is_optical(description: str) -> bool:
    """Whether a description is that of a CD or DVD unit."""
    return _OPTICAL.search(description) is not None


def _drive(node: Node) -> DriveFacts:
    model = identity.clean(node.get("product"))
    vendor = identity.real(node.get("vendor"))
    return DriveFacts(
        manufacturer=identity.drive_maker(vendor, model) or vendor,
        model=model,
        serial=identity.drive_serial(node.get("serial")),
        size_bytes=_size(node),
        medium=_medium(node, model or ""),
        interface=_interface(node),
    )


def _size(node: Node) -> int | None:
    """The size in bytes; that of an NVMe or eMMC drive stands at the namespace or interface below it."""
    own = numbers.drive_bytes(node.get("size"))
    if own and node.get("units") in {None, "bytes"}:
        return own
    below = [numbers.drive_bytes(child.get("size")) or 0 for child in node.children() if child.kind != "volume"]
    if _is_nvme(node):
        return sum(below) or None
    return max(below, default=0) or None


def _medium(node: Node, model: str) -> Medium:
    if _is_nvme(node) or node.businfo.startswith("nvme@"):
        return "nvme"
    if _is_mmc(node):
        return "emmc"
    if any(_SPINS.fullmatch(name) for name in node.capabilities):
        return "hdd"
    return "ssd" if identity.is_solid_state(model, node.description) else "unknown"


def _interface(node: Node) -> str | None:
    if _is_nvme(node) or node.businfo.startswith("nvme@"):
        return "nvme"
    if _is_mmc(node):
        return "mmc"
    if node.description.casefold().startswith("ata disk"):
        # Behind an "IDE interface" the drive may be SATA all the same: the controller runs in its old mode.
        return "sata" if any("SATA" in above.description for above in node.above) else "ata"
    prefix = node.businfo.split("@")[0]
    return prefix or None
