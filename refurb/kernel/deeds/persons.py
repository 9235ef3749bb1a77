"""The files that we keep about people, as each room declares them: found, told, held and erased by one hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from refurb.kernel.speech.errors import Refusal


class NoSuchFile(Refusal):
    """No file of anybody is known by what was typed."""

    code = "privacy.no_such_file"
    status = 422


class Bound(Refusal):
    """Something binds the person to us still: the file is not erased before that is over. `why` says what, `until` when at the latest."""

    code = "privacy.bound"
    status = 409


@dataclass(frozen=True)
class PersonFile:
    """One file: the kind and the number of its subject, what it is known by, whose it is, and where its page is."""

    kind: str
    number: int
    reference: str
    name: str
    path: str


@dataclass(frozen=True)
class KnownFact:
    """One thing that we know of somebody: where from, until when (None where nothing says it), and where it is put right."""

    label: Any
    value: Any
    source: Any = ""
    until: date | None = None
    correct: str = ""


@dataclass(frozen=True)
class KnownPart:
    """What we know of somebody of one sort."""

    title: Any
    facts: Sequence[KnownFact]


@dataclass(frozen=True)
class Tie:
    """What binds somebody to us still, in words, and until when at the latest, where anybody can say."""

    why: str
    until: date | None = None


@dataclass(frozen=True)
class Texted:
    """Since when the person of a file wants no short messages, None where she takes them; and how it is noted that she does not.

    `is_silenced` is whether any file of this kind with a number in E.164 says so: a telephone has no files, and rings for each of them.
    """

    refused_at: Callable[[int], datetime | None]
    refuse: Callable[[int], None]
    is_silenced: Callable[[str], bool]


@dataclass(frozen=True, kw_only=True)
class PersonKind:
    """One sort of files: how one is found by what is typed or by its number, what it tells, what binds, how it is erased.

    `texted` is left out where nobody of them is ever sent a short message.
    """

    kind: str
    label: Any
    find: Callable[[str], PersonFile | None]
    open: Callable[[int], PersonFile | None]
    known: Callable[[int], Sequence[KnownPart]]
    ties: Callable[[int], Sequence[Tie]]
    erase: Callable[[int], None]
    texted: Texted | None = None
