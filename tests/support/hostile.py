"""What a stranger with time puts into addresses, forms and JSON; and where to put it."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule

PACKAGE = Path(__file__).resolve().parents[2] / "refurb"

TEXTS = (
    "a\0b",
    "\u202eAli\u200b\u00ad\ufeff",
    "9" * 25,
    "9" * 5000,
    "²",
    "2147483648",
    "-1",
    "٣",
    "1e400",
    "NaN",
    "%_\\",
    "' OR 1=1 --",
    "\r\nSet-Cookie: a=b",
    "{{7*7}}%s{0}",
    "../../etc/passwd",
    "//evil.example/\\",
    "x" * 3000,
    "0001-01-01",
    "9999-12-31T23:59",
    "[" * 900,
    "",
)
NUMBERS = ("9" * 25, "9" * 5000, str(2**31), str(2**63), "0", "٣")

_ARGUMENT = re.compile(r"(?:(?:asked|args|told)(?:\.get(?:list)?\(|\[)|number_asked\()\"(\w+)\"|\"(\w+)\" in (?:asked|request\.args)")
# What `url_for` reads as its own.
_OF_FLASK = ("endpoint", "_method", "_external", "_scheme", "_anchor", "_host")


def argument_names() -> list[str]:
    """Every argument that some page or route reads, by the source."""
    found = {
        name for path in PACKAGE.rglob("*.py") for pair in _ARGUMENT.findall(path.read_text(encoding="utf-8")) for name in pair if name
    }
    return sorted(found | {"page"}) + list(_OF_FLASK)


def asked_with(address: str, value: str, names: list[str]) -> str:
    """The address, asked for with this value in every argument; one that is long in some of them, which differ from address to address."""
    if len(value) > 100:
        names = names[len(address) % 20 :: 20]
    return f"{address.partition('?')[0]}?{urlencode(dict.fromkeys(names, value))}"


def hostile_paths(rule: Rule, texts: tuple[str, ...] = TEXTS, numbers: tuple[str, ...] = NUMBERS) -> Iterator[str]:
    """Addresses of a rule whose changing parts are all hostile."""
    kinds = rule._converters
    if not kinds:
        return
    counts = {len(numbers) if isinstance(kind, IntegerConverter) else len(texts) for kind in kinds.values()}
    for at in range(max(counts)):
        path = rule.rule
        for name, kind in kinds.items():
            value = numbers[at % len(numbers)] if isinstance(kind, IntegerConverter) else texts[at % len(texts)] or " "
            path = re.sub(rf"<(?:\w+:)?{name}>", lambda _found, value=value: quote(value, safe=""), path)
        yield path


def rules(app: Flask, method: str) -> list[Rule]:
    """The rules that answer to a method."""
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]


class FormsOf(HTMLParser):
    """The forms of a page: where each is sent, and the names of what it asks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, list[tuple[str, str]]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        if tag == "form" and (given.get("method") or "").lower() == "post":
            self.found.append((given.get("action") or "", []))
        if tag in {"input", "textarea", "select", "button"} and given.get("name") and self.found:
            self.found[-1][1].append((given["name"], given.get("value") or ""))


_FIELD = re.compile(r"^    (\w+) = (?:[A-Z]\w+|\w+\.[A-Z]\w+)\(", re.MULTILINE)


def field_names() -> list[str]:
    """Every field that some schema declares, by the source."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*schemas*.py"):
        found.update(_FIELD.findall(path.read_text(encoding="utf-8")))
    return sorted(found)
