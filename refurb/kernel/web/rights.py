"""Who may open what, as a page for readers: the roles with their permissions, and each address with the roles it opens to."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from refurb.kernel.deeds.access import BOUND, GRANTS, OWN_WORK, PLACED, ROLES, Permission, Role

ROLES_MARKS = ("<!-- roles -->", "<!-- end of roles -->")
ROUTES_MARKS = ("<!-- addresses -->", "<!-- end of addresses -->")
LIBRARIES = frozenset({"static", "api-docs.openapi_json"})
"""Addresses of libraries, which cannot carry our mark; they tell nothing of anybody."""


def access_of(app: Flask, rule: Rule, method: str) -> Any:
    """The mark of what answers a method at an address: permissions of which one is needed, `"public"`, or None where there is no mark."""
    view = app.view_functions[rule.endpoint]
    of_method = getattr(getattr(view, "view_class", None), method.lower(), None)
    return getattr(of_method, "access", None) or getattr(view, "access", None)


def ways_in(app: Flask) -> list[tuple[str, str, Any]]:
    """Every address with each method that it answers and the mark there, in the order of addresses."""
    found = [
        (rule.rule, method, access_of(app, rule, method))
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in LIBRARIES
        for method in sorted(rule.methods or ())
        if method not in {"HEAD", "OPTIONS"}
    ]
    return sorted(found, key=lambda each: each[:2])


def opens_to(access: Any) -> list[Role]:
    """The roles that come in where one of these permissions is needed."""
    return [role for role in Role if GRANTS[role].intersection(access)]


def _told(access: Any) -> tuple[str, str]:
    if access == "public":
        return "–", "everybody"
    roles = opens_to(access)
    return ", ".join(f"`{each.value}`" for each in access), "every role" if len(roles) == len(Role) else ", ".join(roles)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def roles_table() -> str:
    """Each role: its name on the screens, how far it reaches, what it allows."""
    rows = [[f"`{role.value}`", str(ROLES[role]), _reach(role), _allowed(role)] for role in Role]
    return _table(["Role", "On the screens", "Reaches", "Allows"], rows)


def _reach(role: Role) -> str:
    if role in BOUND:
        return "its organisation"
    own = OWN_WORK.get(role)
    reach = "everywhere, or one site" if role in PLACED else "everywhere"
    return reach if own is None else f"{reach}; own work: {', '.join(f'`{each}`' for each in sorted(own))}"


def _allowed(role: Role) -> str:
    held = GRANTS[role]
    return "everything" if held == frozenset(Permission) else ", ".join(f"`{each.value}`" for each in Permission if each in held)


def routes_table(app: Flask) -> str:
    """Each address and method: what it needs, and the roles that it opens to; which rows somebody finds there is the scope's affair."""
    merged: dict[tuple[str, Any], list[str]] = {}
    for path, method, access in ways_in(app):
        merged.setdefault((path, access), []).append(method)
    rows = [[f"`{path}`", ", ".join(methods), *_told(access)] for (path, access), methods in merged.items()]
    return _table(["Address", "Methods", "Needs one of", "Opens to"], rows)


def refreshed(text: str, app: Flask) -> str:
    """The page with both tables drawn again, unchanged elsewhere."""
    for (start, end), table in ((ROLES_MARKS, roles_table()), (ROUTES_MARKS, routes_table(app))):
        before, _start, rest = text.partition(start)
        text = f"{before}{start}\n{table}\n{end}{rest.partition(end)[2]}"
    return text
