"""The workshop's keys in the demonstration, and what its technicians say of the machines that no tool measures."""

from functools import partial
from random import Random

from sqlalchemy import select

from refurb.accounts.actions import make_station, revoke_station
from refurb.accounts.models import Token
from refurb.demo.diary import Cast, Diary
from refurb.inventory.models.devices import Device
from refurb.inventory.targets.actions import note_firmware, tell_target
from refurb.inventory.targets.firmware import Firmware
from refurb.inventory.targets.processors import processor_of
from refurb.inventory.targets.words import Cosmetic
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db

SEED = 11_000
# Since when a business machine has a TPM of version 2.0 as a rule.
_FIRST_TPM_YEAR = 2016
_LOOKED_AT = frozenset({DeviceState.TESTING, DeviceState.READY, DeviceState.RESERVED})


def plan_worth(cast: Cast, diary: Diary) -> None:
    """Note in the diary the making of the keys, and the evening on which the shelf was looked through."""
    diary.note(58, "09:05", partial(_make_keys, cast))
    diary.note(20, "08:40", partial(_lose_a_key, cast))
    diary.note(1, "17:50", partial(_look_at, cast))


def _make_keys(cast: Cast) -> None:
    for name in ("Clé verte n° 1", "Clé verte n° 2", "Banc 3"):
        make_station(cast.actors["technician"], name=name, role=Role.STATION)  # Its secret is shown to nobody: it opens nothing here.


def _lose_a_key(cast: Cast) -> None:
    lost = db.session.scalars(select(Token).where(Token.name == "Clé verte n° 1")).one()
    revoke_station(cast.actors["technician"], lost)


def _look_at(cast: Cast) -> None:
    for number, device in enumerate(cast.devices.values()):
        if device.kind in {DeviceKind.LAPTOP, DeviceKind.DESKTOP} and device.cpu:
            _see(cast, device, Random(SEED + number))


def _see(cast: Cast, device: Device, draw: Random) -> None:
    year = processor_of(device.cpu).year or 0
    if year >= _FIRST_TPM_YEAR and draw.random() < 0.8:
        note_firmware(cast.actors["technician"], device, Firmware(uefi=True, secure_boot=True, tpm=2.0))
    if device.state in _LOOKED_AT:
        seen = draw.choice((Cosmetic.A, Cosmetic.B, Cosmetic.B, Cosmetic.C))
        tell_target(cast.actors["technician"], device, cpu_mark=None, cosmetic=seen)
