"""What several pages of referrals show: where a referral stands, what happened to it, why it has its rank, and a device in three facts."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from refurb.accounts.queries import doers_of
from refurb.inventory.devices.queries.devices import storage_of
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DEVICE_KINDS
from refurb.kernel.deeds.access import Actor, Permission
from refurb.kernel.deeds.history import events_of
from refurb.kernel.deeds.rulings import Ruling
from refurb.kernel.deeds.wired import HungPanel, wired
from refurb.kernel.speech.clock import now
from refurb.kernel.speech.words import _, _l, _lp, _n, day, memory, moment, size
from refurb.referrals.cases.priority import ELIGIBILITY, Needs, Order, order
from refurb.referrals.cases.queries.allocations import allocation_of_referral, as_decided
from refurb.referrals.cases.queries.waiting import standing_of
from refurb.referrals.cases.queries.waits import usual_waits
from refurb.referrals.cases.replay import ahead_said, replayed
from refurb.referrals.cases.scope import written_for
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.cases.views.following import like_of, span_said, usual_said
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.quotas.queries import quotas_of
from refurb.referrals.quotas.shown import left_said
from refurb.referrals.words import ADAPTATIONS, ReferralState

# The four steps of a referral that goes well, and which one each state is on; 5 is past the last.
STEPS = (_lp("referral", "Transmise"), _l("En liste d'attente"), _l("Appareil attribué"), _lp("referral", "Appareil remis"))
STEP_OF = {
    ReferralState.DRAFT: 1,
    ReferralState.SUBMITTED: 2,
    ReferralState.NEEDS_INFORMATION: 2,
    ReferralState.WAITING: 3,
    ReferralState.ALLOCATED: 4,
    ReferralState.SERVED: 5,
}
_BEGUN = {
    "created": (_l("Orientation commencée"), "file-plus"),
    "contact_corrected": (_l("Moyen de joindre la personne corrigé"), "pen-line"),
    "sms_refused": (_l("Ne veut plus de SMS"), "ban"),
    "sms_wanted": (_l("Veut bien des SMS"), "message-square"),
    "handed_on": (_l("Confiée à une ou un collègue"), "users"),
    "revised": (_l("Réponses modifiées"), "pen-line"),
    "household_answered": (_l("Réponse sur un foyer déjà connu"), "users"),
    "word_written": (_l("Mot écrit dans le dossier"), "message-square"),
    "left_unsigned": (_l("Appareil parti, bon à signer"), "pen-line"),
}


@dataclass(frozen=True)
class Happening:
    """One line of a history."""

    icon: str
    kind: str
    text: str
    who: str | None
    when: str


def steps_of(referral: Referral) -> tuple[list[tuple[Any, None]], int] | None:
    """The steps and the present one; None for a referral that goes nowhere any more."""
    current = STEP_OF.get(referral.state)
    return ([(label, None) for label in STEPS], current) if current else None


def history_of(referral: Referral) -> list[Happening]:
    """What happened to a referral, newest first."""
    events = events_of(referral)
    doers = doers_of(events)
    shown = []
    for event in events:
        if event.move in _BEGUN:
            text, icon = _BEGUN[event.move]
            tone = "todo"
        else:
            text = referral_machine.done_sentence(event.move) or event.move
            look = referral_machine.looks[ReferralState(event.facts["to"])]
            icon, tone = look.icon, look.tone
        shown.append(Happening(icon, tone, str(text), doers.get(event.id), moment(event.at)))
    return shown


def reasons_for(row: Any) -> list[str]:
    """Why a waiting referral has its rank: its priority by the rule, then what its wait changed."""
    return order().reasons(Needs.of(row))


def ruling_for(referral: Referral) -> Ruling | None:
    """Why it has its place: by the rule in force while it waits, by that of the decision once it has a device."""
    if referral.state is ReferralState.WAITING:
        return order().ruling(Needs.of(referral))
    held = allocation_of_referral(referral)
    if held is None:
        return None
    held = as_decided(held)
    if told := replayed(held):
        return told.ruling
    rule: Order | None = ELIGIBILITY.decided_under(held.policy_version)
    return rule.ruling(Needs.of(referral), held.decided_at) if rule is not None else None


@dataclass(frozen=True)
class WaitTold:
    """Where a waiting referral stands, in words: its rank, why, who stands before, and how long those like it usually wait."""

    rank: str
    reasons: list[str]
    usual: str = ""


def wait_of(referral: Referral) -> WaitTold | None:
    """Where a referral stands in the waiting list; None when it does not wait."""
    standing = standing_of(referral)
    if standing is None:
        return None
    rank = _("Rang %(rank)s sur %(total)s pour ce type d'appareil", rank=standing.rank, total=standing.total)
    like = like_of(referral)
    span = usual_waits({like}).get(like)
    days = usual_said(referral, span)
    return WaitTold(rank, [*reasons_for(referral), *ahead_said(standing, order())], f"{span_said(span)} {days}." if span and days else "")


def decision_of(allocation: Allocation) -> WaitTold | None:
    """Where its referral stood on the day of a decision, by the version of that day; None where the record is older than such records."""
    told = replayed(allocation)
    if told is None:
        return None
    rank = _("Ce jour-là : rang %(rank)s sur %(total)s", rank=told.standing.rank, total=told.standing.total)
    if held_on := (allocation.grounds or {}).get("held_on"):
        rank = _("%(rank)s, en commission du %(day)s", rank=rank, day=day(date.fromisoformat(held_on)))
    return WaitTold(rank, [*told.reasons, *ahead_said(told.standing, told.order)])


def adaptations_said(row: Any) -> str:
    """What the device must offer, in words; nothing where nothing was asked."""
    return ", ".join(str(word) for each, word in ADAPTATIONS.items() if each in row.adaptations)


def days_waiting(row: Any) -> str:
    """How long it has waited."""
    days = (now() - row.submitted_at).days
    return _n("%(num)s jour", "%(num)s jours", days) if days else _("depuis aujourd'hui")


def facts_of(devices: list[Device]) -> dict[str, str]:
    """Each device in a few words, by code: processor, memory, storage."""
    storage = storage_of([device.id for device in devices]) if devices else {}
    return {
        device.code: ", ".join(
            part
            for part in (
                str(DEVICE_KINDS[device.kind]),
                device.cpu,
                _("%(amount)s de mémoire", amount=memory(device.ram_mb)) if device.ram_mb else None,
                _("%(amount)s de stockage", amount=size(storage[device.id])) if device.id in storage else None,
            )
            if part
        )
        for device in devices
    }


def partners_for(actor: Actor) -> list[tuple[str, str]]:
    """The partners that somebody may choose among; none for who has but her own."""
    offered = written_for(actor)
    chooses = actor.everywhere(Permission.REFERRAL_WRITE) or len(offered) > 1
    return [(str(each.id), _("Sans structure") if each.is_home else each.name) for each in offered] if chooses else []


def places_for(actor: Actor) -> list[tuple[bool, str]]:
    """What is left of the numbers of the organisations that somebody refers for, in words, and whether each is full; not of everybody's."""
    if actor.everywhere(Permission.REFERRAL_WRITE):
        return []
    own = [each for each in written_for(actor) if not each.is_home]
    told = [(each, quota) for each in own for quota in quotas_of(each)]
    return [(quota.is_full, left_said(quota) if len(own) == 1 else f"{each.name}, {left_said(quota)}") for each, quota in told]


def hung_on(actor: Actor, referral: Referral) -> list[HungPanel]:
    """What the rooms above know of a referral: before which committee it is."""
    return [each for ask in wired().panels.get(Referral.KIND, ()) if (each := ask(actor, referral)) is not None]


def referral_url(reference: str) -> str:
    """The address of a referral's page."""
    return url_for("referrals.referral", reference=reference)
