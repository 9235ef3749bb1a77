"""system_profiler's text as the records of its JSON: headings and pairs, told by indents, in English or in French."""

import re
import textwrap
from collections.abc import Mapping
from typing import Any

_HEADING = re.compile(r"( *)(\S[^\n]{0,80}?)\s*:\s*$")
_PAIR = re.compile(r"( *)(\S[^:\n]{0,60}?)\s*: +(\S.*)$")
_MAX_LINES = 50_000
_SECTIONS: Mapping[str, str] = {
    "hardware": "SPHardwareDataType", "matériel": "SPHardwareDataType", "memory": "SPMemoryDataType", "mémoire": "SPMemoryDataType",
    "serial-ata": "SPSerialATADataType", "sata": "SPSerialATADataType", "sata/sata express": "SPSerialATADataType",
    "sata / sata express": "SPSerialATADataType", "ata série": "SPSerialATADataType", "nvmexpress": "SPNVMeDataType",
    "nvme": "SPNVMeDataType", "nvm express": "SPNVMeDataType", "ata": "SPParallelATADataType",
    "parallel ata": "SPParallelATADataType", "sas": "SPSASDataType",
    "power": "SPPowerDataType", "alimentation": "SPPowerDataType", "graphics/displays": "SPDisplaysDataType",
    "cartes vidéo/moniteurs": "SPDisplaysDataType", "cartes graphiques/moniteurs": "SPDisplaysDataType", "network": "SPNetworkDataType",
    "réseau": "SPNetworkDataType",
}  # fmt: skip
_MACHINE: Mapping[str, str] = {
    "model name": "machine_name", "nom du modèle": "machine_name", "machine name": "machine_name", "model identifier": "machine_model",
    "identifiant du modèle": "machine_model", "processor name": "cpu_type", "nom du processeur": "cpu_type", "chip": "chip_type",
    "puce": "chip_type", "processor speed": "current_processor_speed", "vitesse du processeur": "current_processor_speed",
    "memory": "physical_memory", "mémoire": "physical_memory", "serial number (system)": "serial_number", "serial number": "serial_number",
    "numéro de série (système)": "serial_number", "numéro de série": "serial_number", "hardware uuid": "platform_UUID",
    "uuid du matériel": "platform_UUID", "uuid matériel": "platform_UUID",
}  # fmt: skip
_MODULE: Mapping[str, str] = {
    "size": "dimm_size", "taille": "dimm_size", "type": "dimm_type", "speed": "dimm_speed", "vitesse": "dimm_speed",
    "manufacturer": "dimm_manufacturer", "fabricant": "dimm_manufacturer", "part number": "dimm_part_number",
    "référence": "dimm_part_number", "numéro de référence": "dimm_part_number", "serial number": "dimm_serial_number",
    "numéro de série": "dimm_serial_number",
}  # fmt: skip
_DRIVE: Mapping[str, str] = {
    "capacity": "size", "capacité": "size", "model": "device_model", "modèle": "device_model", "serial number": "device_serial",
    "numéro de série": "device_serial", "removable media": "removable_media", "support amovible": "removable_media",
    "detachable drive": "detachable_drive", "disque amovible": "detachable_drive", "medium type": "spsata_medium_type",
    "type de support": "spsata_medium_type", "s.m.a.r.t. status": "smart_status", "état s.m.a.r.t.": "smart_status",
}  # fmt: skip
_BATTERY: Mapping[str, tuple[str, str]] = {
    "manufacturer": ("model", "manufacturer"), "fabricant": ("model", "manufacturer"), "device name": ("model", "device_name"),
    "nom de l'appareil": ("model", "device_name"),
    "full charge capacity (mah)": ("charge", "max_capacity"),
    "capacité de charge complète (mah)": ("charge", "max_capacity"), "cycle count": ("health", "cycle_count"),
    "nombre de cycles": ("health", "cycle_count"), "nombre de cycles de charge": ("health", "cycle_count"),
    "condition": ("health", "health"),
    "état": ("health", "health"), "maximum capacity": ("health", "health_maximum_capacity"),
    "capacité maximale": ("health", "health_maximum_capacity"),
}  # fmt: skip
_RECOGNISED = re.compile(
    r"^(?:Hardware Overview|Informations sur le matériel|Présentation du matériel|Vue d.ensemble du matériel)\s*:", re.MULTILINE
)
_OPENS = re.compile(
    r"^(?:NVMExpress|Serial-ATA|SATA/SATA Express|Graphics/Displays|Matériel|Hardware) ?:\s*\n(?:\s*\n)? {2,4}\S", re.MULTILINE
)


