"""What comes in about policies: the form of a policy's values, made from the entries of its schema, and the facts of an adoption."""

from collections.abc import Iterable
from typing import Any

from marshmallow import Schema

from refurb.directory.policies.edits import is_row
from refurb.directory.policies.leaves import Leaf, Unsaid
from refurb.kernel.deeds.policy_entries import DayEntry, FigureEntry, HourEntry, PolicyEntry, TextEntry, WholeEntry, WordEntry, YesNoEntry
from refurb.kernel.deeds.texts import PassageEntry, ShortEntry
from refurb.kernel.speech.words import _, _l, _lp, _n, _p
from refurb.kernel.web.fields import Date, LongText, Text

LONGEST_TEXT = 200_000
_LONG = 70


class PolicyAdoption(Schema):
    """From when a policy is in force, who decided it, and why."""

    in_force_from = Date(_l("En vigueur à partir du"), required=True, future=True, past=False)
    decided_by = Text(_l("Qui a décidé ?"), help=_l("Une instance ou une personne : « le bureau du 3 mars »."), required=True, max=160)
    reason = LongText(_l("Pourquoi ?"), help=_l("Cette raison reste écrite à côté de la version."), required=True, max=500)


class PolicyText(Schema):
    """The whole text of a policy, as the file has it."""

    text = LongText(
        _l("Texte de la règle"),
        help=_l("Au format TOML, comme « Exporter » le donne."),
        max=LONGEST_TEXT,
        sometimes=True,
        attrs={"class": "mono policy-text", "spellcheck": "false", "rows": 24},
    )


def form_of(leaves: Iterable[Leaf]) -> type[Schema]:
    """A form with one field for each value that the territory may change, named by its path."""
    return Schema.from_dict({each.name: _field(each) for each in leaves if not each.law}, name="PolicyValues")


def _field(leaf: Leaf) -> Text:
    entry = leaf.entry
    label = leaf.labels[-1]
    if unit := getattr(entry, "unit", None):
        label = _("%(label)s (%(unit)s)", label=label, unit=str(unit))
    widget, attrs = _drawn(entry, None if leaf.value is Unsaid else leaf.value)
    if isinstance(entry, ShortEntry):
        attrs = attrs | {"data-length": ""}
    made = LongText if isinstance(entry, PassageEntry) and entry.lines else Text
    return made(
        label,
        help=" ".join(part for part in (_help(leaf), _otherwise(leaf)) if part),
        max=entry.longest if isinstance(entry, TextEntry) else 4000,
        widget=widget,
        attrs=attrs,
        choices=(lambda: _offered(entry)) if widget == "select" else None,
        required=bool(getattr(entry, "required", False)) and not is_row(entry),
        attribute=flat(leaf.name),
        sometimes=is_row(entry),
    )


def _otherwise(leaf: Leaf) -> str:
    """What holds where nothing is said."""
    default = leaf.entry.load_default if leaf.value is Unsaid else None
    if default is None or default == ():
        return ""
    said = (_("oui") if default else _("non")) if isinstance(default, bool) else str(default)
    return _("Sans réponse : %(value)s.", value=said)


def flat(name: str) -> str:
    """The name of a value among loaded facts, where a point would mean a table inside another."""
    return name.replace(".", "/")


_DRAWN: tuple[tuple[type[PolicyEntry], str, dict[str, Any]], ...] = (
    (YesNoEntry, "select", {}),
    (WordEntry, "select", {}),
    (WholeEntry, "number", {"inputmode": "numeric", "class": "w-short"}),
    (FigureEntry, "text", {"inputmode": "decimal", "class": "w-short"}),
    (DayEntry, "date", {}),
    (HourEntry, "time", {"class": "w-short"}),
)


def _drawn(entry: Any, value: Any) -> tuple[str, dict[str, Any]]:
    """The widget of an entry and its attributes."""
    for kind, widget, attrs in _DRAWN:
        if isinstance(entry, kind):
            return widget, attrs | ({"min": entry.least, "max": entry.most} if isinstance(entry, WholeEntry) else {})
    if isinstance(entry, PassageEntry):
        return "textarea", {"rows": _rows(str(value))}
    if isinstance(value, str):
        return ("textarea" if len(value) > _LONG else "text"), {}
    return "text", {"autocomplete": "off", "spellcheck": "false"}


def _rows(text: str) -> int:
    """How many lines a text takes in a form, about."""
    return min(2 + sum(1 + len(line) // _LONG for line in text.splitlines()), 24) if len(text) > _LONG else 2


def _offered(entry: Any) -> list[tuple[str, str]]:
    if isinstance(entry, YesNoEntry):
        return _optional(entry, [("yes", _p("policy", "Oui")), ("no", _p("policy", "Non"))])
    return _optional(entry, [(each, str(_said(entry, each))) for each in entry.words])


def _optional(entry: Any, offered: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return offered if entry.required else [("", _("Rien de dit")), *offered]


def _said(entry: WordEntry, word: str) -> Any:
    return next((said for each, said in entry.says.items() if str(each) == word), word)


def _help(leaf: Leaf) -> str:
    row = _row_help(leaf.entry.inner) if is_row(leaf.entry) else ""
    return " ".join(each for each in (meaning(leaf.entry, leaf.value), row) if each)


def meaning(entry: Any, value: Any = None) -> str:
    """What an entry means beside its label, and between which bounds it lies; of a text for a telephone, how long this one is."""
    found = [str(entry.help)] if getattr(entry, "help", None) else []
    if isinstance(entry, PassageEntry) and entry.said_fields:
        found.append(entry.said_fields)
    if isinstance(entry, ShortEntry) and isinstance(value, str):
        found.append(length_of(entry, value))
    if isinstance(entry, WholeEntry | FigureEntry):
        found.append(_("De %(least)s à %(most)s.", least=f"{entry.least:.10g}", most=f"{entry.most:.10g}"))
    return " ".join(found)


def length_of(entry: ShortEntry, text: str) -> str:
    """How long a text for a telephone is on its way."""
    found = entry.measured(text)
    return _n(
        "Environ %(letters)s signes, champs compris : %(num)s SMS.", "Environ %(letters)s signes, champs compris : %(num)s SMS.",
        found.parts, letters=found.letters,
    )  # fmt: skip


def _row_help(inner: Any) -> str:
    if said := getattr(inner, "says", None):
        words = ", ".join(_("%(key)s pour %(word)s", key=str(each), word=str(word)) for each, word in said.items())
        return _("Séparés par des virgules : %(words)s.", words=words)
    if isinstance(inner, WordEntry):
        return _("Séparés par des virgules, parmi : %(words)s.", words=", ".join(inner.words))
    return _("Séparés par des virgules.")


GROUPS = {
    "families": _l("Pour les familles"),
    "donors": _l("Pour les donateurs"),
    "workshop": _l("Pour l'atelier"),
    "loans": _l("Pour les prêts"),
    "house": _l("Pour la maison"),
    "letters": _l("Textes des lettres"),
    "papers": _l("Textes des documents"),
    "pages": _l("Textes des pages publiques"),
}
GENERAL_LABEL = _lp("policy", "Général")
