"""A stock of any size, written in bulk: what a territory would have after years, spread over every state."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from refurb.accounts.actions import make_token, open_account
from refurb.directory.actions import add_organisation
from refurb.directory.models import Code
from refurb.inventory.models.checks import CheckResult
from refurb.inventory.models.devices import Device
from refurb.inventory.models.donations import Donation, DonationLine
from refurb.inventory.models.evidence import Drive, DriveStay, Erasure, ErasureReport
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.inventory.words.donations import DonationState, LegalOrigin
from refurb.inventory.words.drives import Health, Medium
from refurb.inventory.words.erasures import ErasureStatus
from refurb.kernel.deeds.access import SERVICE, Role
from refurb.kernel.deeds.database import db, fold
from refurb.kernel.deeds.history import GENESIS, Event
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now, today
from refurb.kernel.speech.codes import new_code

EMAIL, PASSWORD = "bench@refurb.example", "une phrase de passe"
MODELS = [
    ("HP", "EliteBook 840 G5"),
    ("Dell", "Latitude 5490"),
    ("Lenovo", "ThinkPad T480s"),
    ("Fujitsu", "LIFEBOOK U747"),
    ("Acer", "TravelMate P2"),
]
# Inserted in these states; the gate lets a device in only where its drive is proven, so the proofs are written first.
STATES = [
    *[DeviceState.HANDED_OVER] * 12,
    *[DeviceState.READY] * 3,
    *[DeviceState.TO_REFURBISH] * 2,
    DeviceState.TO_ERASE,
    DeviceState.RECEIVED,
    DeviceState.TESTING,
]
BATCH = 5_000


def fill(count: int) -> tuple[str, list[str]]:
    """Write the territory and `count` devices; return the secret of a token, and 200 codes to scan."""
    drawn = random.Random(1)
    with unit_of_work():
        add_organisation(SERVICE, name="Territoire de mesure", place="Poitiers", is_home=True)
        donor = add_organisation(SERVICE, name="Donateur", is_donor=True)
        account = open_account(SERVICE, email=EMAIL, name="Mesure", role=Role.ADMIN, password=PASSWORD)
        donor_id = donor.id
        secret = make_token(SERVICE, account, "bench", Role.ADMIN)
    codes: list[str] = []
    for first in range(0, count, BATCH):
        codes += _batch(drawn, donor_id, first, min(BATCH, count - first))
    return secret, drawn.sample(codes, min(200, len(codes)))


def _batch(drawn: random.Random, donor_id: int, first: int, count: int) -> list[str]:
    rows: dict[Any, list[dict[str, Any]]] = {kind: [] for kind in (Code, Drive, Erasure, Device, DriveStay, CheckResult, Event)}
    codes = list({new_code() for _ in range(count)})
    moment = now() - timedelta(days=30)
    with unit_of_work() as session:
        session.execute(
            insert(Donation),
            [
                {
                    "id": first // BATCH + 1,
                    "reference": f"DN-2026-{first // BATCH + 1:04d}",
                    "donor_id": donor_id,
                    "legal_origin": LegalOrigin.COMPANY,
                    "state": DonationState.RECEIVED,
                    "announced_on": today(),
                    "received_on": today(),
                }
            ],
        )
        session.execute(
            insert(DonationLine), [{"donation_id": first // BATCH + 1, "kind": DeviceKind.LAPTOP, "announced": count, "received": count}]
        )
        session.execute(
            insert(ErasureReport),
            [
                {
                    "id": first // BATCH + 1,
                    "tool": "nwipe",
                    "file": f"{first:064d}",
                    "filename": "nwipe.log",
                    "size": 1,
                    "received_at": moment,
                }
            ],
        )
        for offset, code in enumerate(codes):
            _device(rows, drawn, code, first + offset + 1, first // BATCH + 1, moment)
        for kind in (Code, Drive, Erasure, Device, DriveStay, CheckResult, Event):
            session.execute(insert(kind), rows[kind])
    db.session.remove()
    return codes


def _device(rows: dict[Any, list[dict[str, Any]]], drawn: random.Random, code: str, number: int, donation: int, moment: Any) -> None:
    manufacturer, model = drawn.choice(MODELS)
    serial = f"SN{number:08d}"
    rows[Code].append({"code": code, "subject_kind": "device", "subject_id": number, "printed_at": moment})
    rows[Drive].append(
        {
            "id": number,
            "manufacturer": "Samsung",
            "model": "PM981",
            "serial": f"DR{number:08d}",
            "size_bytes": 256_060_514_304,
            "medium": Medium.NVME,
            "health": Health.GOOD,
        }
    )
    rows[Erasure].append(
        {
            "report_id": donation,
            "drive_id": number,
            "serial": f"DR{number:08d}",
            "method": "PRNG Stream",
            "level": "clear",
            "rounds": 1,
            "verification": "last",
            "started_at": moment,
            "ended_at": moment,
            "outcome": "success",
            "errors": 0,
            "status": ErasureStatus.ACCEPTED,
        }
    )
    rows[Device].append(
        {
            "id": number,
            "code": code,
            "donation_id": donation,
            "kind": DeviceKind.LAPTOP,
            "state": drawn.choice(STATES),
            "manufacturer": manufacturer,
            "model": model,
            "serial": serial,
            "cpu": "Intel Core i5-8350U",
            "ram_mb": 8192,
            "received_at": moment,
            "labelled_at": moment,
            "without_drive_since": moment,
            "moved_at": moment,
            "search": fold(code, manufacturer, model, serial),
        }
    )
    rows[DriveStay].append({"drive_id": number, "device_id": number, "since": moment})
    rows[CheckResult].extend(
        {"device_id": number, "question": key, "answer": "yes", "passed": True, "policy_version": "bench", "at": moment}
        for key in ("screen", "keyboard", "battery")
    )
    rows[Event].extend(
        {
            "subject_kind": "device",
            "subject_id": number,
            "position": position,
            "move": move,
            "at": moment,
            "actor_id": 1,
            "facts": {},
            "previous": GENESIS,
            "digest": GENESIS,
        }
        for position, move in enumerate(("created", "accept", "start_erasure", "finish_erasure"), start=1)
    )


def take_in(count: int) -> list[str]:
    """So many devices just received, without a fact or a drive, to upload reports for."""
    codes = [new_code() for _ in range(count)]
    with unit_of_work() as session:
        first = (session.scalar(select(func.max(Device.id))) or 0) + 1
        session.execute(insert(Code), [{"code": code, "subject_kind": "device", "subject_id": first + at} for at, code in enumerate(codes)])
        session.execute(
            insert(Device),
            [
                {
                    "id": first + at,
                    "code": code,
                    "donation_id": 1,
                    "kind": DeviceKind.LAPTOP,
                    "state": DeviceState.TO_ERASE,
                    "received_at": now(),
                    "moved_at": now(),
                    "search": fold(code),
                }
                for at, code in enumerate(codes)
            ],
        )
    return codes