def is_system_profiler_text(head: str) -> bool:
    """Whether the beginning of a text is system_profiler's: its overview of a Mac, or a section of it with its own indents."""
    flat = re.sub(r"^ +", "", head, flags=re.MULTILINE)
    return _RECOGNISED.search(flat) is not None or _OPENS.search(textwrap.dedent(head)) is not None


def sections(text: str) -> dict[str, list[Mapping[str, Any]]]:
    """The records of each section that we know, by the name that the JSON gives it."""
    found: dict[str, list[dict[str, Any]]] = {}
    section = ""
    # Quoted in a mail, the whole of it stands to the right.
    for line in textwrap.dedent(text).split("\n")[:_MAX_LINES]:
        pair, heading = _PAIR.match(line), _HEADING.match(line)
        if heading and not heading.group(1):
            section = _SECTIONS.get(_folded(heading.group(2)), "")
        elif section and heading:
            _open(found.setdefault(section, []), section, heading.group(2))
        elif section and pair:
            _take(found.setdefault(section, []), section, _folded(pair.group(2)), pair.group(3).strip())
    return {name: list(records) for name, records in found.items()}


def _folded(label: str) -> str:
    return " ".join(label.replace("\u2019", "'").replace("\u00a0", " ").casefold().split())


def _open(records: list[dict[str, Any]], section: str, name: str) -> None:
    """A heading begins a record, except where one thing has several: the machine's overview, the battery's parts."""
    if section == "SPDisplaysDataType" and records and "sppci_model" in records[-1]:
        records[-1].setdefault("spdisplays_ndrvs", []).append({"_name": name})
    elif section in {"SPHardwareDataType", "SPPowerDataType"}:
        if not records:
            records.append({"_name": name})
    else:
        records.append({"_name": name})


def _take(records: list[dict[str, Any]], section: str, label: str, value: str) -> None:
    if not records:
        records.append({})
    last = records[-1]
    if section == "SPHardwareDataType" and label in _MACHINE:
        last.setdefault(_MACHINE[label], value)
    elif section == "SPMemoryDataType" and label in _MODULE:
        last.setdefault(_MODULE[label], value)
    elif section == "SPPowerDataType" and label in _BATTERY:
        part, name = _BATTERY[label]
        last.setdefault(f"sppower_battery_{part}_info", {}).setdefault(f"sppower_battery_{name}", value)
    elif section == "SPDisplaysDataType":
        _take_screen(last, label, value)
    elif section == "SPNetworkDataType":
        _take_network(last, label, value)
    elif label in _DRIVE:
        last.setdefault(_DRIVE[label], value)


def _take_screen(last: dict[str, Any], label: str, value: str) -> None:
    screens = last.get("spdisplays_ndrvs")
    if label in {"chipset model", "jeu de composants", "modèle du jeu de composants", "modèle de jeu de composants"}:
        last["sppci_model"] = value
    elif screens and label in {"resolution", "résolution"}:
        screens[-1].setdefault("_spdisplays_pixels", value)
    elif screens and label in {"display type", "type de moniteur", "connection type", "type de connexion"}:
        screens[-1].setdefault("spdisplays_display_type", value)


def _take_network(last: dict[str, Any], label: str, value: str) -> None:
    if label in {"bsd device name", "nom du périphérique bsd", "nom de périphérique bsd"}:
        last["interface"] = value
    elif label in {"mac address", "adresse mac"}:
        last.setdefault("Ethernet", {"MAC Address": value})
