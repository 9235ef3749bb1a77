"""Reads Blancco's XML reports: named elements, generic entries, and the flattened exports with dotted names."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from refurb.inventory.readers import identity, numbers
from refurb.inventory.readers.erasure.times import in_zone_of, moment
from refurb.inventory.readers.errors import Unreadable
from refurb.inventory.readers.facts import ErasureFacts, ErasureReportFacts, HostFacts, Level, Medium, Outcome, Verification
from refurb.inventory.readers.xml_tree import Element, roots

TOOL = "Blancco"

_HEAD = 20_000
_MOST_LEAVES = 20_000
_MOST_ERASURES = 500
_IS_BLANCCO = re.compile(r"blancco|<erasure\.state>", re.IGNORECASE)
_OUTCOMES: dict[str, Outcome] = {
    "successful": "success",
    "failed": "failed",
    "error": "failed",
    "interrupted": "aborted",
    "cancelled": "aborted",
    "canceled": "aborted",
    "aborted": "aborted",
}
_FAILURE = re.compile(
    r"\b(?:not verified|fail(?:ed|ure)?|(?<!\b0 )(?<!\bno )(?<!without )errors?|mismatch(?:es)?|unsuccessful)\b", re.IGNORECASE
)
_CRYPTO = re.compile(r"crypto|cryptographic", re.IGNORECASE)
_SECTOR_SIZES = (512, 4096)
_Facts = dict[str, str]


def is_blancco(text: str) -> bool:
    """Whether an XML text comes from Blancco."""
    return text.lstrip()[:1] == "<" and _IS_BLANCCO.search(text[:_HEAD]) is not None


def read(text: str) -> ErasureReportFacts:
    """Every erasure of the report; raises Unreadable when it is damaged, or (`report.no_erasure`) when it tells of none."""
    leaves = [(path, value) for root in roots(text) for path, value in islice(_leaves(root, ""), _MOST_LEAVES) if value]
    product = _first(leaves, "product_name")
    version = _first(leaves, "product_version")
    erasures = tuple(_erasure(facts, product, version) for facts in islice(_erasures(leaves), _MOST_ERASURES))
    if not erasures:
        raise Unreadable("report.no_erasure")
    return ErasureReportFacts(tool=product or TOOL, tool_version=version, host=_host(leaves), erasures=erasures)


def _leaves(node: Element, above: str) -> Iterator[tuple[str, str]]:
    """Every text with its dotted path, in order; an erasure's own path ends in its number, so that two stay apart."""
    for number, child in enumerate(node.children):
        name = (child.attributes.get("name") or child.name) if child.name in {"entry", "entries"} else child.name
        path = f"{above}.{name}" if above else name
        if child.children and name == "erasure":
            path += f"#{number}"
        if child.children:
            yield from _leaves(child, path)
        else:
            yield path, child.text.strip()


def _first(leaves: list[tuple[str, str]], name: str) -> str | None:
    return identity.real(next((value for path, value in leaves if path.rpartition(".")[2] == name), None))


def _erasures(leaves: list[tuple[str, str]]) -> Iterator[_Facts]:
    """The facts of each erasure by their path inside it; flattened exports begin a new one where a name comes again."""
    found: dict[str, list[_Facts]] = {}
    for path, value in leaves:
        inside = re.fullmatch(r"(.*\berasure(?:#\d+)?)\.([^#]+)", path)
        if inside is None:
            continue
        where, name = inside.groups()
        group = found.setdefault(where, [{}])
        if name in group[-1] and "#" not in where and name in {"state", "timestamp", "start_time", "target.serial"}:
            group.append({})
        group[-1].setdefault(name, value)
    for group in found.values():
        yield from (facts for facts in group if {"state", "erasure_standard_name"} & facts.keys())


