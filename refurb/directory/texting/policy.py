"""Who gets a short message, when, and what one costs, from config/policy/sms.toml; the words of those that have no letter's beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from marshmallow import ValidationError, validates_schema

from refurb.directory.agenda.calendar import agenda
from refurb.directory.letters import HOUSE, LINK
from refurb.kernel.deeds.policy import PolicyFile, PolicyGroup, PolicySchema, Wrongly
from refurb.kernel.deeds.policy_entries import FigureEntry, HourEntry, PartEntry, WordEntry, YesNoEntry
from refurb.kernel.deeds.texts import ShortEntry, TextField, both, text_file
from refurb.kernel.speech.clock import from_wall, local
from refurb.kernel.speech.words import _, _l, _lp


class SmsKind(StrEnum):
    """What short messages are about; the words are the keys of the policy."""

    LOANS = "loans"
    RECALLS = "recalls"
    WAITS = "waits"
    HANDOVERS = "handovers"
    CEREMONIES = "ceremonies"
    NEWS = "news"


class SmsWay(StrEnum):
    """To whom a kind is sent."""

    OFF = "off"
    NO_EMAIL = "no_email"
    ALSO = "also"


SMS_KINDS: Mapping[SmsKind, Any] = {
    SmsKind.LOANS: _l("Prêts à rendre, en retard"),
    SmsKind.RECALLS: _l("Matériel rappelé avant sa date"),
    SmsKind.WAITS: _l("Place libérée, à qui attendait"),
    SmsKind.HANDOVERS: _l("Rendez-vous pour venir chercher un appareil"),
    SmsKind.CEREMONIES: _l("Cérémonies, aux familles"),
    SmsKind.NEWS: _l("Nouvelles demandées après une remise"),
}
WAYS: Mapping[SmsWay, Any] = {
    SmsWay.OFF: _lp("sms", "Jamais"),
    SmsWay.NO_EMAIL: _lp("sms", "À qui n'a pas de courriel"),
    SmsWay.ALSO: _lp("sms", "En plus du courriel"),
}


@dataclass(frozen=True)
class SmsPolicy:
    """The file in force; `price` is of one message, in ten-thousandths of a euro; hours are on the territory's wall clock."""

    version: str
    price: int
    not_before: time
    not_after: time
    sundays_and_holidays: bool
    kinds: Mapping[str, SmsWay]

    def way(self, kind: SmsKind) -> SmsWay:
        """To whom a kind is sent."""
        return self.kinds[kind]

    def next_moment(self, instant: datetime) -> datetime:
        """The first moment from an instant on at which a telephone may ring: the instant itself, where it may."""
        wall = local(instant)
        day = wall.date()
        if self._is_open(day) and self.not_before <= wall.time() < self.not_after:
            return instant
        if not self._is_open(day) or wall.time() >= self.not_after:
            day = next(each for each in (day + timedelta(days=ahead) for ahead in range(1, 30)) if self._is_open(each))
        return from_wall(datetime.combine(day, self.not_before))

    def _is_open(self, day: date) -> bool:
        return self.sundays_and_holidays or not (day.isoweekday() == 7 or agenda().is_holiday(day))


def _way(kind: SmsKind) -> WordEntry:
    return WordEntry(SmsWay, says=WAYS, label=SMS_KINDS[kind])


class KindsSchema(PolicySchema):
    """To whom each kind is sent."""

    loans = _way(SmsKind.LOANS)
    recalls = _way(SmsKind.RECALLS)
    waits = _way(SmsKind.WAITS)
    handovers = _way(SmsKind.HANDOVERS)
    ceremonies = _way(SmsKind.CEREMONIES)
    news = _way(SmsKind.NEWS)


class SmsSchema(PolicySchema):
    """The shape of sms.toml."""

    price = FigureEntry(0, 1, label=_l("Prix d'un SMS"), unit=_lp("unit", "€"), help=_l("Un message long en compte deux ou trois."))
    not_before = HourEntry(label=_l("Pas avant"))
    not_after = HourEntry(label=_l("Pas après"))
    sundays_and_holidays = YesNoEntry(label=_l("Aussi le dimanche et les jours fériés"))
    kinds = PartEntry(KindsSchema, label=_l("À qui, par sorte"))

    @validates_schema
    def _leaves_some_hours(self, data: dict[str, Any], **_options: Any) -> None:
        if data["not_after"] <= data["not_before"]:
            raise ValidationError(Wrongly("must be after not_before", "policy.sms_hours"), "not_after")


def _made(content: dict[str, Any], version: str) -> SmsPolicy:
    return SmsPolicy(version, **content | {"price": round(content["price"] * 10_000)})


def _summary(made: SmsPolicy) -> str:
    used = [str(SMS_KINDS[SmsKind(each)]).lower() for each, way in made.kinds.items() if way is not SmsWay.OFF]
    if not used:
        return _("Aucun SMS ne part.")
    hours = _("%(first)s à %(last)s", first=f"{made.not_before:%H:%M}", last=f"{made.not_after:%H:%M}")
    return _("De %(hours)s : %(kinds)s.", hours=hours, kinds=", ".join(used))


SMS = PolicyFile("sms", PartEntry(SmsSchema), _made, _l("SMS : à qui, quand, à quel prix"), PolicyGroup.HOUSE, _summary)

STOP = TextField("stop", "stop", _l("l'adresse où ne plus recevoir de SMS"), usual=100)
_COUNT = TextField("count", "nombre", _l("combien de choses"), usual=2)
_UNTIL = TextField("until", "date", _l("pour quel jour"), usual=12)
_WHEN = TextField("when", "quand", _l("le jour et l'heure"), usual=30)
_WHERE = TextField("where", "adresse", _l("le lieu et son adresse"), usual=45)
_PHONE = TextField("phone", "telephone", _l("votre téléphone"), usual=14)


def _short(label: Any, *fields: TextField) -> PartEntry:
    return both((*fields, HOUSE, STOP), (LINK,), label=label, of=ShortEntry)


TEXT_MESSAGES = text_file(
    "text_messages",
    _l("SMS de rappel"),
    PolicyGroup.LETTERS,
    {
        "loans": _short(_l("Prêts à rendre, en retard"), _COUNT),
        "recalls": _short(_l("Matériel rappelé avant sa date"), _UNTIL, _PHONE),
        "waits": _short(_l("Place libérée, à qui attendait"), _UNTIL),
        "appointment": _short(_l("Rendez-vous choisi, et la veille"), _WHEN, _WHERE, _PHONE),
        "appointment_off": _short(_l("Rendez-vous qui n'a plus lieu"), _PHONE),
        "ceremony": _short(_l("Cérémonie : relance, veille, changement"), _WHEN, _WHERE, _UNTIL, _PHONE),
        "news": _short(_l("Nouvelles demandées après une remise")),
    },
)
