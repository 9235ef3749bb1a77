"""What is constant in a template is put in place when it is compiled, and every page is the same as if it were not."""

import re
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex

import pytest
from flask import Flask, render_template
from flask_babel import force_locale
from jinja2 import DictLoader
from markupsafe import Markup

from refurb import create_app
from refurb.kernel.deeds.access import Role
from refurb.kernel.web import compiled, inlining, templating
from refurb.kernel.web.templating import shown
from tests.conftest import settings
from tests.support.client import checking
from tests.support.story import people

RANDOM = re.compile(r'name="(csrf_token|_key)" value="[^"]*"')


@pytest.fixture
def templates(app: Flask) -> Iterator[dict[str, str]]:
    """Templates of this test's own."""
    kept = app.jinja_env.loader
    written: dict[str, str] = {}
    app.jinja_env.loader = DictLoader(written)
    for each in app.jinja_env.spoken.values():  # type: ignore[attr-defined]  # of ours
        each.loader = app.jinja_env.loader
    yield written
    app.jinja_env.loader = kept
    for each in app.jinja_env.spoken.values():  # type: ignore[attr-defined]  # of ours
        each.loader = kept


def test_a_template_is_compiled_once_whoever_asks_meanwhile(app, templates, monkeypatch):
    templates["t.html"] = f"{{{{ 1 + 1 }}}}{{# {token_hex()} #}}"  # No other test has had this one compiled.
    compiled: list[str] = []
    compiling = templating.SpokenEnvironment.compile

    another = threading.Event()

    def slowly(self: templating.SpokenEnvironment, source: str, name: str, *rest: object) -> object:
        compiled.append(name)
        if len(compiled) > 1:
            another.set()
        another.wait(0.05)  # Time enough for another to come in.
        return compiling(self, source, name, *rest)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(templating.SpokenEnvironment, "compile", slowly)
    drawn: list[str] = []
    threads = [threading.Thread(target=lambda: drawn.append(_drawn(app, "fr"))) for _number in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (drawn, compiled) == (["2", "2"], ["t.html"])


def _drawn(app: Flask, spoken: str) -> str:
    with app.test_request_context(), force_locale(spoken):
        return render_template("t.html")


def _code(app: Flask) -> str:
    _drawn(app, "fr")
    french = app.jinja_env.spoken["fr"]  # type: ignore[attr-defined]  # of ours
    return str(french.compile(french.loader.get_source(french, "t.html")[0], "t.html", raw=True))


def test_each_language_has_its_own(app, templates):
    templates |= {
        "t.html": '{% extends "base.t" %}{% block in %}{{ _("Chercher") }}{% endblock %}',
        "base.t": '{{ _("Aide") }} {% block in %}{% endblock %}',
    }
    for _turn in range(2):
        assert _drawn(app, "fr") == "Aide Chercher"
        assert _drawn(app, "en") == "Help Search"


def test_a_sentence_is_said_when_the_page_is_compiled(app, templates):
    templates["t.html"] = '<p>{{ _("L\'aide & <vous>") }}</p>{% if here %}{{ here }}{% endif %}'
    with app.app_context():
        code = _code(app)
    assert "L’aide &amp; &lt;vous&gt;" in code
    assert "resolve('_')" not in code
    assert "yield shown(" in code  # What is shown is not wrapped first.
    assert _drawn(app, "fr") == "<p>L’aide &amp; &lt;vous&gt;</p>"


def test_what_changes_is_not_constant(app, templates):
    templates["t.html"] = '{% for word in ["Aide", "Chercher"] %}{{ _(word) }} {% endfor %}{{ _("%(n)s sur %(m)s", n=1, m=2) }}'
    assert _drawn(app, "en").startswith("Help Search ")


def test_an_icon_given_to_a_macro_is_still_markup(app, templates):
    templates["t.html"] = '{% macro box(inside) %}<b>{{ inside }}</b>{% endmacro %}{{ box(icon("info")) }}{{ box("<i>") }}'
    assert _drawn(app, "fr").startswith("<b><svg")
    assert _drawn(app, "fr").endswith("<b>&lt;i&gt;</b>")


@pytest.mark.parametrize("own", ["{% set icon = say %}", "{% macro icon(name) %}own {{ name }}{% endmacro %}"])
def test_a_name_that_a_template_uses_for_itself_is_left_alone(app, templates, own):
    templates["t.html"] = "{% macro say(name) %}own {{ name }}{% endmacro %}" + own + '{{ icon("info") }}'
    assert _drawn(app, "fr") == "own info"


def test_an_icon_that_does_not_exist_fails_the_page_that_asks_for_it(app, templates):
    templates["t.html"] = '{% if missing %}{{ icon("no-such-icon") }}{% endif %}fine'
    assert _drawn(app, "fr") == "fine"
    templates["t.html"] = '{{ icon("no-such-icon") }}'
    app.jinja_env.spoken["fr"].cache.clear()  # type: ignore[attr-defined]  # of ours
    with pytest.raises(LookupError):
        _drawn(app, "fr")


@pytest.mark.parametrize("value", ["a", "<b> & \"c\" 'd'", Markup("<b>"), 7, None, 1.5])
def test_what_is_shown_is_what_jinja_shows(app, value):
    assert shown(value) == str(Markup("%s") % value)
    assert type(shown(value)) is not Markup


def _started(home: Path, backend_url: str) -> Flask:
    return create_app(settings(home, backend_url))


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder in which this test's applications keep what they compile, and a shell that lets them."""
    monkeypatch.setattr(compiled, "FOLDER", tmp_path / "kept" / "templates")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    return tmp_path / "kept" / "templates"


def _compiling(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    asked: list[tuple[str, str]] = []
    compiling = templating.SpokenEnvironment.compile

    def counting(self: templating.SpokenEnvironment, source: str, name: str, *rest: object) -> object:
        asked.append((self.language, name))
        return compiling(self, source, name, *rest)  # type: ignore[call-overload]  # handed on as it came

    monkeypatch.setattr(templating.SpokenEnvironment, "compile", counting)
    return asked


def _door(app: Flask, spoken: str = "fr") -> str:
    with app.test_request_context("/connexion"), force_locale(spoken):
        return RANDOM.sub("", render_template("error.html", code=404, kind=""))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_one_process_compiled_another_reads(database_url, home, kept, monkeypatch):
    asked = _compiling(monkeypatch)
    first = _door(_started(home, database_url))
    assert ("fr", "error.html") in asked
    assert list(kept.iterdir())
    asked.clear()
    assert _door(_started(home, database_url)) == first
    assert asked == []
    assert 'lang="en"' in _door(_started(home, database_url), "en")
    assert ("en", "error.html") in asked, "the other language has its own"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_it_is_compiled_anew_when_what_is_put_in_changes(database_url, home, kept, monkeypatch):
    asked = _compiling(monkeypatch)
    _door(_started(home, database_url))
    files = len(list(kept.iterdir()))
    asked.clear()
    monkeypatch.setattr(compiled, "PUT_IN", ("static/css/*",))
    _door(_started(home, database_url))
    assert ("fr", "error.html") in asked
    assert len(list(kept.iterdir())) == files, "written over"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("damage", [b"", b"j2", b"nothing of the kind"])
def test_a_damaged_file_is_written_anew(database_url, home, kept, damage):
    first = _door(_started(home, database_url))
    for each in kept.iterdir():
        each.write_bytes(each.read_bytes()[:12] + damage if damage else damage)
    assert _door(_started(home, database_url)) == first
    assert all(each.stat().st_size > 100 for each in kept.iterdir())


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_where_nobody_may_write_each_process_compiles_its_own(database_url, home, kept):
    kept.parent.write_text("a file where the folder would be", encoding="utf-8")
    assert "<h1" in _door(_started(home, database_url))


CELLS = (
    '{% macro td(label, value="", cls="") %}<td{% if label %} data-th="{{ label }}"{% endif %}{% if cls %} class="{{ cls }}"{% endif %}>'
    "{{ value }}{% if caller is defined %}{{ caller() }}{% endif %}</td>{% endmacro %}"
)


@pytest.mark.parametrize(
    "written",
    [
        '{{ ui.td("A", each) }}',
        '{{ ui.td("", each, cls=each) }} and {{ ui.td(label=each) }}{{ ui.other("B") }}',
        '{% call ui.td("A", cls="x" if each else "") %}<b>{{ each }}</b>{% endcall %}',
        '{% set kept = "before" %}{% call ui.td(kept) %}{% set kept = each %}{{ kept }}{% endcall %}{{ kept }}',
        '{% for row in [each, ""] %}{% call ui.td(row) %}{% for a in row %}{{ ui.td(a, row) }}{% endfor %}{% endcall %}{% endfor %}',
    ],
)  # fmt: skip
def test_a_cell_that_is_put_in_place_is_the_one_that_was_called(app, templates, monkeypatch, written):
    def drawn(parts: str) -> str:
        templates["ui.html"] = parts + "{% macro other(label) %}[{{ label }}]{% endmacro %}"
        templates["t.html"] = '{% import "ui.html" as ui %}{% set each = "<a>" %}' + written + f"{{# {token_hex()} #}}"
        return _drawn(app, "fr")

    put_in = drawn(CELLS)
    code = _code(app)
    assert ", 'td')" not in code
    assert "<td" in code
    monkeypatch.setattr(inlining, "INLINED", ())
    assert drawn(CELLS + " ") == put_in
    assert ", 'td')" in _code(app)


def test_a_cell_of_constants_is_one_text(app, templates):
    templates["ui.html"] = CELLS
    templates["t.html"] = '{% import "ui.html" as ui %}<tr>{{ ui.td("A", "b") }}</tr>'
    assert """yield '<tr><td data-th="A">b</td></tr>'""" in _code(app)


def test_a_cell_that_is_given_something_else_is_not_compiled(app, templates):
    templates["ui.html"] = CELLS
    templates["t.html"] = '{% import "ui.html" as ui %}{{ ui.td("A", colour="red") }}'
    with pytest.raises(AssertionError, match="td at line 1"):
        _drawn(app, "fr")


@pytest.mark.parametrize(("role", "spoken"), [(Role.ADMIN, "fr"), (Role.TECHNICIAN, "en"), (Role.PRESCRIBER, "fr")])
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_pages_are_the_same_as_if_nothing_were_put_in_place(app, database_url, home, monkeypatch, role, spoken):
    addresses = ("/", "/appareils", "/aide", "/scanner", "/dons", "/attente", "/comptoir", "/orienter", "/connexion", "/prets", "/materiel")
    told = [_pages(each, role, spoken, addresses) for each in (app, _plain(home, database_url, monkeypatch))]
    assert told[0] == told[1]
    assert sum("<h1" in page for page in told[0]) > 3


def _plain(home, database_url, monkeypatch) -> Flask:
    monkeypatch.setattr(templating, "CONSTANT", frozenset())
    monkeypatch.setattr(inlining, "INLINED", ())
    plain = create_app(settings(home, database_url))
    plain.testing = True
    return plain


def _pages(app: Flask, role: Role, spoken: str, addresses: tuple[str, ...]) -> list[str]:
    client = checking(app)
    client.sign_in(people.EMAIL[role])
    with client.session_transaction() as session:
        session["language"] = spoken
    return [RANDOM.sub("", client.get(each).text) for each in addresses]
