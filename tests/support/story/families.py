"""Who is referred in the story, and what the coordination does for them: made through the same actions as on the screens."""

import base64
import datetime as dt
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from refurb.inventory.models.devices import Device
from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Actor, Role
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.referrals.cases.actions import allocate, hand_over, write_referral
from refurb.referrals.cases.states import referral_machine
from refurb.referrals.models import Allocation, Handover, Referral
from refurb.referrals.words import Situation, Usage
from tests.support.chapters import chapter
from tests.support.story import evidence, people

NAME = "Zoë O'Neil 🙂"

FACTS: dict[str, Any] = {
    "first_name": "Zoë",
    "last_name": "O'Neil 🙂",
    "birth_year": 1987,
    "commune": "Poitiers",
    "phone": "0612345678",
    "device_kind": DeviceKind.MONITOR,
    "usage": Usage.PAPERWORK,
    "situation": Situation.EMPLOYED,
    "school_children": 0,
    "has_no_computer": True,
}


def form_facts(**changes: Any) -> dict[str, Any]:
    """What the form of a referral sends."""
    yesterday = (now() - dt.timedelta(days=1)).date().isoformat()
    facts = {
        **FACTS,
        "channel": "phone",
        "device_kind": "monitor",
        "usage": "paperwork",
        "situation": "en_emploi",
        "has_no_computer": "1",
        "eligibility_checked_on": yesterday,
        "notice_given_on": yesterday,
        **changes,
    }
    return {name: value for name, value in facts.items() if value is not None}


@chapter
def draft(actor: Actor | None = None, **changes: Any) -> Referral:
    """A referral that is being written."""
    with unit_of_work():
        dates = {"eligibility_checked_on": today(), "notice_given_on": today()}
        return write_referral(actor or people.actor(Role.PRESCRIBER), **{**FACTS, **dates, **changes})


@chapter
def submitted(actor: Actor | None = None, **changes: Any) -> Referral:
    """A referral that was submitted."""
    referral = draft(actor, **changes)
    fire(referral, "submit", actor or people.actor(Role.PRESCRIBER))
    return referral


@chapter
def waiting(actor: Actor | None = None, **changes: Any) -> Referral:
    """A referral that waits for a device."""
    referral = submitted(actor, **changes)
    fire(referral, "accept")
    return referral


def fire(referral: Referral, move: str, actor: Actor | None = None, **facts: Any) -> None:
    """Make one move, by the coordinator unless somebody else is named."""
    with unit_of_work():
        referral_machine.fire(referral, move, actor or people.actor(Role.COORDINATOR), **facts)


@chapter
def ready(kind: DeviceKind = DeviceKind.MONITOR) -> Device:
    """A device that is ready to be given; a screen unless said otherwise, which has nothing to erase."""
    (device,) = evidence.arrive(kind)
    if kind is DeviceKind.MONITOR:
        evidence.fire(device, "accept", "finish_erasure", "start_tests")
        evidence.pass_checks(device)
        evidence.label(device)
    else:
        evidence.bring_to_tests(device, evidence.Disk(serial=f"CHV{device.id:04d}"))
    evidence.fire(device, "pass_tests")
    return device


@chapter
def allocated(kind: DeviceKind = DeviceKind.MONITOR, **changes: Any) -> Allocation:
    """A referral with the device that was found for it."""
    referral = waiting(device_kind=kind, **changes)
    device = ready(kind)
    with unit_of_work():
        return allocate(people.actor(Role.COORDINATOR), referral, device)


@chapter
def handed_over(kind: DeviceKind = DeviceKind.MONITOR, **changes: Any) -> Handover:
    """A device in its family's hands, signed for on the screen."""
    allocation = allocated(kind, **changes)
    with unit_of_work():
        return hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="drawn", signature=drawing())


@chapter
def left_unsigned(kind: DeviceKind = DeviceKind.MONITOR, **changes: Any) -> Handover:
    """A device in its family's hands, whose slip is still to be signed on paper."""
    allocation = allocated(kind, **changes)
    with unit_of_work():
        return hand_over(people.actor(Role.COORDINATOR), allocation, place="Atelier", signature_kind="paper")


def drawing(*, ink: bool = True) -> str:
    """A signature as the canvas of a page sends it."""
    picture = Image.new("RGBA", (600, 200))
    if ink:
        ImageDraw.Draw(picture).line([(40, 150), (180, 40), (300, 160), (560, 60)], fill=(20, 20, 60, 255), width=5)
    written = BytesIO()
    picture.save(written, "PNG")
    return f"data:image/png;base64,{base64.b64encode(written.getvalue()).decode()}"
