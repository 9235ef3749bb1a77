"""Write a referral, allocate it a device, take that back, hand the device over. Names and free text stay in rows, out of events."""

from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.accounts.queries import name_of
from refurb.directory.models import Organisation
from refurb.directory.organisations.rules import may_refer
from refurb.documents.models import PaperKind, SignatureWay
from refurb.documents.signatures import SignatureVoid, keep_drawing
from refurb.documents.signing import call_off, digest_of_text, prepare, sign, signing_for, signing_of
from refurb.inventory.devices.actions.handovers import slip_signed
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.kernel.deeds.access import Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.machine import Move
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import local, now
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.lines import (
    SlipChanged,
    begin_lines,
    came_back,
    close_line,
    end_lines,
    leave,
    lines_of,
    machines_of,
    open_line_of,
    signed_for,
    take_along,
)
from refurb.referrals.cases.participation import still_asked
from refurb.referrals.cases.pdf import slip, words_to_sign
from refurb.referrals.cases.priority import order
from refurb.referrals.cases.purposes import count_purposes
from refurb.referrals.cases.queries.allocations import allocation_of_referral
from refurb.referrals.cases.queries.waiting import standing_of
from refurb.referrals.cases.replay import grounds_of
from refurb.referrals.cases.rules import NotOpen, PersonForgotten, ThreadClosed, follows_the_order, is_complete, is_of_the_kind
from refurb.referrals.cases.scope import written_for
from refurb.referrals.cases.states import TELL_PRESCRIBER, allocation_machine, referral_machine
from refurb.referrals.cases.thread import say
from refurb.referrals.cases.translations import beside_asked
from refurb.referrals.cases.writing import begin_referral, search_of, write_facts, written_facts
from refurb.referrals.households.actions import note_likenesses
from refurb.referrals.households.hashes import write_hashes
from refurb.referrals.models import Allocation, Handover, Message, Referral
from refurb.referrals.quotas.actions import take_place
from refurb.referrals.words import Channel, MessageKind, NoticeLanguage, ReferralState, SignatureKind

EDITABLE = frozenset({ReferralState.DRAFT, ReferralState.NEEDS_INFORMATION})
"""Where something is still to be written, which may be incomplete meanwhile."""
CORRECTABLE = EDITABLE | {ReferralState.SUBMITTED, ReferralState.WAITING, ReferralState.ALLOCATED}
"""Where what was written may be corrected: until the device is handed over."""


def partner_of(actor: Actor, partner_id: int | None) -> int:
    """Who has but one organisation to write for writes for that one, whatever was sent; the others say for which."""
    offered = {each.id: each for each in written_for(actor)}
    if len(offered) == 1 and not actor.everywhere(Permission.REFERRAL_WRITE):
        partner_id = next(iter(offered))
    if not offered:
        _say_why_none(actor)
    if partner_id is None:
        raise Invalid({"partner_id": [Fault("field.required")]})
    if partner_id not in offered:
        raise Invalid({"partner_id": [Fault("field.choice")]})
    may_refer(offered[partner_id])
    return partner_id


def _say_why_none(actor: Actor) -> None:
    """Raise what keeps the organisations that an actor is bound to from referring."""
    bound = Organisation.id.in_(actor.organisations_for(Permission.REFERRAL_WRITE))
    for each in db.session.scalars(select(Organisation).where(bound).order_by(Organisation.id)):
        may_refer(each)


def write_referral(actor: Actor, *, partner_id: int | None = None, **facts: Any) -> Referral:
    """Begin a referral, as a draft; for a partner whose convention is in force, or that has none."""
    check(actor, Permission.REFERRAL_WRITE)
    return begin_referral(actor, partner_of(actor, partner_id), actor.id, **facts)


def revise_referral(actor: Actor, referral: Referral, **facts: Any) -> None:
    """Write the facts of a referral anew, until its device is handed over; the history says which of them changed, and no more.

    What was submitted stays complete. Once a device is allocated, its kind stays what was allocated.
    """
    check(actor, Permission.REFERRAL_WRITE)
    lock(referral)
    refuse_revision(referral)
    before = written_facts(referral)
    write_facts(referral, **facts)
    if referral.state is ReferralState.ALLOCATED and referral.device_kind != before["device_kind"]:
        raise Invalid({"device_kind": [Fault("referral.kind_is_allocated")]})
    if referral.state not in EDITABLE:
        is_complete(referral)
    _know_again(referral)
    after = written_facts(referral)
    record(referral, "revised", actor, fields=sorted(name for name in after if after[name] != before[name]))


