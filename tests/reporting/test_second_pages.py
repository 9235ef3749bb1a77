"""The second page of the lists that people leaf through: each is reached from the first."""

import pytest
from sqlalchemy import select, update

from refurb.inventory.words.devices import DeviceKind
from refurb.kernel.deeds.access import Role
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.web.search import PER_PAGE
from refurb.referrals.models import Allocation, Referral
from refurb.referrals.words import ReferralState
from tests.support.story import evidence, families, gala

MANY = PER_PAGE + 1


def referred(state: ReferralState) -> list[int]:
    """More referrals than a page holds; their state is written at once, since each move of each is another test's subject."""
    for _ in range(MANY):
        families.draft()
    with unit_of_work():
        db.session.execute(update(Referral).values(state=state, submitted_at=now()))
    return list(db.session.scalars(select(Referral.id).order_by(Referral.id)))


def some_referrals() -> None:
    referred(ReferralState.WAITING)


def some_handovers() -> None:
    numbers, devices = referred(ReferralState.ALLOCATED), evidence.arrive(DeviceKind.MONITOR, MANY)
    with unit_of_work():
        for number, device in zip(numbers, devices, strict=True):
            db.session.add(
                Allocation(device_id=device.id, referral_id=number, rank=1, policy_version="2026-1", decided_at=now(), decided_by=1)
            )


def some_ceremonies() -> None:
    for number in range(MANY):
        gala.planned(title=f"Remise {number}")


@pytest.mark.parametrize(
    ("address", "fill"),
    [
        ("/orientations", some_referrals),
        ("/attente", some_referrals),
        ("/remises", some_handovers),
        ("/ceremonies", some_ceremonies),
    ],
)
def test_the_first_page_leads_to_the_second(app, signed_in, address, fill):
    with app.app_context():
        fill()
    client = signed_in(Role.COORDINATOR)

    first = client.get(address)

    assert "Page 1 sur 2" in first.text
    assert f"{address}?page=2" in first.text
    assert "Page 2 sur 2" in client.get(f"{address}?page=2").text
