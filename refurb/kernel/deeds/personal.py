"""Names of people that stay closed to whoever has no second factor: what their columns hold is not read for her pages.

One place decides for every page, list, export, search and answer, since all of them read through these columns. Within a unit of work
the truth is read: a deed needs it, and writes nothing that was hidden.
"""

from typing import Any

from flask import g
from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from refurb.kernel.deeds.access import Actor
from refurb.kernel.deeds.database import writing
from refurb.kernel.deeds.reachable import MailAddress, Telephone
from refurb.kernel.deeds.terms import ERASED
from refurb.kernel.speech.errors import Refusal
from refurb.kernel.speech.words import _p

HIDDEN = {"whole": lambda: _p("names", "Nom fermé"), "first": lambda: _p("names", "Nom"), "last": lambda: _p("names", "fermé")}
"""What is read in the place of a name: all of it, or its parts."""


ERASED_NAMES = {"whole": lambda: _p("names", "Nom effacé"), "first": lambda: _p("names", "Nom"), "last": lambda: _p("names", "effacé")}
"""What is read where a name was erased at its term."""


class NamesClosed(Refusal):
    """What is asked for cannot be without somebody's name, and names are closed to whoever has no second factor."""

    code = "names.closed"
    status = 403


def close_names(actor: Actor | None) -> None:
    """Keep for this request whether names are closed to whoever speaks."""
    g.names_closed = actor is not None and not actor.sees_names


def close_words() -> None:
    """Close for the rest of this request what people wrote and sent, where what is asked for wants a second factor of everybody."""
    g.words_closed = True


def names_closed() -> bool:
    """Whether names are closed to whoever speaks in this request."""
    return bool(g.get("names_closed") or g.get("words_closed"))


def need_names() -> None:
    """Raise `NamesClosed` where names are closed."""
    if names_closed():
        raise NamesClosed


OF_PERSONS = frozenset({"borrower", "household", "referral", "allocation", "handover", "loan", "reservation", "machine_slot", "ticket"})
"""Kinds of subjects beside whose history somebody may have written a name."""


def hides_notes(subject_kind: str) -> bool:
    """Whether what was written beside the history of such a subject is closed to whoever speaks."""
    return subject_kind in OF_PERSONS and _is_hidden()


# Nothing else in it, alone or joined: the parts of a name that was erased.
_NOTHING = f"{ERASED} "


def _is_hidden() -> bool:
    return names_closed() and not writing.get()


class PersonalName(TypeDecorator[str]):
    """The name of somebody who receives or borrows, or a part of it (`HIDDEN`)."""

    impl = String
    cache_ok = True

    def __init__(self, length: int, part: str = "whole") -> None:
        self.part = part
        super().__init__(length)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if not value or value.isspace():  # Two empty parts with a space between them are no name.
            return value
        if _is_hidden():
            return HIDDEN[self.part]()
        if writing.get():
            return value
        if not value.strip(_NOTHING):
            return ERASED_NAMES["whole" if " " in value else self.part]()
        g.names_read = g.get("names_read", 0) + 1  # Noted by the guard, whatever page it is: `security.note_listed`.
        return value


class PersonalTelephone(Telephone):
    """The number of somebody who receives or borrows."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if _is_hidden() else value


class PersonalMailAddress(MailAddress):
    """The address of somebody who receives or borrows."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if _is_hidden() else value


class PersonalText(TypeDecorator[str]):
    """What somebody who receives wrote freely or sent, where she lives: whatever may name her."""

    impl = String
    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if _is_hidden() else value


def name_column(length: int, part: str = "whole") -> MappedColumn[Any]:
    """A person's name, or its `first` or `last` part."""
    return mapped_column(PersonalName(length, part))


def personal_phone_column() -> MappedColumn[Any]:
    """A person's telephone number, if there is one."""
    return mapped_column(PersonalTelephone())


def personal_email_column() -> MappedColumn[Any]:
    """A person's e-mail address, if there is one."""
    return mapped_column(PersonalMailAddress())


def personal_postal_column() -> MappedColumn[Any]:
    """Where a person lives, if it must be known."""
    return mapped_column(PersonalText(200))


def personal_text_column(length: int) -> MappedColumn[Any]:
    """What a person wrote or sent, if anything."""
    return mapped_column(PersonalText(length))
