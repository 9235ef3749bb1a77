"""The list of parts names every pinned requirement, with its digests."""

import re

from config.sbom import parts_list
from config.settings import CHECKOUT


def test_every_pin_is_a_part_with_its_digests():
    pins = re.findall(
        r"^([\w.-]+)(?:\[.*\])?==([\w.+!-]+)", (CHECKOUT / "config/requirements/run.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    parts = {each["name"]: each for each in parts_list()["components"] if each["type"] == "library"}

    assert {(name, each["version"]) for name, each in parts.items()} == {(name.lower(), version) for name, version in pins}
    assert {"flask", "sqlalchemy", "pypdf", "argon2-cffi"} <= set(parts)
    assert parts["flask"]["licenses"]
    for each in parts.values():
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert each["hashes"]
        assert all(re.fullmatch("[0-9a-f]{64}", digest["content"]) for digest in each["hashes"])


def test_it_is_the_same_each_time_and_every_part_has_its_own_name():
    made = parts_list()
    names = [each["bom-ref"] for each in made["components"]]

    assert made == parts_list()
    assert len(set(names)) == len(names)
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert any(each["type"] == "file" for each in made["components"])
