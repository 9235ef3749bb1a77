"""« Annuler » beside what was just done: the press that takes a deed back, offered with the word on it."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from flask import flash, get_flashed_messages, request, session

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.machine import Machine
from refurb.kernel.speech.words import _, _p
from refurb.kernel.web.facts import NoFacts

MARK = "_undo"
"""The hidden field by which a deed says that it takes another back: it offers nothing in its turn."""


MOST_SAID: Final = 2000
"""How many signs of what is to be said wait for the next page: they travel in a cookie, of which a browser keeps four thousand."""
_WAITING: Final = "_flashes"


@dataclass(frozen=True)
class Undo:
    """The press: where it posts, what stands on it, and what is told with it.

    It is a deed like any other, checked, recorded under the name of whoever presses, and refused when somebody was faster.
    """

    url: str
    label: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def with_reason(cls, url: str, **facts: str) -> Self:
        """The press of a deed that asks why: because it was taken back at once."""
        return cls(url, facts={"reason": _("Annulé aussitôt, depuis le message."), **facts})

    def told(self, back: str = "") -> dict[str, str]:
        """What its form holds: its facts, that it takes something back, and the page to which it leads again."""
        return {**self.facts, MARK: "1", **({"_back": back} if back else {})}


@dataclass(frozen=True)
class Said:
    """A word at the head of a page (kind: ok, wait, stop, info), and the press that takes back what it tells, if one does."""

    kind: str
    text: str
    undo: Undo | None = None


def way_back(machine: Machine[Any], base: str, subject: Any, made: str, came_from: Any, actor: Actor) -> Undo | None:
    """The press that takes back the move that was just made, where its row names one, this actor may and it is open.

    `base` is the address of the subject. Where the way back leads to another state than the machine came from, the press says
    what it does instead of « Annuler ».
    """
    back = machine.way_back(subject, made, came_from, actor)
    if back is None:
        return None
    url = f"{base}/{back.address}"
    undo = Undo.with_reason(url) if back.facts not in {None, NoFacts} else Undo(url)
    return undo if back.target == came_from else Undo(url, str(back.label), undo.facts)


def say(text: str, undo: Undo | None = None, kind: str = "ok") -> None:
    """Say on the next page that something is done, with the press that takes it back; of what nobody has read yet, the newest stays."""
    offered = undo is not None and MARK not in request.form
    message: Any = {"text": text, **asdict(undo)} if undo is not None and offered else text
    flash(message, kind)
    waiting = session[_WAITING]
    while waiting and len(json.dumps(waiting)) > MOST_SAID:
        waiting = waiting[1:]
    session[_WAITING] = waiting


def words_said() -> list[Said]:
    """What this page says of what was done before it."""
    messages: Any = get_flashed_messages(with_categories=True)
    return [_said(kind, message) for kind, message in messages]


def _said(kind: str, message: Any) -> Said:
    if not isinstance(message, dict):
        return Said(kind, message)
    here = request.full_path.rstrip("?") if request.method == "GET" else ""
    undo = Undo(message["url"], message["label"], message["facts"])
    return Said(kind, message["text"], Undo(undo.url, undo.label or _p("undo", "Annuler"), undo.told(here)))