def correct_contact_of(
    actor: Actor,
    referral: Referral,
    *,
    phone: str | None = None,
    email: str | None = None,
    channel: Channel | None = None,
    address: str | None = None,
    **_chosen: Any,
) -> None:
    """Put right how a person is reached, the hand-over included: a number changes, and whoever asks may have it corrected (GDPR, art. 16).

    No paper says it, so none is changed. What is still being written is corrected there; once it is over, no letter goes there any more.
    Raises `NotOpen`, `PersonForgotten`.
    """
    check(actor, Permission.REFERRAL_WRITE)
    lock(referral.beneficiary)  # First, as the night does that forgets her.
    lock(referral)
    if referral.beneficiary.forgotten_at is not None:
        raise PersonForgotten
    if referral.state in EDITABLE:
        raise NotOpen(state=referral_machine.looks[referral.state].word)
    person, before = referral.beneficiary, written_facts(referral)
    person.phone, person.email = phone, email
    person.search = search_of(person)
    if channel is Channel.LETTER and not referral.state.is_under_way:
        raise Invalid({"channel": [Fault("referral.no_letter_any_more")]})
    referral.by_letter = channel is Channel.LETTER
    if referral.by_letter or not referral.needs_an_address:
        referral.address = address if referral.by_letter else None
    _know_again(referral)
    after = written_facts(referral)
    record(referral, "contact_corrected", actor, fields=sorted(name for name in after if after[name] != before[name]))


def _know_again(referral: Referral) -> None:
    """What its household is known by follows what is written; who is like it is looked for anew, once it was submitted."""
    write_hashes(referral.beneficiary.household)
    note_likenesses(referral.beneficiary.household)


def write_word(actor: Actor, referral: Referral, *, word: str) -> Message:
    """A word of either side in the thread of a referral: nothing waits for it, and the history says that it was written, not what.

    Raises `ThreadClosed` for what is still a draft, or is over.
    """
    if not actor.may(Permission.REFERRAL_DECIDE):
        check(actor, Permission.REFERRAL_WRITE)
    lock(referral)
    if not referral.state.is_under_way:
        raise ThreadClosed(state=referral_machine.looks[referral.state].word)
    made = say(actor, referral, MessageKind.WORD, word)
    happened = record(referral, "word_written", actor, by_partner=made.by_partner)
    if not made.by_partner:
        plan(TELL_PRESCRIBER, subject_kind=Referral.KIND, subject_id=referral.id, event=happened.position)
    return made


def refuse_revision(referral: Referral) -> None:
    """Raise `NotOpen` where nothing is corrected any more; what left on paper is frozen in the slip that is still to be signed."""
    if referral.state not in CORRECTABLE:
        raise NotOpen(state=referral_machine.looks[referral.state].word)
    held = allocation_of_referral(referral) if referral.state is ReferralState.ALLOCATED else None
    if held is not None and held.handover is not None:
        raise NotOpen(state=allocation_machine.looks[held.state].word)


@referral_machine.does("submit")
def _submit(referral: Referral, _actor: Actor, _facts: dict[str, Any]) -> None:
    purposes, referral.purposes = referral.purposes, []
    referral.submitted_at = now()
    count_purposes(local(referral.submitted_at).year, purposes)


def _close(referral: Referral, _actor: Actor, _facts: dict[str, Any]) -> None:
    """What was known for a letter or a visit goes with the last step, and what a draft said that was never sent."""
    referral.address, referral.purposes = None, []


for _last in ("serve", "refuse", "withdraw"):
    referral_machine.does(_last)(_close)


def _look_for_likeness(referral: Referral, row: Move[ReferralState], _actor: Actor, _facts: dict[str, Any]) -> None:
    """Whoever is sent is compared, and once more when put on the list: two that were sent at the same moment did not see each other."""
    if row.name in {"submit", "accept"}:
        note_likenesses(referral.beneficiary.household)


referral_machine.followers.append(_look_for_likeness)


@referral_machine.does("ask")
def _ask(referral: Referral, actor: Actor, facts: dict[str, Any]) -> None:
    say(actor, referral, MessageKind.QUESTION, facts.pop("question"))


