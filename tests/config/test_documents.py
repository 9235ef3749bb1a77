"""What the documents at the top and the glossary say is there."""

import re
from importlib import import_module
from urllib.parse import unquote

import pytest

from config.settings import CHECKOUT

PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/operate.md",
    "docs/security.md",
    "docs/glossary.md",
    "docs/decisions/README.md",
)
_ROW = re.compile(r"^\| ([^|]+) \| `(\w+)` \| [^|]+ \| `([\w.]+)` \|$", re.MULTILINE)


def test_the_glossary_names_what_is_in_the_code():
    rows = _ROW.findall((CHECKOUT / "docs/glossary.md").read_text(encoding="utf-8"))
    assert len(rows) > 40
    assert [f"{module}.{name}" for _, name, module in rows if not hasattr(import_module(module), name)] == []
    assert len({word for word, _, _ in rows}) == len({name for _, name, _ in rows}) == len(rows), "one word for a thing"


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    page = CHECKOUT / name
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [each for each in links if not (page.parent / unquote(each)).exists()] == []


def test_every_decision_is_in_the_list():
    folder = CHECKOUT / "docs/decisions"
    listed = re.findall(r"^(\d+)\. \[.*\]\(((\d{4})-[\w-]+\.md)\)$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert [name for _, name, _ in listed] == sorted(each.name for each in folder.glob("0*.md"))
    assert [int(number) for number, _, _ in listed] == [int(number) for _, _, number in listed]


def test_the_licence_is_the_one_that_the_package_names():
    text = (CHECKOUT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n")
    assert [f"{number}." for number in range(1, 16)] == re.findall(r"^(\d+\.)(?=[A-Z])", text, re.MULTILINE)
    assert 'license = "EUPL-1.2"' in (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
