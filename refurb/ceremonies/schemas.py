"""What comes in about ceremonies."""

import re
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from refurb.directory.sites.schemas import SitePick
from refurb.kernel.speech.words import _l
from refurb.kernel.web.fields import Date, LongText, Many, Moment, Number, Text, Tick, Wrong
from refurb.referrals.cases.schemas import Signed

_STEP = re.compile(r"(?P<hour>[0-2]?\d)\s?[h:]\s?(?P<minute>[0-5]\d)?\s+(?P<what>\S.*)")


@dataclass(frozen=True)
class ProgrammeStep:
    """One line of a programme."""

    minute: int
    what: str


def steps_of(programme: str | None) -> list[ProgrammeStep]:
    """The lines of a programme, each an hour and what happens then; raises `ValueError` with the line that says no hour."""
    steps = []
    for line in (programme or "").splitlines():
        if not line.strip():
            continue
        found = _STEP.fullmatch(line.strip())
        if found is None or int(found["hour"]) > 23:
            raise ValueError(line.strip()[:60])
        steps.append(ProgrammeStep(int(found["hour"]) * 60 + int(found["minute"] or 0), found["what"]))
    return steps


class Programme(LongText):
    """Several lines, each an hour and what happens then."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            steps_of(text)
        except ValueError as error:
            raise Wrong("ceremony.step_without_hour", line=str(error)) from None
        return text


class Plan(Schema):
    """When and where, for how many, and what happens."""

    title = Text(_l("Titre"), required=True, max=120)
    starts_at = Moment(_l("Date et heure"), required=True)
    place = Text(_l("Lieu"), required=True, max=160)
    site_id = SitePick(_l("De quel lieu partent les appareils"))
    capacity = Number(_l("Places dans la salle"), min=1, max=5000, help=_l("Sans nombre, personne n'attend de place."))
    minutes = Number(_l("Durée, en minutes"), min=15, max=720)
    answer_by = Date(_l("Réponse demandée jusqu'au"), future=True)
    access = Text(_l("Pour venir et entrer"), max=300, help=_l("Par exemple « Bus 2A, arrêt Maison de quartier. Toilettes accessibles. »"))
    programme = Programme(_l("Programme"), max=2000, help=_l("Une ligne par étape, l'heure d'abord : « 17 h 10 Mots de bienvenue »."))
    step_free = Tick(_l("Salle de plain-pied, ou avec ascenseur"))
    room_booked = Tick(_l("La salle est réservée"))
    interpreter_booked = Tick(_l("Un interprète en langue des signes est réservé"))


class Families(Schema):
    """Whose hand-overs take place there."""

    allocations = Many(fields.Integer(error_messages={"invalid": "field.choice"}), _l("Remises de ce jour"), sometimes=True)


class BegunToday(Schema):
    """That a ceremony begins on another day than the one it was planned for."""

    other_day = Tick(_l("Oui, elle a lieu aujourd'hui : les bons porteront cette date"))
    reason = Text(_l("Pourquoi un autre jour ?"), max=300, sometimes=True, private=True)


class Called(Schema):
    """Why a ceremony is called off."""

    reason = Text(_l("Pourquoi ?"), required=True, max=300, help=_l("Les familles invitées redeviennent libres pour une autre date."))


__all__ = ["BegunToday", "Called", "Families", "Plan", "ProgrammeStep", "Signed", "steps_of"]
