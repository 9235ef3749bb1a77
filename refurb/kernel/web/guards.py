"""Who may come in: the mark that each route carries, and who speaks in a request."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request

from refurb.kernel.deeds.access import OF_PERSONS, Actor, Permission, at_door, check
from refurb.kernel.deeds.personal import need_names
from refurb.kernel.deeds.security import SecurityKind, note, note_listed
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.errors import Forbidden, Refusal
from refurb.kernel.web.pages import wants_json

View = TypeVar("View", bound=Callable[..., Any])


class SignInNeeded(Refusal):
    """Nobody is signed in, and this page or deed needs somebody."""

    code = "sign_in_needed"
    status = 401


def find_actor() -> Actor | None:
    """Who speaks in this request, if anybody; the accounts package says how to know. Where the database is at fault it is not asked."""
    return None if g.get("faulty") else wired().find_actor()


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Declare that a view needs any one of these permissions; the view receives the actor as its first argument."""

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            actor = find_actor()
            if actor is None:
                raise SignInNeeded
            held = next((permission for permission in permissions if actor.may(permission)), None)
            if held is None:
                note(SecurityKind.REFUSED, actor, permissions[0].value)
                raise Forbidden(permission=permissions[0].value)
            check(actor, held)
            if held in OF_PERSONS and wants_json() and request.method not in {"GET", "HEAD"}:
                need_names()  # What a deed of the JSON door answers is read with the truth that the deed needed.
            with at_door(held):
                answer = view(actor, *args, **kwargs)
            if request.method == "GET":
                note_listed(actor, str(request.url_rule))
            return answer

        guarded.access = permissions  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return declare


def public(view: View) -> View:
    """Declare that a view is open to everybody."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def harmless(view: View) -> View:
    """Declare that a view's POST changes nothing: whoever keeps no cookies may send it too, and no token is asked."""
    view.harmless = True  # type: ignore[attr-defined]
    return view


def shown_again(view: View) -> View:
    """Declare that a form without an account writes only in a unit of work and catches what is refused there.

    Sent without the session that it was drawn for, it is shown again with what was typed, and nothing is written.
    """
    view.shown_again = True  # type: ignore[attr-defined]
    return view
