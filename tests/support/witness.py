"""Which actions, queries and rules ran on which database; a whole run fails at its end where one ran on one database only."""

import ast
import marshal
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import cache_from_source
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Final

import pytest

from tests.support.databases import BACKENDS, backend_of

LAYERS: Final = frozenset({"actions", "queries", "rules"})
NOTE: Final = "_it_ran_"
OF_ONE: Final = {
    "refurb.inventory.devices.actions.search:_is_indexed": "PostgreSQL keeps its index by itself",
    "refurb.inventory.devices.queries.found:_by_pieces": "SQLite's pieces; PostgreSQL has `pg_trgm`, or reads on",
}
"""What is of one database, and why."""

_running: Final[set[str]] = set()
_seen: Final[defaultdict[str, set[str]]] = defaultdict(set)
_alone: Final[dict[str, str]] = {}


class _Noting(SourceFileLoader):
    """Loads a module whose functions say each time that they run."""

    def get_code(self, fullname: str) -> CodeType:
        """What was compiled before, while neither the module nor this file has changed: kept beside Python's own, as pytest does."""
        path = self.get_filename(fullname)
        kept, seen = Path(cache_from_source(path, optimization="witness")), repr([_stamp(each) for each in (path, __file__)])
        with suppress(OSError, EOFError, ValueError, TypeError):
            before, code = marshal.loads(kept.read_bytes())
            if before == seen and isinstance(code, CodeType):
                return code
        code = self._noting(fullname, path)
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                self.set_data(str(kept), marshal.dumps((seen, code)))  # In one piece, whoever else writes it.
        return code

    def _noting(self, fullname: str, path: str) -> CodeType:
        tree = ast.parse(self.get_data(path), path)
        for each in tree.body:
            for function in each.body if isinstance(each, ast.ClassDef) else [each]:
                if isinstance(function, ast.FunctionDef) and not _is_asked_once(function):
                    owner = f"{each.name}." if isinstance(each, ast.ClassDef) else ""
                    _say_so(function, f"{fullname}:{owner}{function.name}")
        code: CodeType = compile(tree, path, "exec", dont_inherit=True)
        return code

    def exec_module(self, module: ModuleType) -> None:
        setattr(module, NOTE, _running.add)
        super().exec_module(module)


def _stamp(path: str) -> tuple[str, int, int]:
    told = Path(path).stat()
    return path, told.st_size, told.st_mtime_ns


def _is_asked_once(function: ast.FunctionDef) -> bool:
    """Whether its answer is kept for the process, whatever the database: what it is good for shows in whoever asks it."""
    named = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return any(isinstance(each, ast.Name) and each.id in {"cache", "lru_cache"} for each in named)


def _say_so(function: ast.FunctionDef, name: str) -> None:
    """The call goes after the docstring, which stays one, and bears the line of the function's name."""
    call = ast.Expr(ast.Call(ast.Name(NOTE, ast.Load()), [ast.Constant(name)], []))
    for each in ast.walk(call):
        ast.copy_location(each, function)
    function.body.insert(1 if ast.get_docstring(function, clean=False) is not None else 0, call)


class _Finder(MetaPathFinder):
    """Finds the product's modules of those layers for the loader above; everything else stays with Python."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if not fullname.startswith("refurb.") or not LAYERS.intersection(fullname.split(".")):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Noting(fullname, spec.origin)
        return spec


sys.meta_path.insert(0, _Finder())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """What runs between the beginning of a test's fixtures and their end ran on the database of that test."""
    _running.clear()
    result = yield
    backend = backend_of(item)
    if backend is not None:
        _seen[backend] |= _running
    return result


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Add what a worker of pytest-xdist saw."""
    for backend, names in getattr(node, "workeroutput", {}).get("seen", {}).items():
        _seen[backend].update(names)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Of a whole run that went well, compare and tell what ran on one alone; a worker hands over what it saw instead."""
    worker = getattr(session.config, "workeroutput", None)
    if worker is not None:
        worker["seen"] = {backend: sorted(names) for backend, names in _seen.items()}
    elif _is_whole(session):
        _alone.update(lonely(_seen))


def _is_whole(session: pytest.Session) -> bool:
    config = session.config
    return (
        config.args_source is pytest.Config.ArgsSource.TESTPATHS
        and not config.getoption("keyword")
        and not config.getoption("deselect")
        and not config.getoption("collectonly")
        and session.exitstatus == pytest.ExitCode.OK
    )


def lonely(seen: dict[str, set[str]]) -> dict[str, str]:
    """The functions that ran on one database only, and on which; but for those that are of one."""
    first, second = (seen.get(backend, set()) for backend in BACKENDS)
    return {name: BACKENDS[0] if name in first else BACKENDS[1] for name in sorted((first ^ second) - OF_ONE.keys())}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name them."""
    if _alone:
        terminalreporter.section("ran on one database only")
        for name, backend in _alone.items():
            terminalreporter.line(f"{name} ({backend}): give it a test of its own, or mark one `both_databases`")
