"""Follows docs/add-a-room.md to the letter, in a copy of the tree: its room is built, stands in the contract and passes its own tests."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "docs" / "add-a-room.md"
BIN = Path(sys.executable).parent

# A block: its language, what its head says (a file; or « in » a file, « after » or « instead of » a line), its lines.
BLOCK = re.compile(r"^```(python|toml|html|text) (.*?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CHANGE = re.compile(r"in (\S+) (after|instead of) (.*)", re.DOTALL)
WANTED = ("config", "migrations", "refurb", "tests", "pyproject.toml", "README.md", "docs")


def revisions():
    """The last revision, and the number of the next."""
    last = max(path.name[:4] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    return last, f"{int(last) + 1:04d}"


def follow(tree):
    """Write each file of the recipe, and make each of its changes."""
    last, following = revisions()
    for _, head, lines in BLOCK.findall(RECIPE.read_text(encoding="utf-8")):
        if change := CHANGE.fullmatch(head):
            path, how, line = tree / change[1], change[2], change[3]
            text = path.read_text(encoding="utf-8")
            assert text.count(f"{line}\n") == 1, f"{change[1]} has no such line: {line}"
            path.write_text(text.replace(f"{line}\n", f"{line}\n{lines}" if how == "after" else lines), encoding="utf-8")
        else:
            path = tree / head.replace("NEXT", following)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(lines.replace("NEXT", following).replace("LAST", last), encoding="utf-8")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    copy = tmp_path_factory.mktemp("house")
    for name in WANTED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.ttf", "vendor") if name == "tests" else None
            )
        else:
            shutil.copy(source, copy / name)
    follow(copy)
    return copy


def run(tree, *command):
    """The answer of a command that works in the copy, and on nothing else."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "REFURB_"))}
    return subprocess.run(
        [BIN / command[0], *command[1:]],
        cwd=tree,
        env={**environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_its_room_stands_in_the_contract(tree):
    answer = run(tree, "lint-imports", "--no-logo", "--cache-dir", ".imports")
    assert answer.returncode == 0, answer.stdout


def test_its_code_is_in_the_style_of_the_house(tree):
    written = [head for _, head, _ in BLOCK.findall(RECIPE.read_text(encoding="utf-8")) if head.endswith(".py") and "NEXT" not in head]
    assert run(tree, "ruff", "check", "--no-cache", *written, "refurb/inventory/rooms.py").stdout == "All checks passed!\n"


def test_its_tests_pass_and_its_table_is_the_one_of_its_model(tree):
    wanted = (
        "tests/inventory/shelves",
        "tests/architecture/test_migrations.py::test_up_is_what_the_models_say",
        "tests/inventory/duplicates/test_device_merge.py::test_every_table_that_points_at_a_device_is_thought_of",
    )
    # On SQLite: that both databases answer alike is what the tests of the tree itself are for.
    answer = run(tree, "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", *wanted)
    assert answer.returncode == 0, answer.stdout
    assert re.search(r"\d+ passed", answer.stdout)


def test_a_recipe_that_forgot_the_contract_would_be_told(tree):
    project = tree / "pyproject.toml"
    told = project.read_text(encoding="utf-8")
    project.write_text(told.replace("(shelves) | ", ""), encoding="utf-8")
    try:
        assert run(tree, "lint-imports", "--no-logo", "--cache-dir", ".imports").returncode != 0
    finally:
        project.write_text(told, encoding="utf-8")
