"""« Voir ce que cela change » : a change is tried, shown, and taken back; confirmed with what was shown, it is made."""

from typing import Any

from flask import request
from werkzeug.wrappers import Response

from refurb.directory.rota.planning import Changes
from refurb.directory.sites.queries import site_name
from refurb.kernel.speech.signs import number_in
from refurb.kernel.web.pages import page

MOST_KEPT = 400


def kept_asked() -> list[int]:
    """The passages that are to be kept whatever the rule says, as the page had them ticked."""
    return [number for each in request.form.getlist("keep")[:MOST_KEPT] if (number := number_in(each)) is not None]


def show_changes(
    changes: Changes, *, title: str, kicker: str, button: str, back: str, lead: str = "", ways: Any = (), cycle: int = 2
) -> Response:
    """The page that shows what a change does before it is made; what was typed goes along, hidden. `ways` are the buttons, else one."""
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_TYPED]
    return page(
        "rota/changes.html", changes=changes, typed=typed, title=title, kicker=kicker, button=button, back=back, lead=lead, ways=ways,
        cycle=cycle, site_name=site_name,
    )  # fmt: skip


_NOT_TYPED = frozenset({"csrf_token", "_key", "seen", "keep", "effect", "_back"})


def seen_asked() -> str | None:
    """What was shown, by its sum; None where it is still to be shown."""
    return request.form.get("seen") or None
