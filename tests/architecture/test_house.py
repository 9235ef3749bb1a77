"""The house rules that a machine can read: who changes a state, who commits, who declares what."""

import ast
import inspect
import re
import subprocess
import sys
import textwrap
from collections import Counter
from functools import cache

import pytest
from sqlalchemy import delete, insert, text, update

from refurb import wiring
from refurb.commands import PACKAGE
from refurb.directory.sites.models import Site
from refurb.inventory import rooms
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.diagram import readmes
from refurb.kernel.deeds.effects import known_effects
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.errors import StrayWrite
from tests.support.story import people

ROOT = PACKAGE.parent
SOURCES = sorted(path for path in PACKAGE.rglob("*.py"))
TESTS = ROOT / "tests"

# Pages of libraries, which cannot carry our mark.
FOREIGN_ENDPOINTS = {"static", "api-docs.openapi_json"}


@cache
def trees():
    """Every module's name and tree, parsed once for all the rules."""
    return [(path.relative_to(PACKAGE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in SOURCES]


# Where a stored file is fetched by its row: what it is, or how its paper is asked whether it may be read.
FETCHED_BY_ROW = {
    "documents/views.py": "the one door of papers: `paper_pdf`",
    "inventory/papers/bundles/actions.py": "asks `is_readable`",
    "lending/reminders/effects.py": "asks `is_readable`",
    "inventory/papers/bundles/views.py": "a ZIP",
    "inventory/evidence/verdicts.py": "a report of erasure",
    "inventory/evidence/views/donor_statements.py": "what a donor brought",
}


def test_no_view_reads_the_file_of_a_paper_but_by_the_one_door():
    found = set()
    for name, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and any(isinstance(each, ast.Attribute) and each.attr == "file" for each in node.args):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                found |= {name} if called == "fetch" else set()
    assert found == FETCHED_BY_ROW.keys(), "a page answers `paper_pdf(paper)`"


def test_only_the_machine_changes_a_state():
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            targets = (
                node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign | ast.AnnAssign) else []
            )
            flat = [each for target in targets for each in (target.elts if isinstance(target, ast.Tuple) else [target])]
            found += [
                f"{name}:{node.lineno}"
                for target in flat
                if isinstance(target, ast.Attribute) and target.attr == "state" and name != "kernel/deeds/machine.py"
            ]
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr":
                found.append(f"{name}:{node.lineno} setattr") if any(
                    isinstance(each, ast.Constant) and each.value == "state" for each in node.args
                ) else None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "values":
                found += [f"{name}:{node.lineno} values" for each in node.keywords if each.arg == "state"]
    assert found == []


def test_nobody_commits_but_the_unit_of_work():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        if name != "kernel/deeds/unit_of_work.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert found == []


def test_no_page_is_drawn_within_a_deed():
    """Within a unit of work names are open to whoever has no second factor: `kernel/deeds/personal.py`."""
    found = [
        f"{name}:{inner.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.With) and any("unit_of_work" in ast.unparse(each.context_expr) for each in node.items)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and (inner.func.id == "page" or inner.func.id.endswith("_page"))
    ]
    assert not found


def test_no_import_inside_a_function():
    """Except of what weighs megabytes and is seldom used, which says so; and of our own modules that begin with it."""
    heavy = {"PIL", "flask_migrate", "openpyxl", "pypdf", "pyrage", "resvg_py", "uharfbuzz", "xlsxwriter"}
    heavy |= {"joserfc", "joserfc.errors", "joserfc.jwk", "joserfc.jwt", "psycopg", "psycopg.errors", "tomlkit", "tomlkit.items"}
    heavy |= {"webauthn", "webauthn.helpers", "webauthn.helpers.structs"}
    heavy |= {"cryptography.hazmat.primitives.serialization", "pyhanko.pdf_utils.incremental_writer"}
    heavy |= {"pyhanko.sign.fields", "pyhanko.sign.signers"}
    heavy |= {"nacl.encoding", "nacl.exceptions", "nacl.secret", "nacl.signing"}
    heavy |= {
        "refurb.kernel.deeds.bucket_store",
        "refurb.monitoring.metrics",
        "refurb.documents.page",
        "refurb.documents.typeset",
        "refurb.documents.qr_template",
        "refurb.inventory.labels.drawing",
        "refurb.referrals.aftersales.sheet_drawing",
    }
    found = [
        f"{name}:{inner.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom) and getattr(inner, "module", None) not in heavy
    ]
    assert found == []


_CANVASES = ("Canvas", "_Canvas")


def test_a_page_is_drawn_on_the_canvas_that_is_tagged():
    """Else whoever does not see it is told nothing. Labels are no pages, and the demonstration draws what others send."""
    found = [
        name for name, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) in _CANVASES
    ]
    assert found == ["demo/dock.py", "documents/pdf_file.py", "inventory/labels/drawing.py"]


