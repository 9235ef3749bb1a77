"""How a run is laid out: which databases, which order, and who is told what ran where; each shown on a small run of its own."""

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.witness import lonely

ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import pytest

@pytest.fixture
def backend(request): return request.param

@pytest.fixture
def client(backend): return backend

def test_action(backend): pass
def test_page(client): pass
@pytest.mark.both_databases
def test_race(client): pass
@pytest.mark.on_postgresql
def test_journey(client): pass
@pytest.mark.parametrize("n", range(9))
def test_plain(n): pass
"""


@pytest.fixture
def collected(tmp_path):
    """The tests of a small folder, in the order in which a run would take them."""
    for name in ("test_a.py", "browser/test_b.py", "test_demo.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TESTS, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    both_databases\n    on_postgresql\n", encoding="utf-8")

    def collect(*options: str) -> list[str]:
        plugins = ("-p", "no:cacheprovider", "-p", "no:schemathesis", "-p", "tests.support.databases", "-p", "tests.support.order")
        command = [sys.executable, "-m", "pytest", "--collect-only", "--quiet", *plugins, f"--rootdir={tmp_path}", *options, tmp_path]
        # What the run around this one was asked is not asked of it.
        environ = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
        return [line for line in done.stdout.splitlines() if "::" in line]

    return collect


def test_pages_run_on_one_database_and_everything_else_on_both(collected):
    found = [each.partition("::")[2] for each in collected() if each.startswith("test_a") and "plain" not in each]
    assert found == [
        *("test_action[sqlite]", "test_action[postgresql]", "test_page[sqlite]"),
        *("test_race[sqlite]", "test_race[postgresql]", "test_journey[postgresql]"),
    ]


def test_on_request_pages_run_on_both(collected):
    added = {each.partition("::")[2] for each in set(collected("--both")) - set(collected())}
    assert added == {"test_page[postgresql]", "test_journey[sqlite]"}


def test_what_waits_for_a_browser_comes_first_and_a_seed_draws_the_rest(collected):
    usual, drawn, again = collected(), collected("--shuffle", "7"), collected("--shuffle", "7")
    assert drawn == again != usual
    assert sorted(drawn) == sorted(usual)
    for order in (usual, drawn):
        long = [each.startswith(("browser", "test_demo")) for each in order]
        assert (any(long), long) == (True, sorted(long, reverse=True))


def test_what_ran_on_one_database_only_is_named():
    seen = {"sqlite": {"a:both", "a:here"}, "postgresql": {"a:both", "a:there"}}
    assert lonely(seen) == {"a:here": "sqlite", "a:there": "postgresql"}


def test_the_layers_say_when_they_run():
    from refurb.accounts import queries
    from tests.support import witness

    witness._running.clear()
    queries.token_digest("x")
    assert witness._running == {"refurb.accounts.queries:token_digest"}
    assert queries.token_digest.__doc__.startswith("What is kept")


def test_a_module_that_was_compiled_for_it_is_compiled_anew_once_it_changes(tmp_path, monkeypatch):
    from tests.support import witness

    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    file, compiled = tmp_path / "rules.py", []
    noting = witness._Noting._noting
    monkeypatch.setattr(witness._Noting, "_noting", lambda *told: compiled.append(told) or noting(*told))

    def answer(code):
        file.write_text(code, encoding="utf-8")
        module = ModuleType("shown.rules")
        witness._running.clear()
        witness._Noting("shown.rules", str(file)).exec_module(module)
        return module.answer()

    stamp = 10**18
    for code, told, times in (("def answer(): return 1", 1, 1), ("def answer(): return 1", 1, 1), ("def answer(): return 22", 22, 2)):
        monkeypatch.setattr(witness, "_stamp", lambda path: (path, Path(path).stat().st_size, stamp))
        assert (answer(code), len(compiled), witness._running) == (told, times, {"shown.rules:answer"})
