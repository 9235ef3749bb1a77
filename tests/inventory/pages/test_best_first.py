"""The list of devices by category: the best first, page after page, as one sort of everything would give it."""

from sqlalchemy import case, insert, select

from refurb.inventory.models.devices import Device
from refurb.inventory.pages.queries import BEST_FIRST, DeviceFilter, devices
from refurb.inventory.targets.models import DeviceTarget
from refurb.inventory.targets.words import Category
from refurb.inventory.words.devices import DeviceKind, DeviceState
from refurb.kernel.deeds.database import db
from refurb.kernel.deeds.unit_of_work import unit_of_work
from refurb.kernel.speech.clock import now
from refurb.kernel.web.search import PER_PAGE
from tests.support.story import evidence, workshop


def weigh_some(made):
    """Of every ten, six in some category, one weighed without any, three not weighed."""
    drawn = [*Category, None]
    with unit_of_work() as session:
        session.execute(
            insert(DeviceTarget),
            [
                {
                    "device_id": each.id,
                    "policy": "test",
                    "computed_at": now(),
                    "weighed": {},
                    "category": drawn[place % 7],
                    "points": None if drawn[place % 7] is None else place * 7 % 11,
                }
                for place, each in enumerate(made)
                if place % 10 < 7
            ],
        )


def sorted_codes(*conditions):
    rank = case({each.value: place for place, each in enumerate(Category)}, value=DeviceTarget.category, else_=len(Category))
    query = select(Device.code).outerjoin(DeviceTarget, DeviceTarget.device_id == Device.id).where(*conditions)
    return list(db.session.scalars(query.order_by(rank, DeviceTarget.points.desc(), Device.id.desc())))


def shown(**asked):
    wanted = DeviceFilter(**asked)
    total = devices(wanted, 1, BEST_FIRST).total
    pages = [devices(wanted, number, BEST_FIRST) for number in range(1, -(-total // PER_PAGE) + 1)]
    codes = [row.code for page in pages for row in page.rows]
    assert len(codes) == total
    return codes


def test_the_best_first_page_after_page(context):
    made = evidence.arrive(DeviceKind.MONITOR, 120)
    weigh_some(made)
    workshop.fire(made[0], "accept")
    workshop.fire(made[60], "accept")
    assert shown() == sorted_codes()
    assert shown(category=Category.B) == sorted_codes(DeviceTarget.category == Category.B)
    assert shown(state=DeviceState.RECEIVED) == sorted_codes(Device.state == DeviceState.RECEIVED)
    in_b = (DeviceTarget.category == Category.B, Device.state == DeviceState.RECEIVED)
    assert shown(category=Category.B, state=DeviceState.RECEIVED) == sorted_codes(*in_b)
    found = devices(DeviceFilter(category=Category.B), 1)
    assert [row.code for row in found.rows] == sorted((row.code for row in found.rows), key=[each.code for each in reversed(made)].index)
    assert found.total == len(sorted_codes(DeviceTarget.category == Category.B))
