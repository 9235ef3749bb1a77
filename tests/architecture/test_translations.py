"""Not one sentence outside the catalogues, and each of them in both languages, with the same places for facts."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po
from flask_babel import force_locale
from jinja2 import Environment, nodes

from refurb import wiring
from refurb.kernel.speech.words import _lp, _p

REFURB = Path(__file__).parents[2] / "refurb"
TEMPLATES = sorted((REFURB / "templates").rglob("*.html"))
TRANSLATIONS = REFURB / "translations"

KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "_": None,
    "_l": None,
    "_n": (1, 2),
    "_p": ((1, "c"), 2),
    "_lp": ((1, "c"), 2),
    "lazy_gettext": None,
    "translate": None,
}
GETTEXT = frozenset(KEYWORDS)
PLACE = re.compile(r"%\((\w+)\)")

# Attributes that are read aloud or shown.
SPOKEN = {
    "alt",
    "title",
    "placeholder",
    "aria-label",
    "aria-description",
    "aria-roledescription",
    "label",
    "data-th",
    "data-close",
    "data-too-big",
}
# Names that are the same in every language, and units of measure.
NAMES = re.compile(r"[A-Z0-9][A-Z0-9-]*\Z|kg\Z|mm\Z|cm\Z|GHz\Z")
CODE_LIKE = re.compile(r"[a-z0-9_ /.#:%?=&<>-]*\Z")

_PIECE = "\ue000"
# A macro that answers with attributes, not with words.
ATTRIBUTE = re.compile(r"""([\w-]*)=("[^"]*"|'[^']*')""")
_jinja = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


def sentences_in(text: str) -> bool:
    return any(any(letter.isalpha() for letter in word) and not NAMES.match(word.strip(".,:;()")) for word in text.split())


class Words(HTMLParser):
    """Collects the words of a page that are not an expression."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self.feed(source)
        self.close()

    def handle_data(self, data: str) -> None:
        words = ATTRIBUTE.sub(lambda found: found[0] if found[1] in SPOKEN else "", data.replace(_PIECE, " "))
        if sentences_in(words):
            self.found.append((self.getpos()[0], words.strip()))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        for name, value in attrs:
            spoken = name in SPOKEN or (name == "value" and tag == "input" and told.get("type") in {"submit", "button", "reset"})
            spoken = spoken or (name == "content" and told.get("name") == "description")
            if spoken and value and sentences_in(value.replace(_PIECE, " ")):
                self.found.append((self.getpos()[0], f"{name}={value}"))


def words_of_markup(source: str) -> list[tuple[int, str]]:
    """The lines and words of a template that stand in its markup, outside {% trans %} and the block of the page's class."""
    shown: list[str] = []
    skipping = False
    statement: list[str] = []
    for _, kind, value in _jinja.lexer.tokeniter(source, None):
        newlines = "\n" * value.count("\n")
        if kind == "data" and not skipping:
            shown.append(value)
            continue
        shown.append((_PIECE if kind.endswith("_begin") else "") + newlines)
        if kind.endswith("_begin"):
            statement = []
        elif kind == "name":
            statement.append(value)
        elif kind == "block_end":
            if statement[:1] == ["trans"] or statement == ["block", "width"]:
                skipping = True
            elif statement[:1] in (["endtrans"], ["endblock"]):
                skipping = False
    return Words("".join(shown)).found


def looks_spoken(text: str) -> bool:
    """Whether a string of the code looks like a word for people: an accent, a capital before small letters."""
    return not CODE_LIKE.match(text) and bool(re.search(r"[À-ÿœŒ«»’]|\b[A-Z][a-z]{2,}\b", text))


def words_of_expressions(source: str) -> list[tuple[int, str]]:
    """The strings of a template's expressions that look like words for people, outside gettext."""
    found: list[tuple[int, str]] = []

    def visit(node: nodes.Node) -> None:
        if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in GETTEXT:
            for argument in node.kwargs:
                visit(argument)
            return
        if isinstance(node, nodes.Const) and isinstance(node.value, str) and looks_spoken(node.value):
            found.append((node.lineno, node.value))
        for child in node.iter_child_nodes():
            visit(child)

    visit(_jinja.parse(source))
    return found


def test_a_template_says_nothing_outside_the_catalogue():
    loose = []
    for template in TEMPLATES:
        source, name = template.read_text(encoding="utf-8"), template.relative_to(REFURB.parent)
        loose += [f"{name}:{line}: {words}" for line, words in words_of_markup(source) + words_of_expressions(source)]
    assert loose == [], "\n".join(loose)


