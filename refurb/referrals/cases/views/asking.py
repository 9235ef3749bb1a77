"""What can be asked now, in plain words on the form of a referral: the devices by kind with their stock, and the stops of the vehicles."""

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from refurb.directory.rota.queries import next_passages, served
from refurb.directory.rota.words import said_hours
from refurb.inventory.devices.queries.counts import count_devices
from refurb.inventory.words.devices import DeviceState
from refurb.kernel.speech.clock import today
from refurb.kernel.speech.words import _, _n, day
from refurb.referrals.cases.notice import notice_languages, unread_languages
from refurb.referrals.cases.queries.waiting import waiting_kinds
from refurb.referrals.cases.schemas import REQUESTED_KINDS
from refurb.referrals.models import Referral
from refurb.referrals.words import MOBILITIES, MOBILITY_HELPS, NOTICE_LANGUAGES, Mobility


def kinds_now() -> list[tuple[str, Any, str]]:
    """The kinds that can be asked for, each with how many are ready today and how many requests wait for one."""
    waiting = waiting_kinds()
    return [
        (kind.value, word, stock_said(count_devices({DeviceState.READY}, kind), waiting.get(kind, 0)))
        for kind, word in REQUESTED_KINDS.items()
    ]


def stock_said(ready: int, waiting: int) -> str:
    """How many devices of a kind are ready, and how many requests wait for one."""
    stock = _n("%(num)s disponible", "%(num)s disponibles", ready) if ready else _("Aucun disponible")
    asked = _n("%(num)s demande en attente", "%(num)s demandes en attente", waiting) if waiting else _("personne n'attend")
    return _("%(stock)s, %(asked)s", stock=stock, asked=asked)


def notices_now() -> list[tuple[str, Any, Any]]:
    """The languages in which the notice can be given, each in its own words; one that nobody has read over says so."""
    unread = unread_languages()
    named = Markup('<span lang="{}" dir="{}">{}</span>')
    return [
        (each.value, named.format(each.lang, each.direction, NOTICE_LANGUAGES[each]), _("Personne ne l'a relue") if each in unread else "")
        for each in notice_languages()
    ]


def stops_for(referral: Referral | None) -> list[tuple[str, str]]:
    """The stops of the vehicles, each with its next passage; one that a referral names stays, though no vehicle goes there any more."""
    stops = served()
    coming = next_passages([each.id for each in stops], today(), most=1) if stops else {}
    found = []
    for each in stops:
        told = next(iter(coming.get(each.id, [])), None)
        when = _("%(day)s, %(hours)s", day=day(told.day, "full"), hours=said_hours(told.opens, told.closes)) if told else ""
        found.append((str(each.id), f"{each.name} : {when}" if when else each.name))
    known = referral.stop if referral is not None else None
    if known is not None and known.id not in {each.id for each in stops}:
        found.append((str(known.id), known.name))
    return found


def offered(referral: Referral | None = None) -> dict[str, Sequence[tuple[Any, ...]]]:
    """What can be chosen today, each with what it means in a few words: devices with their stock, the stops of the vehicles."""
    stops = stops_for(referral)
    ways = [(way.value, word, MOBILITY_HELPS.get(way, "")) for way, word in MOBILITIES.items() if stops or way is not Mobility.STOP]
    return {
        "device_kind": kinds_now(),
        "mobility": ways,
        "stop_id": [("", _("Le plus proche de sa commune")), *stops],
        "notice_language": notices_now(),
    }
