"""What stands around every page: who is signed in, the navigation with what waits there, the organisation, the words of templates."""

from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import format_decimal

from refurb.kernel.deeds.access import ROLES, Actor, Permission
from refurb.kernel.deeds.kept import kept
from refurb.kernel.deeds.wired import NavEntry, wired
from refurb.kernel.speech.codes import spell
from refurb.kernel.speech.names import of_name, to_name
from refurb.kernel.speech.sentences import sentence
from refurb.kernel.speech.telephones import spell_phone
from refurb.kernel.speech.words import _, _n, _p, day, language, memory, moment, size
from refurb.kernel.web.guards import find_actor
from refurb.kernel.web.icons import icon
from refurb.kernel.web.listing import EXPORTED_AT_MOST
from refurb.kernel.web.orders import file_address
from refurb.kernel.web.pages import static_url
from refurb.kernel.web.replay import new_key
from refurb.kernel.web.undo import words_said

UNKNOWN_HOUSE = SimpleNamespace(name="Refurb", place=None, logo=None, accent=None)
"""What a page is headed by when the database cannot be asked whose house this is."""


@dataclass(frozen=True)
class NavItem:
    """A navigation entry as drawn."""

    icon: str
    label: Any
    url: str
    count: int
    current: bool


def _navigation(actor: Actor | None) -> list[NavItem]:
    if actor is None:
        return []
    entries = wired().navigation.get(actor.working, ()) if actor.working else ()
    here = request.endpoint or ""
    return [NavItem(each.icon, each.label, fixed_url(each.endpoint), _waiting(each, actor), each.endpoint == here) for each in entries]


@lru_cache
def fixed_url(endpoint: str) -> str:
    """The address of a page that takes nothing, worked out once: every page leads to a dozen of them.

    Of the map alone, since it is kept for everybody: nothing that one request says of itself may stand in it.
    """
    return current_app.url_map.bind("").build(endpoint)


def _waiting(entry: NavEntry, actor: Actor) -> int:
    """How much waits behind an entry."""
    count = entry.count
    return 0 if count is None else kept((entry.endpoint, actor.id, actor.grants), lambda: count(actor))


def _me(actor: Actor) -> dict[str, Any]:
    others = [(role, ROLES[role]) for role in actor.roles if role is not actor.working]
    leads = bool(actor.organisations_for(Permission.COLLEAGUE_WRITE))
    return {
        "leads": leads,
        "name": actor.name,
        "role_label": ROLES[actor.working] if actor.working else "",
        "other_roles": others,
        "may": actor.may,
        "sees_names": actor.sees_names,
    }


def _context() -> dict[str, Any]:
    actor = find_actor()
    return {
        "me": _me(actor) if actor else None,
        "nav": _navigation(actor) if actor else [],
        "organisation": UNKNOWN_HOUSE if g.get("faulty") else wired().home(),
        "accessibility": _("Accessibilité : non conforme") if g.get("faulty") else wired().accessibility(),
        "is_demo": current_app.config["DEMO"],
        "locale": language(),
        "flashes": words_said(),
    }


def setup(app: Flask) -> None:
    """Give the templates their words, and every page its shell."""
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # facts of a trans block come as keywords
    app.jinja_env.globals.update(
        _=_, _p=_p, gettext=_, ngettext=_n, icon=icon, static_url=static_url, fixed_url=fixed_url, idempotency_key=new_key,
        sentence=sentence, spell=spell, phone=spell_phone, day=day, moment=moment, size=size, memory=memory, P=Permission,
        of_name=of_name, to_name=to_name, file_address=file_address, EXPORTED_AT_MOST=EXPORTED_AT_MOST,
        decimal=format_decimal,
    )  # fmt: skip
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.context_processor(_context)