@referral_machine.does("answer")
def _answer(referral: Referral, actor: Actor, facts: dict[str, Any]) -> None:
    say(actor, referral, MessageKind.ANSWER, facts.pop("answer"))


@referral_machine.does("refuse")
def _refuse(referral: Referral, _actor: Actor, facts: dict[str, Any]) -> None:
    referral.refusal_reason = facts["reason"]


def allocate(
    actor: Actor, referral: Referral, device: Device, *, override: bool = False, over_quota: bool = False, reason: str | None = None
) -> Allocation:
    """Give a waiting referral a ready device.

    Out of the list's order only with `override`, beyond what was promised to the partner only with `over_quota`, each with a written
    reason. Raises `OutOfOrder`, `QuotaFull`.
    """
    told = {"override": override, "over_quota": over_quota, "reason": reason}
    referral_machine.fire(referral, "allocate", actor, device=device.code, **told)
    return referral.allocations[-1]


@referral_machine.does("allocate")
def _allocate(referral: Referral, actor: Actor, facts: dict[str, Any]) -> None:
    override, over_quota, reason = facts.pop("override"), facts.pop("over_quota"), facts.pop("reason")
    try:
        device = device_by_code(actor, facts.pop("device"))
    except NotFound:
        raise Invalid({"device": [Fault("referral.no_such_device")]}) from None
    standing = standing_of(referral)
    assert standing is not None, "it waits: the machine has just looked"
    rank = standing.rank
    is_of_the_kind(referral, device)
    # The device is asked first: it knows who was faster, the unique index would only know that somebody was.
    device_machine.fire(device, "reserve", actor)
    follows_the_order(rank, override=override, reason=reason)
    place = take_place(referral, over=over_quota, reason=reason)
    decision = {"rank": rank, "out_of_order": rank > 1, "over_quota": place.over_quota, "policy_version": order().version}
    allocation = Allocation(device=device, referral=referral, reason=reason or "", decided_at=now(), decided_by=actor.id, **decision)
    allocation.held_until = HOLDING.in_force().until()
    allocation.grounds = grounds_of(referral, standing, allocation.decided_at)
    allocation.public, allocation.quota = place.public, place.quota
    allocation.quota_place, allocation.quota_most = place.quota_place, place.quota_most
    allocation_machine.begin(allocation, actor, referral=referral.id, device=device.id, **decision)
    begin_lines(allocation)
    facts.update(allocation=allocation.id, device=device.id, **decision)


def cancel_allocation(actor: Actor, allocation: Allocation, *, reason: str) -> None:
    """Take an allocation back: the device is ready again, the referral waits again, from the date it first did."""
    allocation_machine.fire(allocation, "cancel", actor, reason=reason)


@allocation_machine.does("cancel")
@allocation_machine.does("lapse")
def _cancel(allocation: Allocation, actor: Actor, facts: dict[str, Any]) -> None:
    allocation.cancelled_because = facts.pop("reason", None)
    if not allocation.is_swap:
        referral_machine.fire(allocation.referral, "requeue", actor)
    end_lines(actor, allocation)


def hand_over(
    actor: Actor,
    allocation: Allocation,
    *,
    place: str,
    signature_kind: str,
    signature: str | None = None,
    accessories: list[str] | None = None,
    shown: str | None = None,
    fetched_by: str | None = None,
    beside: NoticeLanguage | None = None,
) -> Handover:
    """Hand over what was allocated, all of it or nothing, to whom it is for or to whoever fetches it.

    `signature` is a PNG in a data address, when it was drawn: then the numbered slip is issued at once. On paper, it is « remis, à
    signer » until `sign_handover`. Without `accessories`, what is in the bag goes. `shown` is the sum of the text that was signed: the
    doors require it, and without one it is signed as it reads now.
    """
    told: dict[str, Any] = {"place": place, "signature_kind": signature_kind, "signature": signature, "accessories": accessories}
    told |= {"fetched_by": fetched_by} if fetched_by else {}
    told |= {"beside": beside} if beside else {}
    allocation_machine.fire(allocation, "hand_over", actor, **told, shown=shown or text_shown(allocation, beside))
    assert allocation.handover is not None
    return allocation.handover


