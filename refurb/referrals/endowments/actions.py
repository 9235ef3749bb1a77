"""Ask machines for an organisation, grant them and reserve them, hand all of them over under one signature."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from refurb.accounts.queries import name_of
from refurb.directory.sites.queries import site_name
from refurb.directory.sites.rules import chosen_site
from refurb.documents.models import PaperKind, SignatureWay
from refurb.documents.signatures import SignatureVoid
from refurb.documents.signing import call_off, digest_of_text, prepare, sign, signing_for, signing_of
from refurb.inventory.devices.actions.handovers import slip_signed
from refurb.inventory.devices.queries.devices import device_by_code
from refurb.inventory.devices.rules import DrivesNotClean, DrivesUnknown
from refurb.inventory.devices.states import device_machine
from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import SERVICE, Actor, Permission, check
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.effects import plan
from refurb.kernel.deeds.history import record
from refurb.kernel.deeds.hourly import each_apart
from refurb.kernel.deeds.references import next_reference
from refurb.kernel.deeds.unit_of_work import lock
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.errors import Fault, Invalid, NotFound
from refurb.referrals.cases.holding import HOLDING
from refurb.referrals.cases.lines import SlipChanged
from refurb.referrals.committees.queries import free_devices
from refurb.referrals.endowed import Endowment, EndowmentLine, EndowmentState, EndowmentUse, EndowmentWish
from refurb.referrals.endowments.pdf import endowment_slip, endowment_to_sign
from refurb.referrals.endowments.queries import (
    committee_offered,
    ending,
    machines_of_endowment,
    offered_organisations,
    open_endowment_lines,
)
from refurb.referrals.endowments.rules import MOST, EndowmentNotPrepared
from refurb.referrals.endowments.schemas import numbers_of
from refurb.referrals.endowments.states import endowment_machine
from refurb.referrals.words import SignatureKind

REFERENCE = "DA"
TELL_END = "tell_endowment_end"


def ask_endowment(actor: Actor, *, use: EndowmentUse, words: str, organisation_id: int | None = None, **numbers: int | None) -> Endowment:
    """Ask machines for an organisation: her own for whoever is bound to one, any of the directory for the office."""
    check(actor, Permission.REFERRAL_WRITE)
    offered = [each for each, _name in offered_organisations(actor)]
    if len(offered) == 1 and organisation_id is None:
        organisation_id = int(offered[0])
    if organisation_id is None:
        raise Invalid({"organisation_id": [Fault("field.required")]})
    if str(organisation_id) not in offered:
        raise Invalid({"organisation_id": [Fault("field.choice")]})
    assert actor.id is not None, "somebody asks"
    made = Endowment(
        reference=next_reference(REFERENCE), organisation_id=organisation_id, asked_by=actor.id, asked_at=now(), use=use, words=words
    )
    made.wishes = [EndowmentWish(device_kind=kind, asked=number) for kind, number in numbers_of(numbers).items()]
    endowment_machine.begin(made, actor, organisation=organisation_id, asked=made.asked)
    return made


@endowment_machine.does("grant")
def _grant(endowment: Endowment, actor: Actor, facts: dict[str, Any]) -> None:
    """Reserve what is granted, the machines that have been ready for longest, or nothing of it."""
    numbers = numbers_of(facts)
    committee = committee_offered(facts.get("committee"))
    for kind, found in _chosen(chosen_site(actor, facts.pop("site_id", None)), numbers).items():
        for device in found:
            _reserve(actor, endowment, device)
        _granted(endowment, kind, len(found))
    endowment.reason, endowment.committee_id = facts.pop("reason") or "", committee
    endowment.decided_at, endowment.decided_by = now(), actor.id
    endowment.held_until, endowment.told_at = HOLDING.in_force().until(), None


def _chosen(site_id: int, numbers: Mapping[DeviceKind, int]) -> dict[DeviceKind, list[Device]]:
    """The machines for what is granted, of one place since they leave together. Raises `Invalid` beside each kind that lacks some."""
    found = {kind: free_devices([kind], site_id=site_id, most=number)[kind] for kind, number in numbers.items()}
    lacking = {kind: len(found[kind]) for kind, number in numbers.items() if len(found[kind]) < number}
    if lacking:
        raise Invalid({kind.value: [Fault("endowment.fewer_ready", ready=ready)] for kind, ready in lacking.items()})
    for device in sorted((each for some in found.values() for each in some), key=lambda one: one.id):
        lock(device)  # In one order, so that two decisions never wait for each other.
    return found


def _granted(endowment: Endowment, kind: DeviceKind, more: int) -> None:
    wish = next((each for each in endowment.wishes if each.device_kind is kind), None)
    if wish is None:
        wish = EndowmentWish(device_kind=kind, asked=0, granted=0)
        endowment.wishes.append(wish)
    wish.granted = (wish.granted or 0) + more


def _reserve(actor: Actor, endowment: Endowment, device: Device) -> None:
    device_machine.fire(device, "reserve", actor)
    db.session.add(EndowmentLine(endowment_id=endowment.id, device_id=device.id, put_at=now()))
    db.session.flush()


def add_to_endowment(actor: Actor, endowment: Endowment, *, device: str) -> None:
    """Give one more ready machine under the same slip; a second press changes nothing."""
    check(actor, Permission.ALLOCATION_WRITE)
    try:
        found = device_by_code(actor, device)
    except NotFound:
        raise Invalid({"device": [Fault("referral.no_such_device")]}) from None
    lines = _prepared(endowment)
    if any(each.device_id == found.id for each in lines):
        return
    if lines and found.site_id != lines[0].device.site_id:
        here, there = site_name(lines[0].device.site_id), site_name(found.site_id)
        raise Invalid({"device": [Fault("handover.elsewhere", here=here, there=there)]})
    if len(lines) >= MOST:
        raise Invalid({"device": [Fault("handover.too_many", most=MOST)]})
    _reserve(actor, endowment, found)
    _granted(endowment, found.kind, 1)
    record(endowment, "line_added", actor, device=found.id)


def drop_from_endowment(actor: Actor, endowment: Endowment, number: int) -> None:
    """Take a machine off again: it is ready for somebody else. A second press changes nothing."""
    check(actor, Permission.ALLOCATION_WRITE)
    line = next((each for each in _prepared(endowment) if each.id == number), None)
    if line is None:
        return
    _let_go_of(actor, line)
    _granted(endowment, line.device.kind, -1)
    record(endowment, "line_dropped", actor, device=line.device_id)


def _prepared(endowment: Endowment) -> list[EndowmentLine]:
    lock(endowment)
    if endowment.state is not EndowmentState.GRANTED:
        raise EndowmentNotPrepared
    return open_endowment_lines(endowment)


def _let_go_of(actor: Actor, line: EndowmentLine) -> None:
    """Free a machine; one whose drive or memory has lost its proof goes to the workshop."""
    try:
        device_machine.fire(line.device, "release", actor)
    except (DrivesNotClean, DrivesUnknown):
        device_machine.fire(line.device, "recall", actor)
    db.session.delete(line)
    db.session.flush()


@endowment_machine.does("call_off")
@endowment_machine.does("withdraw")
@endowment_machine.does("lapse")
def _free_all(endowment: Endowment, _actor: Actor, _facts: dict[str, Any]) -> None:
    """Nothing of it is handed over: its machines are ready for others, and what was decided counts no more.

    Whoever withdraws her request frees what was reserved for it without the right to reserve: the service does.
    """
    for line in sorted(open_endowment_lines(endowment), key=lambda each: each.device_id):
        _let_go_of(SERVICE, line)
    _undecide(endowment)


def _undecide(endowment: Endowment) -> None:
    endowment.wishes = [each for each in endowment.wishes if each.asked]
    for wish in endowment.wishes:
        wish.granted = None
    endowment.decided_at = endowment.decided_by = endowment.committee_id = endowment.held_until = endowment.told_at = None
    endowment.reason = ""


@endowment_machine.does("refuse")
def _refuse(endowment: Endowment, actor: Actor, facts: dict[str, Any]) -> None:
    endowment.refusal, endowment.decided_at, endowment.decided_by = facts["refusal"], now(), actor.id


def endowment_shown(endowment: Endowment) -> str:
    """The sum of what somebody reads before signing for the organisation."""
    return digest_of_text(PaperKind.ENDOWMENT, endowment_to_sign(endowment))


@endowment_machine.does("hand_over")
def _hand_over(endowment: Endowment, actor: Actor, facts: dict[str, Any]) -> None:
    """Every machine leaves, or none: with the slip signed, or still to be signed."""
    kind, drawn, shown = facts.pop("signature_kind"), facts.pop("signature"), facts.pop("shown")
    is_signed = kind is SignatureKind.DRAWN
    if shown and shown != endowment_shown(endowment):
        raise SignatureVoid if is_signed else SlipChanged
    endowment.place, endowment.received_by = facts.pop("place"), facts.pop("received_by")
    endowment.handed_at, endowment.handed_by = now(), actor.id
    for device in sorted(machines_of_endowment(endowment), key=lambda each: each.id):
        device_machine.fire(device, "hand_over" if is_signed else "let_go", actor)
    signing = prepare(actor, PaperKind.ENDOWMENT, endowment, endowment_slip(endowment, actor.name), endowment.reference)
    facts.update(signed=is_signed, machines=len(machines_of_endowment(endowment)))
    if is_signed:
        endowment.paper = sign(actor, signing, endowment, drawing=drawn)
        facts["paper"] = endowment.paper.reference
        _close_all(endowment)


def _close_all(endowment: Endowment) -> None:
    for line in open_endowment_lines(endowment):
        line.closed_at = now()
    db.session.flush()


def sign_endowment(
    actor: Actor,
    endowment: Endowment,
    *,
    way: SignatureWay,
    signature: bytes | None = None,
    signed_on: date | None = None,
    copy: bytes | None = None,
    shown: str | None = None,
) -> None:
    """The slip of what left is signed: drawn on the screen, or on a copy that the actor has before the eyes. Issues its numbered paper."""
    check(actor, Permission.HANDOVER_WRITE)
    machines = machines_of_endowment(endowment)
    for device in sorted(machines, key=lambda each: each.id):
        lock(device)  # First, as its return does.
    lock(endowment)
    signing = signing_for(endowment)
    drawing = signature if way is SignatureWay.DRAWN else None
    if shown and drawing is None and shown != signing.digest:
        raise SlipChanged
    endowment.paper = sign(actor, signing, endowment, drawing=drawing, signed_on=signed_on, copy=copy, shown=shown)
    record(endowment, "signed", actor, way=way, paper=endowment.paper.reference, digest=signing.digest)
    for device in machines:
        slip_signed(actor, device)
    _close_all(endowment)


@device_machine.does("come_back")
def _come_back(device: Device, actor: Actor, _facts: dict[str, Any]) -> None:
    """What comes back before the slip was signed was never theirs: the rest is to be signed under a new text, or nothing is left of it."""
    line = db.session.scalar(select(EndowmentLine).where(EndowmentLine.device_id == device.id, EndowmentLine.closed_at.is_(None)))
    if line is None or line.endowment.state is not EndowmentState.GIVEN:
        return
    endowment = line.endowment
    lock(endowment)
    line.closed_at = line.came_back_at = now()
    _granted(endowment, device.kind, -1)
    db.session.flush()
    record(endowment, "line_came_back", actor, device=device.id)
    signing = signing_of(endowment)
    if signing is None or not signing.awaits_signature:
        return
    call_off(signing)
    if open_endowment_lines(endowment):
        again = endowment_slip(endowment, name_of(endowment.handed_by) or actor.name)
        prepare(actor, PaperKind.ENDOWMENT, endowment, again, endowment.reference)
        return
    endowment_machine.fire(endowment, "come_back", actor)


@endowment_machine.does("come_back")
def _all_back(endowment: Endowment, _actor: Actor, _facts: dict[str, Any]) -> None:
    _undecide(endowment)
    endowment.place = endowment.received_by = endowment.handed_at = endowment.handed_by = None


def let_endowments_lapse() -> int:
    """What nobody came for goes back to the stock on the day after its last; its end was told before. Done by the worker, every hour."""
    return each_apart("endowment_not_ended", ending(HOLDING.in_force().to_tell), _end_or_tell)


def _end_or_tell(endowment: Endowment) -> bool:
    lock(endowment)
    if endowment.state is not EndowmentState.GRANTED or endowment.held_until is None:
        return False  # It was handed over meanwhile.
    if endowment.told_at is None:
        endowment.told_at, endowment.held_until = now(), max(endowment.held_until, HOLDING.in_force().to_tell)
        plan(TELL_END, endowment_id=endowment.id, until=endowment.held_until.isoformat())
        return False
    if endowment.held_until >= today():
        return False
    endowment_machine.fire(endowment, "lapse", SERVICE)
    return True
