"""A page whose form is filled in again with what was typed in it before: whatever wrote the form, a schema or a template by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import accumulate
from urllib.parse import urlsplit

NOT_TYPED = frozenset({"hidden", "password", "file", "submit", "button", "reset", "image"})
"""Kinds of inputs: what the page itself says with its form, and what no page gives back."""

Given = dict[str, str | None]


@dataclass
class Refilled:
    """A page, whether the form stood on it, and what was typed that found no place there."""

    html: str
    found: bool
    left: list[str]


def refill(html: str, here: str, action: str, typed: Iterable[tuple[str, str]], mark: tuple[str, str]) -> Refilled:
    """Fill in the form that is posted to the path `action`; `here` is the path of the page. The form gets the hidden field `mark`, too."""
    reader = _Reader(html, here, action, typed, mark)
    reader.feed(html)
    reader.close()
    pieces, begin = [], 0
    for start, end, text in reader.cuts:
        pieces += [html[begin:start], text]
        begin = end
    left = [value for values in reader.typed.values() for value in values if value.strip()]
    return Refilled("".join([*pieces, html[begin:]]), reader.found, left)


def _tag(name: str, given: Given) -> str:
    return f"<{name}" + "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in given.items()) + ">"


class _Reader(HTMLParser):
    """Collects what is to be cut out of a page, and what stands there instead: (from, to, text), in the page's order."""

    def __init__(self, html: str, here: str, action: str, typed: Iterable[tuple[str, str]], mark: tuple[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self.cuts: list[tuple[int, int, str]] = []
        self.found = False
        self.typed: dict[str, list[str]] = {}
        for name, value in typed:
            self.typed.setdefault(name, []).append(value)
        self._here, self._action, self._mark = here, action, mark
        self._lines = list(accumulate((len(line) for line in html.split("\n")), lambda at, length: at + length + 1, initial=0))
        self._inside = False
        self._select = ""
        self._written: tuple[int, str] | None = None

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look whether something was typed here."""
        given, text, start = dict(attrs), self.get_starttag_text() or "", self._at()
        end = start + len(text)
        name = given.get("name") or ""
        if tag == "form":
            to = urlsplit(given.get("action") or "").path or self._here
            self._inside = to == self._action and (given.get("method") or "").lower() == "post"
            if self._inside:
                self.found = True
                self.cuts.append((end, end, _tag("input", {"type": "hidden", "name": self._mark[0], "value": self._mark[1]})))
        elif self._inside and tag == "input" and name:
            self._fill_input(name, given, start, end)
        elif self._inside and tag == "select":
            self._select = name
        elif self._inside and tag == "option" and self._select in self.typed:
            given.pop("selected", None)
            self.cuts.append((start, end, _tag("option", given | self._chosen(self._select, given.get("value") or "", "selected"))))
        elif self._inside and tag == "textarea" and self.typed.get(name):
            self._written = end, self.typed[name].pop(0)

    def handle_endtag(self, tag: str) -> None:
        """Here what was written in a text ends, and the form does."""
        if tag == "textarea" and self._written is not None:
            start, text = self._written
            self.cuts.append((start, self._at(), f"\n{escape(text)}"))
            self._written = None
        elif tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False

    def _fill_input(self, name: str, given: Given, start: int, end: int) -> None:
        kind = (given.get("type") or "text").lower()
        if kind in NOT_TYPED:
            self.typed.pop(name, None)
        elif kind in {"checkbox", "radio"}:
            given.pop("checked", None)
            self.cuts.append((start, end, _tag("input", given | self._chosen(name, given.get("value") or "on", "checked"))))
        elif self.typed.get(name):
            self.cuts.append((start, end, _tag("input", given | {"value": self.typed[name].pop(0)})))

    def _chosen(self, name: str, value: str, word: str) -> Given:
        values = self.typed.get(name, [])
        if value not in values:
            return {}
        values.remove(value)
        return {word: None}