def test_actions_and_rules_do_not_know_the_web():
    web = {"flask_login", "flask_wtf", "flask_smorest"}
    found = []
    for name, tree in trees():
        if not re.search(r"(^|/)(actions|rules|states|queries)(/|\.py$)", name):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names = {each.name for each in node.names}
                if node.module in web or (node.module == "flask" and names & {"request", "session", "g", "flash", "redirect", "url_for"}):
                    found.append(f"{name}:{node.lineno}")
    assert found == []


def test_the_current_user_is_read_in_one_place():
    found = [name for name, tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == "current_user"]
    assert set(found) <= {"accounts/sessions.py"}


def test_no_room_is_called_a_lumber_room():
    names = {"utils", "helpers", "common", "manager", "misc"}
    assert [path for path in SOURCES if path.stem in names or path.parent.name in names] == []


def test_a_class_name_means_one_thing():
    found = Counter(
        node.name
        for name, tree in trees()
        if not name.startswith("demo/")
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_") and node.name != "Meta"  # marshmallow's own word
    )
    assert [name for name, times in found.items() if times > 1] == []


def test_a_module_begins_with_what_belongs_in_it():
    silent = [name for name, tree in trees() if not ast.get_docstring(tree)]
    assert silent == []


def test_every_route_declares_who_may(app):
    silent = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in FOREIGN_ENDPOINTS
        and not hasattr(app.view_functions[rule.endpoint], "access")
        and not any(
            hasattr(getattr(getattr(app.view_functions[rule.endpoint], "view_class", None), method.lower(), None), "access")
            for method in rule.methods
        )
    ]
    assert silent == []