@allocation_machine.does("hand_over")
def _hand_over(allocation: Allocation, actor: Actor, facts: dict[str, Any]) -> None:
    kind, drawn, shown = facts.pop("signature_kind"), facts.pop("signature"), facts.pop("shown")
    is_signed = kind is SignatureKind.DRAWN
    beside = beside_asked(allocation.referral, facts.pop("beside", None))
    if shown and shown != text_shown(allocation, beside):
        raise SignatureVoid if is_signed else SlipChanged
    still_asked(allocation)
    take_along(allocation, facts.pop("accessories"), packed=facts.pop("packed", None))
    handover = Handover(
        allocation=allocation,
        site_id=allocation.device.site_id,
        place=facts.pop("place"),
        handed_at=now(),
        handed_by=actor.id,
        fetched_by=facts.pop("fetched_by", None) or None,
        beside=beside,
        signature_kind=kind,
        signature_file=keep_drawing(drawn) if is_signed else None,
    )
    db.session.add(handover)
    record(handover, "created", actor, allocation=allocation.id)
    leave(actor, handover, signed=is_signed)
    signing = prepare(actor, PaperKind.HANDOVER, handover, slip(handover, actor.name), allocation.referral.reference)
    facts.update(handover=handover.id, signed=is_signed)
    if is_signed:
        handover.paper = sign(actor, signing, handover, drawing=drawn)
        signed_for(handover)
        if not allocation.is_swap:
            referral_machine.fire(allocation.referral, "serve", actor)
        facts["paper"] = handover.paper.reference
    else:
        record(allocation.referral, "left_unsigned", actor, handover=handover.id)


def text_shown(allocation: Allocation, beside: NoticeLanguage | None = None) -> str:
    """The sum of what somebody reads before signing, in French and in the language beside it."""
    return digest_of_text(PaperKind.HANDOVER, words_to_sign(allocation, beside))


def sign_handover(
    actor: Actor,
    allocation: Allocation,
    *,
    way: SignatureWay,
    signature: bytes | None = None,
    signed_on: date | None = None,
    copy: bytes | None = None,
    shown: str | None = None,
) -> Handover:
    """The slip of what left is signed: drawn on the screen, or on a copy that the actor has before the eyes.

    Its numbered paper is issued, and only now its machines count as handed over and the family as served. Raises `SlipChanged`,
    `SignatureVoid` where something of it came back since the text was shown.
    """
    check(actor, allocation_machine["hand_over"].needed_of(actor))
    handover = allocation.handover
    if handover is None:
        raise NotFound
    for device in sorted(machines_of(lines_of(handover)), key=lambda each: each.id):
        lock(device)  # First, as its return does, so that the two wait for each other and never cross.
    lock(allocation)
    signing = signing_for(handover)
    drawing = signature if way is SignatureWay.DRAWN else None
    if shown and drawing is None and shown != signing.digest:
        raise SlipChanged
    handover.paper = sign(actor, signing, handover, drawing=drawing, signed_on=signed_on, copy=copy, shown=shown)
    if drawing:
        handover.signature_kind, handover.signature_file = SignatureKind.DRAWN, signing.drawing
    record(allocation, "signed", actor, handover=handover.id, way=way, paper=handover.paper.reference, digest=signing.digest)
    for device in machines_of(lines_of(handover)):
        slip_signed(actor, device)
    signed_for(handover)
    if not allocation.is_swap:
        referral_machine.fire(allocation.referral, "serve", actor)
    return handover


@device_machine.does("come_back")
def _come_back(device: Device, actor: Actor, _facts: dict[str, Any]) -> None:
    """What comes back before its slip was signed was never handed over.

    The text is called off, and the family waits again; where the machine was one more than what was decided on, the rest is to be signed
    under a new text, which does not name it.
    """
    line = open_line_of(device)
    if line is None or line.handover is None:
        return
    allocation, handover = line.allocation, line.handover
    lock(allocation)
    signing = signing_of(handover)
    if signing is None or not signing.awaits_signature:
        close_line(line)  # Its text was forgotten with whoever should have signed it: the machine may be given again.
        return
    is_off = came_back(actor, line)
    call_off(signing)
    if is_off:
        allocation_machine.fire(allocation, "come_back", actor)
        if not allocation.is_swap:
            referral_machine.fire(allocation.referral, "requeue", actor)
        return
    prepare(actor, PaperKind.HANDOVER, handover, slip(handover, name_of(handover.handed_by) or actor.name), allocation.referral.reference)