@pytest.mark.parametrize(
    "source",
    [
        "<p>Bonjour</p>",
        '<img alt="Un robot">',
        '<input type="submit" value="Valider">',
        '<td data-th="Quantité">{{ n }}</td>',
        "<p>{{ n }} jours</p>",
        "<p>{{ _('Bonjour') }} Samira</p>",
        '<a href="/x"{% if y %} title="Ouvrir"{% endif %}>{{ y }}</a>',
        '{{ ui.badge("ok", "circle-check", "Prêt") }}',
        '{{ name or "Aucun" }}',
        '{{ _("%(x)s fois", x="Deux") }}',
    ],
)
def test_a_loose_word_is_seen(source: str):
    assert words_of_markup(source) + words_of_expressions(source)


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ _('Bonjour') }} · {{ n }} / 3 PDF</p>",
        "<p>{% trans count=n %}{{ count }} jour{% pluralize %}{{ count }} jours{% endtrans %}</p>",
        '<a class="btn btn-main" href="/x"{% if y %} aria-current="page"{% endif %}>{{ icon("house") }}</a>',
        '<input type="hidden" value="oui">',
        '{# Bonjour #}<meta name="viewport" content="width=device-width">',
        "{% block width %}page-narrow{% endblock %}",
        '{%- macro _attrs(f) -%}{% if f.id %} aria-describedby="{{ f.id }}-h"{% endif %}{%- endmacro -%}',
        '{{ "x" if request.method == "GET" else "number-12" }}',
    ],
)
def test_what_is_not_a_word_is_let_be(source: str):
    assert words_of_markup(source) + words_of_expressions(source) == []


# Catalogues ------------------------------------------------------------------------------------------------------------------


Key = tuple[str, str | None]


@cache
def found() -> tuple[tuple[str, int, tuple[str, ...], str | None], ...]:
    """Each place of code and pages that says something: its file, its line, the forms of the sentence, its context."""
    methods = [
        ("**.py", "python"),
        ("**/templates/**.html", "jinja2.ext:babel_extract"),
        ("**/templates/**.txt", "jinja2.ext:babel_extract"),
    ]
    return tuple(
        (file, line, message if isinstance(message, tuple) else (message,), context)
        for file, line, message, _, context in extract_from_dir(REFURB, method_map=methods, keywords=KEYWORDS)
    )


@cache
def extracted() -> dict[Key, tuple[str, ...]]:
    """Each French sentence of code and pages, with its context: its singular, and its forms."""
    gathered: dict[Key, tuple[str, ...]] = {}
    for _, _, forms, context in found():
        key = forms[0], context
        gathered[key] = max(gathered.get(key, ()), forms, key=len)
    return gathered


@cache
def catalogue(language: str, domain: str) -> Catalog:
    with (TRANSLATIONS / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=language, domain=domain)


def entries(kept: Catalog) -> dict[Key, Message]:
    return {(message.id if isinstance(message.id, str) else message.id[0], message.context): message for message in kept if message.id}


def refusals(language: str) -> dict[str, Message]:
    return {code: message for (code, _), message in entries(catalogue(language, "refusals")).items()}