def units_outside_a_post(node):
    """The lines of a view on which a unit of work is opened whatever the method of the request."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test).startswith("request.method == 'POST'"):
            for each in child.orelse:
                yield from units_outside_a_post(each)
        elif isinstance(child, ast.Name) and child.id == "unit_of_work":
            yield child.lineno
        else:
            yield from units_outside_a_post(child)


def answers_to_a_get(app):
    """What answers a GET, by the name of its endpoint."""
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint not in FOREIGN_ENDPOINTS:
            view = app.view_functions[rule.endpoint]
            yield rule.endpoint, inspect.unwrap(getattr(getattr(view, "view_class", None), "get", view))


def test_no_page_that_writes_answers_a_get(app):
    """What changes something is a POST; a GET that gets there all the same is refused by the write guard, tested below."""
    answers = {name: ast.parse(textwrap.dedent(inspect.getsource(view))) for name, view in answers_to_a_get(app)}
    assert {name: lines for name, tree in answers.items() if (lines := list(units_outside_a_post(tree)))} == {}
    assert sum("unit_of_work" in ast.unparse(tree) for tree in answers.values()) > 20, "forms that are shown and sent at one address"


def test_no_move_answers_a_get_at_the_json_door(app):
    moves = {row.name for machine in wiring.MACHINES for row in machine.moves}
    doors = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/") and rule.rule.rpartition("/")[2] in moves]
    assert len(doors) > 40
    assert [rule.rule for rule in doors if "GET" in rule.methods] == []


def test_a_get_that_writes_raises(make_app):
    app = make_app()
    with app.app_context():
        people.settle()

    def write():
        with db.session.no_autoflush:
            people.organisation("CCAS").name = "autre"
            db.session.flush()
        return ""

    write.access = "public"
    app.add_url_rule("/test-writing-get", "test_writing_get", write)
    with pytest.raises(StrayWrite), app.test_request_context("/test-writing-get"):
        app.view_functions["test_writing_get"]()


@pytest.mark.parametrize(
    "write", [insert(Site).values(name="x"), update(Site).values(name="x"), delete(Site)], ids=["insert", "update", "delete"]
)
def test_a_statement_that_writes_outside_a_unit_raises(context, write):
    with pytest.raises(StrayWrite):
        db.session.execute(write)


def test_a_unit_inside_a_unit_raises(context):
    with unit_of_work(), pytest.raises(StrayWrite), unit_of_work():
        pass


def test_the_history_refuses_to_be_rewritten(context):
    for statement in ("UPDATE events SET move = 'x'", "DELETE FROM events"):
        with pytest.raises(Exception, match="append-only"), db.engine.begin() as connection:
            connection.execute(text(statement))


def test_every_readme_shows_the_life_cycles_as_they_are():
    for path, expected in readmes(wiring.MACHINES, PACKAGE).items():
        assert path.exists(), f"{path} is missing: run `refurb life-cycles`"
        assert path.read_text(encoding="utf-8") == expected, f"{path} is stale: run `refurb life-cycles`"


def test_whatever_a_room_declares_is_loaded_with_the_rooms():
    """A route, a table, a deed or an effect that nobody imports would be missing without a word."""
    declares = re.compile(
        r"^@(blueprint|api)\.|^@(effect|letter)\(|^@long_work\(|^add_(pages|api)\(|^@\w+_machine\.does|__tablename__", re.MULTILINE
    )
    declaring = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (PACKAGE / "inventory").rglob("*.py")
        if path.name != "__init__.py" and declares.search(path.read_text(encoding="utf-8"))
    }
    assert declaring == {module.__name__ for module in rooms.LOADED}


def test_every_move_has_a_test_file():
    files = {path.name for path in TESTS.rglob("test_*.py")}
    missing = [
        f"test_{machine.kind}_{row.name}.py"
        for machine in wiring.MACHINES
        for row in machine.moves
        if f"test_{machine.kind}_{row.name}.py" not in files
    ]
    assert missing == []


def test_every_planned_effect_is_kept_by_somebody():
    planned = {kind for machine in wiring.MACHINES for row in machine.moves for kind in row.effects}
    assert planned <= known_effects()


def test_every_state_of_every_machine_can_be_reached():
    for machine in wiring.MACHINES:
        first = next(iter(machine.states))
        reached, frontier = {first}, {first}
        while frontier:
            frontier = {row.target for row in machine.moves if row.sources & frontier} - reached
            reached |= frontier
        assert reached == set(machine.states), machine.kind


def test_files_stay_small():
    lengths = {path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_what_serves_pages_loads_nothing_that_draws_or_migrates():
    heavy = (
        "OpenSSL", "PIL", "alembic", "cbor2", "cryptography", "joserfc", "nacl", "obstore", "openpyxl", "prometheus_client", "psycopg",
        "pypdf", "pyrage", "qrcode", "reportlab", "tomlkit", "uharfbuzz", "webauthn", "xlsxwriter",
    )  # fmt: skip
    asked = f"import sys, refurb.application; print([each for each in {heavy} if each in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True) == "[]\n"


def test_an_address_names_a_day_in_one_place():
    """Whose midnight is before the first year there is no instant: `day_asked` knows which years can be counted from."""
    asks = {path.relative_to(PACKAGE).as_posix() for path in SOURCES if "day_in(request.args" in path.read_text(encoding="utf-8")}
    assert asks == {"kernel/web/asked.py"}


def test_what_the_next_page_says_waits_in_one_place():
    """It travels in the cookie of the session, whose size `say` looks after."""
    assert [path.relative_to(PACKAGE).as_posix() for path in SOURCES if "flash(" in path.read_text(encoding="utf-8")] == [
        "kernel/web/undo.py"
    ]


def test_what_is_sent_becomes_a_number_in_one_place():
    """`isdigit` takes « ² », which is no number; `int` refuses five thousand digits, and a database ten: `number_in` asks for all of it."""
    pages = [path for path in SOURCES if {"views", "pages", "api.py", "views.py"} & set(path.relative_to(PACKAGE).parts)]
    lines = [(path, line) for path in pages for line in path.read_text(encoding="utf-8").splitlines()]
    assert [f"{path.name}: {line.strip()}" for path, line in lines if "isdigit()" in line] == []
    assert [f"{path.name}: {line.strip()}" for path, line in lines if "int(" in line and "isdecimal()" in line and "len(" not in line] == []
