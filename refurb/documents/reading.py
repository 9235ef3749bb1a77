"""Whether a paper that was issued may be read: not once what it said is erased, nor where the room that issued it says so.

A paper is opened by more doors than one (its number, the page of its subject, a donor's link, a ZIP): each asks here.
"""

from collections.abc import Callable

from refurb.documents.erasing import still_said
from refurb.documents.models import Paper, PaperKind
from refurb.kernel.speech.errors import Refusal

Reading = Callable[[Paper], None]
_RULES: dict[PaperKind, Reading] = {}


def reading(kind: PaperKind) -> Callable[[Reading], Reading]:
    """Declare what must hold before a paper of this kind is read: a function that raises the refusal where it does not."""

    def declare(rule: Reading) -> Reading:
        _RULES[kind] = rule
        return rule

    return declare


def may_be_read(paper: Paper) -> None:
    """Raise `PaperForgotten`, or what the paper's own room has against it."""
    still_said(paper)
    if paper.kind in _RULES:
        _RULES[paper.kind](paper)


def is_readable(paper: Paper) -> bool:
    """The same as yes or no, for whoever gathers papers and leaves out what may not be read."""
    try:
        may_be_read(paper)
    except Refusal:
        return False
    return True
