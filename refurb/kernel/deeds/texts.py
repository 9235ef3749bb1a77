"""Texts that a territory may word otherwise, letters and papers: each is a policy of named passages, with fields between braces."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from textwrap import shorten
from typing import Any

from marshmallow import ValidationError

from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly, is_read_as_kept, read
from refurb.kernel.deeds.policy_entries import PartEntry, PolicyEntry, TextEntry
from refurb.kernel.speech.short_messages import MOST_PARTS, Measured, for_telephone, measured
from refurb.kernel.speech.typography import french
from refurb.kernel.speech.words import _, _l, _lp, language

_FIELD = re.compile(r"\{(\w+)\}")
_BRACE = re.compile(r"[{}]")
_PARAGRAPHS = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True)
class TextField:
    """What may stand in a text: `name` as the code fills it, `word` as the text writes it between braces, `label` what stands there.

    `usual` is how many letters it is about, for what is counted before it is filled.
    """

    name: str
    word: str
    label: Any
    usual: int = 20

    def __str__(self) -> str:
        return "{" + self.word + "}"


class PassageEntry(TextEntry):
    """One passage of a text. Of its `fields` those of `needs` have to stand in it; one line, unless it keeps its `lines`.

    One that came `later` than its text is said as it came with the product by a version that was adopted before.
    """

    def __init__(
        self, fields: Iterable[TextField] = (), needs: Iterable[TextField] = (), *, lines: bool = False, later: bool = False, **options: Any
    ) -> None:
        self.needs = tuple(needs)
        self.fields = (*self.needs, *(each for each in fields if each not in self.needs))
        self.lines, self.later = lines, later
        if later:
            options["load_default"] = None
        options.setdefault("longest", 4000)
        super().__init__(**options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        wrong = list(self._wrong(text))
        if wrong:
            raise ValidationError(wrong)
        return text

    def _wrong(self, text: str) -> Iterable[Wrongly]:
        if not self.lines and "\n" in text:
            yield Wrongly("must be one line", "policy.one_line")
        if _BRACE.search(_FIELD.sub("", text)):
            yield Wrongly("may hold braces around the name of a field alone", "policy.brace")
        words = {each.word: each for each in self.fields}
        said = dict.fromkeys(_FIELD.findall(text))
        known = ", ".join(map(str, self.fields)) or "–"
        for word in said:
            if word not in words:
                yield _unknown(word, words, known)
        for each in self.needs:
            if each.word not in said:
                yield Wrongly(f"must hold {each}", "policy.field_missing", field=str(each), what=each.label)

    @property
    def said_fields(self) -> str:
        """The fields as a page lists them; "" for a passage that has none."""
        if not self.fields:
            return ""
        said = [_("%(field)s (%(what)s)", field=str(each), what=str(each.label)) for each in self.fields]
        return _("Champs : %(fields)s.", fields=", ".join(said))


class ShortEntry(PassageEntry):
    """A passage that is sent to a telephone: of more than three messages none is adopted, its fields counted as long as they usually are.

    One that was adopted before stays in force: its letter beside it is not to be said in other words.
    """

    def _wrong(self, text: str) -> Iterable[Wrongly]:
        yield from super()._wrong(text)
        found = self.measured(text)
        if found.parts > MOST_PARTS and not is_read_as_kept():
            said = f"would be sent as {found.parts} messages, {MOST_PARTS} at most"
            yield Wrongly(said, "policy.too_many_messages", parts=found.parts, most=MOST_PARTS, letters=found.letters)

    def measured(self, text: str) -> Measured:
        """How long a text of this passage is on its way, about."""
        usual = {each.word: "x" * each.usual for each in self.fields}
        return measured(for_telephone(_FIELD.sub(lambda found: usual.get(found[1], ""), text)))


def _unknown(word: str, words: Mapping[str, Any], known: str) -> Wrongly:
    near = get_close_matches(word, words, 1, 0.5)
    told = f"knows no field {{{word}}}"
    if near:
        return Wrongly(f"{told}: {{{near[0]}}}?", "policy.field_unknown_near", field=f"{{{word}}}", near=f"{{{near[0]}}}", known=known)
    return Wrongly(f"{told}, only: {known}", "policy.field_unknown", field=f"{{{word}}}", known=known)


LANGUAGES = {"fr": _lp("language", "Français"), "en": _lp("language", "Anglais")}


def both(
    fields: Iterable[TextField] = (),
    needs: Iterable[TextField] = (),
    *,
    label: Any,
    lines: bool = False,
    law: Any = None,
    may_lack: bool = False,
    of: type[PassageEntry] = PassageEntry,
) -> PartEntry:
    """A passage that stands in every language of the service, side by side; without its translation, the French one is said.

    One that `may_lack` need not be there at all.
    """
    translated: dict[str, Any] = {"load_default": None}
    entries = {
        each: of(fields, needs, lines=lines, label=said, law=law, **(translated if may_lack or each != "fr" else {}))
        for each, said in LANGUAGES.items()
    }
    return PartEntry(_schema("InLanguages", entries), label=label, **({"load_default": dict} if may_lack else {}))


def counted(
    fields: Iterable[TextField] = (), needs: Iterable[TextField] = (), *, label: Any, of: type[PassageEntry] = PassageEntry, **options: Any
) -> PartEntry:
    """A passage that has a plural; of one and of nought, the first is said."""
    entries = {
        "one": of(fields, needs, label=_l("Pour un, ou aucun"), **options),
        "many": of(fields, needs, label=_l("À partir de deux"), **options),
    }
    return PartEntry(_schema("Counted", entries), label=label)


def together(label: Any, entries: Mapping[str, PolicyEntry], **options: Any) -> PartEntry:
    """Passages that belong together under a name."""
    return PartEntry(_schema("Together", entries), label=label, **options)


def _schema(name: str, entries: Mapping[str, PolicyEntry]) -> type[PolicySchema]:
    made: type[PolicySchema] = PolicySchema.from_dict(dict(entries), name=name)  # type: ignore[assignment]
    return made


@dataclass(frozen=True)
class Wording:
    """The passages of a text by their paths (« closing », « refused.body »), and the version by which what is written remembers it."""

    version: str
    passages: Mapping[str, str]
    entries: Mapping[str, PassageEntry]

    def say(self, passage: str, /, **facts: Any) -> str:
        """A passage in the language of the moment, its fields filled by their names; a paragraph whose fields are all empty is left out.

        Raises `KeyError` for a passage that there is not, and for a field that is not filled.
        """
        path = f"{passage}.{language()}"
        path = path if path in self.passages else f"{passage}.fr" if f"{passage}.fr" in self.passages else passage
        return self._filled(path, facts, is_french=not path.endswith(".en"))

    def say_in(self, part: str, passage: str, /, *, is_french: bool, **facts: Any) -> str:
        """A passage of one part of the text, whatever the language of the moment: where each part is a language of its own."""
        return self._filled(f"{part}.{passage}", facts, is_french=is_french)

    def _filled(self, path: str, facts: Mapping[str, Any], *, is_french: bool) -> str:
        filled = {each.word: str(facts[each.name]) for each in self.entries[path].fields}
        return _said(_set(self.passages[path], is_french=is_french), filled)

    def points(self, passage: str, /, **facts: Any) -> list[str]:
        """The lines of a passage, each a point of a list."""
        return [line for each in self.say(passage, **facts).splitlines() if (line := each.strip())]

    def paragraphs(self, passage: str, /, **facts: Any) -> list[str]:
        """The paragraphs of a passage; none where the text does not have it."""
        there = any(path in self.passages for path in (passage, f"{passage}.fr", f"{passage}.{language()}"))
        return _PARAGRAPHS.split(self.say(passage, **facts)) if there else []

    def say_n(self, passage: str, number: int, /, **facts: Any) -> str:
        """A passage that has a plural, in its right number."""
        return self.say(f"{passage}.{'one' if number < 2 else 'many'}", **facts)

    @property
    def opening(self) -> str:
        """How the text begins, for a list: its subject, where it has one."""
        subject = next((path for path in self.passages if path.startswith("subject")), next(iter(self.passages)))
        return french(shorten(self.passages[subject], 120, placeholder=" …"))


@cache
def _set(text: str, *, is_french: bool) -> str:
    return french(text) if is_french else text


def _said(text: str, filled: Mapping[str, str]) -> str:
    """The text with its fields filled, less the paragraphs that had nothing else to say."""
    told = []
    for paragraph in _PARAGRAPHS.split(text):
        words = _FIELD.findall(paragraph)
        if not words or any(filled[word] for word in words):
            told.append(_FIELD.sub(lambda found: filled[found[1]], paragraph))
    return "\n\n".join(told)


def text_file(name: str, title: Any, group: PolicyGroup, entries: Mapping[str, PolicyEntry]) -> PolicyFile[Wording]:
    """The policy that a text is. Passages that the law fixes are said as they came with the product, whatever a version of before says."""
    flat = dict(_flat(entries))

    def make(checked: dict[str, Any], version: str) -> Wording:
        passages = dict(_flat(checked))
        shipped = _shipped(name) if any(each.law or each.later for each in flat.values()) else {}
        said = (path for path, each in flat.items() if each.law or (each.later and not passages.get(path)))
        passages |= {path: shipped[path] for path in said if path in shipped}
        return Wording(version, {path: text for path in flat if (text := passages.get(path))}, flat)

    return PolicyFile(name, PartEntry(_schema(name, entries)), make, title, group, lambda made: made.opening)


@cache
def _shipped(name: str) -> Mapping[str, str]:
    return dict(_flat(read(name).content))


def _flat(inside: Mapping[str, Any], path: str = "") -> Iterable[tuple[str, Any]]:
    """Each passage, or its entry, by its path."""
    for key, each in inside.items():
        here = f"{path}.{key}" if path else key
        inner = each.schema.declared_fields if isinstance(each, PartEntry) else each
        if isinstance(inner, Mapping):
            yield from _flat(inner, here)
        else:
            yield here, each
