"""The list of the parts that the service is made of (SBOM, CycloneDX 1.6), from its pinned requirements: `python -m config.sbom`."""

import hashlib
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, Final

from config.settings import CHECKOUT

_PIN: Final = re.compile(r"^([a-z0-9][a-z0-9._-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.IGNORECASE | re.MULTILINE)
_HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def _licence(name: str) -> list[dict[str, Any]]:
    """What an installed package says of its licence; nothing where it says nothing, or is not installed on this machine."""
    try:
        said: Any = metadata(name)
    except PackageNotFoundError:
        return []
    if said.get("License-Expression"):
        return [{"expression": said["License-Expression"]}]
    classes = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier", []) if each.startswith("License :: OSI Approved :: ")]
    return [{"license": {"name": each}} for each in classes]


def _packages(requirements: str) -> Iterator[dict[str, Any]]:
    """The pinned packages, each with the digests of which its file has one."""
    pins = list(_PIN.finditer(requirements))
    for at, pin in enumerate(pins):
        name, version = pin.group(1).lower(), pin.group(2)
        until = pins[at + 1].start() if at + 1 < len(pins) else len(requirements)
        address = f"pkg:pypi/{name}@{version}"
        digests = [{"alg": "SHA-256", "content": each} for each in _HASH.findall(requirements[pin.start() : until])]
        part: dict[str, Any] = {"type": "library", "bom-ref": address, "name": name, "version": version, "purl": address}
        yield part | {"licenses": _licence(name), "hashes": digests}


def _fonts(folder: Path) -> Iterator[dict[str, Any]]:
    """The fonts that stand in the repository."""
    for path in sorted(each for each in folder.rglob("*") if each.suffix in {".woff2", ".ttf", ".otf"}):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        yield {"type": "file", "bom-ref": f"font/{path.name}", "name": path.name, "hashes": [{"alg": "SHA-256", "content": digest}]}


def parts_list(checkout: Path = CHECKOUT) -> dict[str, Any]:
    """The list, the same each time it is made from the same pins."""
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = (checkout / "config" / "requirements" / "run.txt").read_text(encoding="utf-8")
    parts = [*_packages(pins), *_fonts(checkout / "refurb")]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": "refurb", "name": project["name"], "version": project["version"]}},
        "components": parts,
        "dependencies": [{"ref": "refurb", "dependsOn": [each["bom-ref"] for each in parts]}],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(parts_list(), indent=2, ensure_ascii=False) + "\n")