def forms_of(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def places(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for name in PLACE.findall(form)}


def test_every_french_sentence_is_in_english():
    english = entries(catalogue("en", "messages"))
    missing = [f"{text!r}" for text in extracted() if text not in english]
    assert missing == [], "not in en/messages.po:\n" + "\n".join(missing)


def test_no_english_sentence_is_empty_or_guessed():
    faulty = [text for text, message in entries(catalogue("en", "messages")).items() if message.fuzzy or not all(forms_of(message))]
    assert faulty == []


def test_no_english_sentence_has_lost_its_french():
    english = catalogue("en", "messages")
    assert sorted(set(entries(english)) - set(extracted()), key=str) == []
    assert list(english.obsolete) == []


def test_the_english_sentences_have_the_same_places_and_forms():
    english = entries(catalogue("en", "messages"))
    differing = [
        text
        for text, forms in extracted().items()
        if text in english and (places(forms) != places(forms_of(english[text])) or len(forms_of(english[text])) != len(forms))
    ]
    assert differing == []


def test_a_msgid_is_typed_with_plain_spaces_and_apostrophes():
    set_by_hand = [text for forms in extracted().values() for text in forms if re.search("[\u00a0\u202f’]", text)]
    assert set_by_hand == [], "the output filter sets the spaces and apostrophes"


# Bare words ------------------------------------------------------------------------------------------------------------------

# The words that mean one thing on every screen, so that one English word serves them all.
ONE_SENSE = frozenset((TRANSLATIONS / "one-sense.txt").read_text(encoding="utf-8").splitlines()[1:])


def package_of(file: str) -> str:
    """The package that says a word: the pages of a package are its own, those of the whole house are the kernel's."""
    *folders, _ = Path(file).parts
    if folders[:1] == ["templates"]:
        return folders[1] if len(folders) > 1 else "kernel"
    return folders[0] if folders else "wiring"


@cache
def shared_words() -> frozenset[str]:
    """The bare words, of two words or fewer, that two packages say without a context."""
    said: dict[str, set[str]] = {}
    for file, _, forms, context in found():
        if context is None and len(forms[0].split()) <= 2 and not PLACE.search(forms[0]):
            said.setdefault(forms[0], set()).add(package_of(file))
    return frozenset(word for word, packages in said.items() if len(packages) > 1)


def test_a_bare_word_that_two_packages_say_has_a_context():
    assert sorted(shared_words() - ONE_SENSE) == [], "say it with _p or _lp, or look at each screen and add it to one-sense.txt"


def test_the_list_of_words_with_one_sense_holds_no_other():
    assert sorted(ONE_SENSE - shared_words()) == []


@pytest.mark.parametrize("machine", wiring.MACHINES, ids=lambda machine: machine.kind)
def test_a_word_of_a_life_cycle_says_whose_it_is(machine):
    words = [look.word for look in machine.looks.values()]
    words += [word for move in machine.moves for word in (move.label, move.done) if " " not in word._message]
    bare = [word._message for word in words if len(word._message.split()) <= 2 and word._context != machine.kind]
    assert bare == []


def test_a_machine_that_is_ready_is_not_a_loan(make_app):
    with make_app().test_request_context(), force_locale("en"):
        assert _p("device", "Prêt") == "Ready"
        assert _p("loan", "Prêt") == "Loan"
        assert str(_lp("ceremony", "En cours")) == "Under way"


def test_a_letter_is_a_courriel_everywhere():
    said = [form for forms in extracted().values() for form in forms]
    said += [form for kept in refusals("fr").values() for form in forms_of(kept)]
    said += [line for file in (REFURB.parent / "config/policy").glob("*.toml") for line in file.read_text(encoding="utf-8").splitlines()]
    assert [PLACE.sub("", each) for each in said if re.search(r"\be-?mails?\b", PLACE.sub("", each), re.IGNORECASE)] == []


# Refusals --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_refusal_agrees_with_a_count_that_it_does_not_know(language: str):
    # « Encore dehors : 1 » is right of one and of many, « 3 support » needs a plural; upload.one_file counts two at least.
    single = {code: forms for code, kept in refusals(language).items() if len(forms := forms_of(kept)) == 1}
    assert [code for code, forms in single.items() if re.search(r"%\(count\)s \w", forms[0])] in ([], ["upload.one_file"])


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_refusal_has_its_sentence(language: str):
    sentences = refusals(language)
    missing = [f"{code} ({places})" for code, places in sorted(codes().items()) if code not in sentences]
    assert missing == [], f"not in {language}/refusals.po:\n" + "\n".join(missing)
    assert [code for code, message in sentences.items() if message.fuzzy or not all(forms_of(message))] == []


def test_the_refusals_are_the_same_in_both_languages():
    french, english = refusals("fr"), refusals("en")
    assert set(french) == set(english)
    assert [code for code in french if places(forms_of(french[code])) != places(forms_of(english[code]))] == []


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for file in sorted(REFURB.rglob("*.py")):
        yield file, ast.parse(file.read_text(encoding="utf-8"))


def name_of(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


@cache
def refusing_classes() -> set[str]:
    """Whatever carries a code of the refusals catalogue: Refusal, its heirs, and the faults of fields."""
    bases = {
        node.name: {name_of(base) for base in node.bases}
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"Refusal", "Fault", "Wrong"} & (set(bases) | {"Wrong"})
    while grown := {name for name, above in bases.items() if above & known} - known:
        known |= grown
    return known


def told_codes(call: ast.Call) -> Iterator[str]:
    arguments = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
    for argument in arguments:
        branches = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        yield from (each.value for each in branches if isinstance(each, ast.Constant) and isinstance(each.value, str))


@cache
def codes() -> dict[str, str]:
    """Each code that the code base can refuse with, and where it stands."""
    found: dict[str, str] = {}
    for file, tree in modules():
        for node in ast.walk(tree):
            given: list[str] = []
            if isinstance(node, ast.Call) and name_of(node.func) in refusing_classes():
                given = list(told_codes(node))
            elif isinstance(node, ast.ClassDef) and node.name in refusing_classes():
                given = [
                    each.value.value
                    for each in node.body
                    if isinstance(each, ast.Assign | ast.AnnAssign)
                    and name_of(each.targets[0] if isinstance(each, ast.Assign) else each.target) == "code"
                    and isinstance(each.value, ast.Constant)
                    and isinstance(each.value.value, str)
                ]
            for code in given:
                found.setdefault(code, f"{file.relative_to(REFURB.parent)}:{node.lineno}")
    return found


def test_the_refusals_are_found_in_the_code():
    assert {"refused", "forbidden", "not_found", "conflict"} <= set(codes())
    assert "field.required" in codes()
