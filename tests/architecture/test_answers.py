"""The answer of a deed is made within its unit of work: whoever sends it again with the same key gets it again."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2] / "refurb"
# Whoever signs in or out is nobody when they ask again; a batch has a unit for each line; two make their answer first and go on; a page
# that shows names is drawn when the deed has ended, since within it they are open; a trial is noted before anything leaves.
BESIDES = {
    *(f"accounts/views.py:{name}" for name in ("sign_in", "_take_a_try", "sign_out", "session_end_all", "language")),
    "accounts/factors/views.py:_counted",
    "accounts/passwords/views.py:brake",
    "accounts/passwords/views.py:password_forgotten",
    "directory/texting/views.py:_tried",
    "exchange/views.py:preview",
    *(f"inventory/bench/views/batch.py:{name}" for name in ("_one", "_one_back")),
    "inventory/lists/views.py:list_preview",
    *(f"lending/counter/views.py:{name}" for name in ("_by_name", "_refused")),
    "lending/series/views.py:new_workshop",
}


def doors():
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if "views" in name or "/pages/" in name or name.endswith(("api.py", "stations.py", "outbox.py", "doors.py")) or "/api/" in name:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def is_answered(statement):
    """Whether a unit ends with an answer that is made there, and not with a fact that becomes one later."""
    if isinstance(statement, ast.If):
        return bool(statement.orelse) and is_answered(statement.body[-1]) and is_answered(statement.orelse[-1])
    if not isinstance(statement, ast.Return) or statement.value is None:
        return False
    return not isinstance(statement.value, ast.Tuple | ast.Dict) and not ast.unparse(statement.value).partition("(")[0].endswith("dump")


def test_every_unit_of_a_door_ends_with_its_answer():
    late = [
        f"{name}:{view.name}"
        for name, tree in doors()
        for view in ast.walk(tree)
        if isinstance(view, ast.FunctionDef) and f"{name}:{view.name}" not in BESIDES
        for each in ast.walk(view)
        if isinstance(each, ast.With)
        and any("unit_of_work()" in ast.unparse(item) for item in each.items)
        and not is_answered(each.body[-1])
    ]
    assert late == [], "make the answer inside the unit of work: " + ", ".join(late)
