"""The letterhead as its page shows it: the history of versions, and what a territory that never saved one begins with."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from refurb.directory.letterhead.actions import what_changed
from refurb.directory.letterhead.models import Letterhead
from refurb.directory.letterhead.schemas import SHORT
from refurb.directory.letterhead.words import CHANGED, LegalForm
from refurb.directory.models import Organisation
from refurb.kernel.deeds.wired import wired
from refurb.kernel.speech.telephones import spell_phone

_ONE_LINE = re.compile(r"(?P<street>.+),\s*(?P<postcode>\d{5})\s+(?P<commune>.+)\Z")


@dataclass(frozen=True)
class VersionLine:
    """One version in the history: when, by whom, what it changed, and the version that it brought back, if any."""

    number: int
    at: datetime
    who: str | None
    changed: tuple[str, ...]
    restored_from: int | None
    is_first: bool
    is_in_force: bool


def lines_of_history(versions: Sequence[Letterhead]) -> list[VersionLine]:
    """The versions, newest first, each against the one before it."""
    before: list[Letterhead | None] = [*versions, None]
    return [_line(each, before[at + 1], is_in_force=at == 0) for at, each in enumerate(versions)]


def _line(version: Letterhead, before: Letterhead | None, *, is_in_force: bool) -> VersionLine:
    changed = tuple(str(CHANGED[name]) for name in what_changed(version, before))
    who = wired().name_of(version.saved_by)
    return VersionLine(version.number, version.saved_at, who, changed, version.restored_from, version.number == 1, is_in_force)


def spelt(siret: str | None, phone: str | None) -> dict[str, Any]:
    """The two numbers of the form in the groups in which people read and type them."""
    digits = siret or ""
    return {"siret": " ".join(filter(None, (digits[:3], digits[3:6], digits[6:9], digits[9:]))), "phone": spell_phone(phone)}


def former_address(known: Organisation) -> dict[str, Any]:
    """What the directory knows of the territory, as the form begins with it."""
    parts = _ONE_LINE.match(known.address or "")
    where = parts.groupdict() if parts else {"street": known.address, "commune": known.place}
    return {
        "name": known.name, "short_name": known.name if len(known.name) <= SHORT else None,
        "legal_form": None if known.is_public_body else LegalForm.ASSOCIATION, "email": known.email, **where,
    }  # fmt: skip