def _erasure(facts: _Facts, product: str | None, version: str | None) -> ErasureFacts:
    outcome = _OUTCOMES.get(facts.get("state", "").casefold(), "unknown")
    size = numbers.drive_bytes(facts.get("target.capacity"))
    failed = numbers.whole(facts.get("failed_sectors")) or 0
    errors = max(numbers.whole(facts.get("total_errors")) or 0, failed)
    level = _level(facts)
    # The wall clock of the start and the end is the one of the time stamp, which has its zone.
    stamp = moment(facts.get("timestamp"))
    return ErasureFacts(
        serial=identity.drive_serial(facts.get("target.serial")),
        model=identity.real(facts.get("target.model")),
        size_bytes=size,
        medium=_medium(facts.get("target.type", "")),
        method=identity.clean(facts.get("erasure_standard_name")),
        level=level,
        rounds=_rounds(facts),
        verification=_verification(facts, outcome, level),
        started_at=_time(facts.get("start_time"), stamp),
        ended_at=_time(facts.get("end_time"), stamp),
        outcome="failed" if outcome == "success" and (errors or _is_denied(facts)) else outcome,
        errors=errors,
        bytes_erased=_bytes_erased(facts, size, outcome),
        tool=product or TOOL,
        tool_version=version,
    )


def _is_denied(facts: _Facts) -> bool:
    """Whether an erasure that is called successful tells elsewhere of a verification or a result that failed."""
    told = (value for name, value in facts.items() if re.search(r"verif|result|status|exception", name.rpartition(".")[2]))
    return any(_FAILURE.search(value) for value in told)


def _time(text: str | None, stamp: datetime | None) -> datetime | None:
    return in_zone_of(moment(text), stamp)


def _rounds(facts: _Facts) -> int | None:
    for name in ("total_erasure_rounds", "erasure_rounds", "overwriting_rounds", "firmware_rounds"):
        count = numbers.whole(facts.get(name), most=10_000)
        if count:
            return count
    return None


def _level(facts: _Facts) -> Level | None:
    """By technique, never by the standard's name: rounds of the drive's firmware and key erasure are Purge, the rest Clear."""
    if not facts.get("erasure_standard_name"):
        return None
    by_firmware = (numbers.whole(facts.get("firmware_rounds")) or 0) > 0
    return "purge" if by_firmware or _CRYPTO.search(facts["erasure_standard_name"]) else "clear"


def _verification(facts: _Facts, outcome: Outcome, level: Level | None) -> Verification:
    if outcome != "success":
        return "none"
    for name, value in facts.items():
        if "verif" in name.rpartition(".")[2]:
            share = re.match(r"(\d{1,3})(?:[.,]\d+)?\s*%?$", value)
            if share and int(share.group(1)):
                return "last" if int(share.group(1)) == 100 else "sample"
    return "device" if level == "purge" else "none"


def _bytes_erased(facts: _Facts, size: int | None, outcome: Outcome) -> int | None:
    """The sectors that were cleaned, in bytes: of whichever size of sector comes nearest to the capacity without passing it."""
    cleaned = numbers.whole(facts.get("cleaned_sectors"))
    if cleaned is None or not size:
        return size if outcome == "success" and cleaned is None else None
    reached = [cleaned * sector for sector in _SECTOR_SIZES if cleaned * sector <= size]
    return max(reached, default=size if cleaned else 0)


_MEDIA: dict[str, Medium] = {"nvme": "nvme", "ssd": "ssd", "solid": "ssd", "emmc": "emmc", "internal memory": "emmc"}


def _medium(kind: str) -> Medium:
    """`Internal memory` is what Blancco Mobile calls the flash of a telephone or tablet."""
    folded = kind.casefold()
    for word, medium in _MEDIA.items():
        if word in folded:
            return medium
    return "hdd" if "hdd" in folded or "hard" in folded else "unknown"


def _host(leaves: list[tuple[str, str]]) -> HostFacts | None:
    told = {
        path.rpartition(".")[2]: value for path, value in reversed(leaves) if re.search(r"\bsystem\.(manufacturer|model|serial)$", path)
    }
    maker, model, serial = (identity.real(told.get(name)) for name in ("manufacturer", "model", "serial"))
    return HostFacts(maker, model, serial) if maker or model or serial else None
